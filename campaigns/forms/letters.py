"""Printing a letter again, and noting that one came back."""

from django import forms

from campaigns.enums import ReturnedWhy


class AgainForm(forms.Form):
    reason = forms.CharField(label="刷り直すわけ", max_length=100)


class ReturnedForm(forms.Form):
    why = forms.ChoiceField(label="戻ってきたわけ", choices=ReturnedWhy)
