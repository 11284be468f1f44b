"""Decisions of the helpdesk. Pure: no Django, `today` and `now` are always given."""
