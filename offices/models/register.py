"""The register: what an office is, and each service that it is listed for."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse

from careplan_portal.lib.japan import business_number
from offices.enums import IN_SCOPE, Scope, ServiceSource, Side


class ServiceType(models.Model):
    """A kind of care service by its code of two characters, as in claims."""

    code = models.CharField("サービス種類コード", max_length=2, primary_key=True)
    name = models.CharField("名前", max_length=40)
    group = models.CharField("区分", max_length=12)
    in_scope = models.CharField("データ連携の対象", max_length=10, choices=Scope)
    side = models.CharField("立場", max_length=12, choices=Side, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "サービス種類"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class OpenDataService(models.Model):
    """A service as the ministry's open data divides it: three digits, one file each. The files
    carry no code, so ``names`` are the spellings that stand in them."""

    code = models.CharField("オープンデータのコード", max_length=3, primary_key=True)
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="open_data", verbose_name="サービス種類")
    names = ArrayField(models.CharField(max_length=60), verbose_name="名簿での名前")

    class Meta:
        verbose_name = verbose_name_plural = "オープンデータのサービス"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.names[0]


class Corporation(models.Model):
    """Owner of one or many offices, known by its corporate number. Offices listed with the name
    of their owner alone keep it as text: names are never joined."""

    corporate_number = models.CharField("法人番号", max_length=13, unique=True, null=True, blank=True)
    name = models.CharField("法人の名称", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "法人"
        constraints = [
            models.CheckConstraint(
                condition=Q(corporate_number__isnull=True) | Q(corporate_number__regex=r"^[0-9]{13}$"),
                name="corporation_number_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfficeQuerySet(models.QuerySet["Office"]):
    def open_on(self, on: date) -> "OfficeQuerySet":
        """Not confirmed as closed by ``on``: the day of closing itself is the first closed one."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def in_scope_on(self, on: date) -> "OfficeQuerySet":
        """Open, with at least one service inside the data standard (R11, "Figures")."""
        return self.open_on(on).filter(scope__in=IN_SCOPE)


