"""Prefectures, municipalities, and the areas that officers look after."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.enums import MunicipalityKind


class Prefecture(models.Model):
    """One of the 47. ``number`` is how business numbers begin: "01" to "47"."""

    code = models.CharField("コード", max_length=6, primary_key=True)
    number = models.CharField("番号", max_length=2, unique=True)
    name = models.CharField("名前", max_length=4, unique=True)
    kana = models.CharField("かな", max_length=10)

    class Meta:
        verbose_name = verbose_name_plural = "都道府県"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality, or a ward of a designated city. Figures count a ward's offices in its
    city: group by ``rolled_up``, which is the city for a ward and the row itself otherwise."""

    code = models.CharField("コード", max_length=6, primary_key=True)
    prefecture = models.ForeignKey(Prefecture, models.PROTECT, related_name="municipalities", verbose_name="都道府県")
    name = models.CharField("名前", max_length=20)
    kana = models.CharField("かな", max_length=40)
    kind = models.CharField("種別", max_length=12, choices=MunicipalityKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="wards", verbose_name="政令指定都市"
    )
    rolled_up = models.ForeignKey("self", models.PROTECT, related_name="rolled_from", verbose_name="集計する市区町村")

    class Meta:
        verbose_name = verbose_name_plural = "市区町村"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="municipality_code_six_digits"),
            models.CheckConstraint(
                condition=Q(kind="municipality", parent__isnull=True, rolled_up=F("code"))
                | (Q(kind__in=["ward", "former_ward"], parent__isnull=False) & Q(rolled_up=F("parent"))),
                name="municipality_wards_roll_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """What an officer looks after: one municipality, a union of them, a prefecture, or all."""

    code = models.SlugField("コード", max_length=30, unique=True)
    name = models.CharField("名前", max_length=60)
    municipalities = models.ManyToManyField(
        Municipality,
        related_name="areas",
        verbose_name="市区町村",
        limit_choices_to={"kind": MunicipalityKind.MUNICIPALITY},
    )
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="areas", blank=True, verbose_name="担当者")
    # Officers of the area who let a colleague start again that lost phone and keys; kept within ``officers``.
    administrators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="administered_areas", blank=True, verbose_name="管理者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "担当地域"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