class Office(models.Model):
    """What holds a licence, by its business number. Its own name, address and the rest are those
    of one of its services, chosen by the rule in docs/rules-import.md, with people's corrections
    on top; each service keeps what it is listed with."""

    business_number = models.CharField("事業所番号", max_length=10, unique=True)
    name = models.CharField("事業所名", max_length=100)
    kana = models.CharField("事業所名カナ", max_length=150, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=250, blank=True)
    building = models.CharField("方書（ビル名等）", max_length=150, blank=True)
    prefecture = models.ForeignKey(
        "offices.Prefecture",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="offices",
        verbose_name="都道府県",
    )
    municipality = models.ForeignKey(
        "offices.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="offices",
        verbose_name="市区町村",
    )
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    phone_digits = models.CharField(max_length=30, blank=True, editable=False)
    fax = models.CharField("FAX番号", max_length=30, blank=True)
    url = models.CharField("ウェブサイト", max_length=300, blank=True)
    corporation = models.ForeignKey(
        Corporation, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name="法人"
    )
    corporation_name = models.CharField("法人の名称", max_length=100, blank=True)
    scope = models.CharField("データ連携の対象", max_length=10, choices=Scope, blank=True)
    search_key = models.TextField(blank=True, editable=False)
    unlisted = models.BooleanField("名簿にない（申し出による）", default=False)
    listed_from = models.DateField("名簿に載った日", null=True, blank=True)
    listed_until = models.DateField("名簿に載っていた最後の日", null=True, blank=True)
    closed_on = models.DateField("閉じた日", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="引きつぐ事業所"
    )
    first_import = models.ForeignKey(
        "offices.ImportRun", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", editable=False
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事業所"
        indexes = [
            models.Index(fields=["phone_digits"], name="office_phone", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["municipality"], name="office_municipality"),
            models.Index(fields=["prefecture"], name="office_prefecture"),
            models.Index(fields=["closed_on"], name="office_closed", condition=Q(closed_on__isnull=False)),
            GinIndex(Func(F("search_key"), function="offices_bigrams"), name="office_bigrams"),
            models.Index(OpClass(Reverse("business_number"), name="text_pattern_ops"), name="office_number_tail"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(business_number__regex=business_number.PATTERN),
                name="office_business_number",
                violation_error_message="事業所番号は10けたです。",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(20, 46), longitude__range=(122, 154)),
                name="office_lies_in_japan",
                violation_error_message="緯度と経度は日本の中にしてください。",
            ),
            models.CheckConstraint(condition=Q(scope="") | Q(scope__in=Scope.values), name="office_scope_known"),
            models.CheckConstraint(
                condition=Q(unlisted=False) | Q(listed_from__isnull=True), name="office_unlisted_or_listed"
            ),
            models.CheckConstraint(
                condition=Q(listed_until__isnull=True) | Q(listed_until__gte=F("listed_from")),
                name="office_listed_in_order",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="office_succeeds_another",
                violation_error_message="事業所は自分自身を引きつげません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.business_number}）"

    @property
    def grouped_number(self) -> str:
        """2-1-2-4-1 with spaces."""
        return business_number.grouped(self.business_number)


class OfficeService(models.Model):
    """One row of the register: an office under one service, as listed. ``listing_no`` tells apart
    two different rows for the same office and service. ``as_of`` is the day of the file whose
    facts stand here; ``listed_until`` is empty while the newest file has it."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="services", db_index=False, verbose_name="事業所")
    service_key = models.CharField(max_length=60)
    listing_no = models.PositiveSmallIntegerField(default=1)
    source = models.CharField("出どころ", max_length=8, choices=ServiceSource, default=ServiceSource.LISTED)
    service_type = models.ForeignKey(
        ServiceType,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="サービス種類",
    )
    open_data_code = models.CharField("オープンデータのコード", max_length=3, blank=True)
    service_name = models.CharField("サービスの種類（名簿のまま）", max_length=100, blank=True)
    name = models.CharField("事業所名", max_length=100)
    kana = models.CharField("事業所名カナ", max_length=150, blank=True)
    address = models.CharField("住所（名簿のまま）", max_length=250, blank=True)
    full_address = models.CharField("住所（都道府県から）", max_length=250, blank=True)
    building = models.CharField("方書（ビル名等）", max_length=150, blank=True)
    municipality = models.ForeignKey(
        "offices.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="市区町村",
    )
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    phone_digits = models.CharField(max_length=30, blank=True, editable=False)
    fax = models.CharField("FAX番号", max_length=30, blank=True)
    corporate_number = models.CharField("法人番号", max_length=13, blank=True)
    corporation_name = models.CharField("法人の名称", max_length=100, blank=True)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    url = models.CharField("ウェブサイト", max_length=300, blank=True)
    weekdays = models.CharField("利用可能曜日", max_length=60, blank=True)
    weekdays_note = models.TextField("利用可能曜日特記事項", blank=True)
    extra = models.JSONField("ほかの列", null=True, blank=True)
    search_key = models.TextField(blank=True, editable=False)
    columns = models.PositiveSmallIntegerField("名簿の列の数", default=0, editable=False)
    as_of = models.DateField("いつ時点の内容か", null=True, blank=True)
    listed_from = models.DateField("名簿に載った日", null=True, blank=True)
    listed_until = models.DateField("名簿に載っていた最後の日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事業所のサービス"
        indexes = [
            models.Index(fields=["phone_digits"], name="service_phone", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["service_type"], name="service_type"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["office", "service_key", "listing_no"], name="service_listed_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(20, 46), longitude__range=(122, 154)),
                name="service_lies_in_japan",
            ),
            models.CheckConstraint(
                condition=Q(listed_until__isnull=True) | Q(listed_until__gte=F("listed_from")),
                name="service_listed_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
