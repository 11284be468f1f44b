"""Figures as they were made each night, and what officers note beside them."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from adoption.enums import CallOutcome, CallWay, ReportKind, Split


class SnapshotRun(models.Model):
    """The figures of one day were made. `known_on`: what was recorded up to that day counts; the
    nightly run tells the day as known at its end, a rebuilding may tell it as known later."""

    day = models.DateField("対象の日", primary_key=True)
    known_on = models.DateField("いつまでの記録による")
    made_at = models.DateTimeField("作った日時", auto_now=True)
    by_service = models.BooleanField("サービス別まで残っている", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "数字を作った記録"
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(condition=Q(known_on__gte=F("day")), name="snapshot_known_from_the_day_on"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


class AreaDay(models.Model):
    """The figures of one area and cut at the end of a day. Areas: 000000 the nation, prefectures,
    municipalities (wards in their city). Cuts: all, cm, pr, or a service code. `started`, `stopped`
    and `lapsed` count from the first day of the month. One office counts once in each cut.

    Daily for `all` and the sides; by service for the newest days and the ends of months
    (services.snapshots_thin), because all can be made again from the ledger."""

    pk = models.CompositePrimaryKey("day", "cut", "area_code")
    day = models.DateField()
    cut = models.CharField(max_length=3)
    area_code = models.CharField(max_length=6)
    offices_in_scope = models.IntegerField("対象の事業所")
    offices_using = models.IntegerField("利用中の事業所")
    free = models.IntegerField("フリーパス")
    paid = models.IntegerField("有償")
    started = models.IntegerField("月のはじめから使い始めた事業所")
    stopped = models.IntegerField("月のはじめから停止した事業所")
    lapsed = models.IntegerField("月のはじめから期限が切れた事業所")
    pairs = models.BigIntegerField("居宅とサービスの組")
    pairs_using = models.BigIntegerField("両方が利用中の組")

    class Meta:
        verbose_name = verbose_name_plural = "地域の1日の数字"
        constraints = [
            models.CheckConstraint(
                condition=Q(offices_using=F("free") + F("paid"), offices_using__lte=F("offices_in_scope")),
                name="areaday_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.area_code} {self.cut}"


class PublishedSplit(models.Model):
    """A guarded split as it was published at the end of a month or week (rules.guard). `first` and
    `second` are free and paid, stopped and lapsed, or filed and not; both null where hidden; without a
    row both are 0. `total` is their sum, which everybody may know. `is_secret`: hidden for itself, and
    not because another one could be worked out from it."""

    pk = models.CompositePrimaryKey("split", "area_code", "cut", "day")
    split = models.CharField(max_length=7, choices=Split)
    area_code = models.CharField(max_length=6)
    cut = models.CharField(max_length=5)
    day = models.DateField()
    total = models.IntegerField(default=0)
    is_secret = models.BooleanField(default=False)
    first = models.IntegerField(null=True)
    second = models.IntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公表した内わけ"
        constraints = [
            models.CheckConstraint(
                condition=Q(first__isnull=True, second__isnull=True) | Q(first__gte=0, second__gte=0),
                name="split_shown_or_hidden_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.area_code} {self.cut} {self.split}"


class SplitRun(models.Model):
    """The splits of a month's end were published: once, and never differently later."""

    day = models.DateField(primary_key=True)
    known_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    cells = models.IntegerField()
    hidden = models.IntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "内わけを公表した記録"
        ordering = ["-day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class AreaPlace(models.Model):
    """Where a municipality's offices are in the middle: for neighbours and bubbles."""

    area_code = models.CharField(max_length=6, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        verbose_name = verbose_name_plural = "市区町村の位置"

    def __str__(self) -> str:
        return self.area_code


class AreaReach(models.Model):
    """How a municipality's offices of one side stand to the other side within reach, on the newest day
    (rules.reach.Around). Only use counts in it, which everybody may know."""

    pk = models.CompositePrimaryKey("area_code", "cut")
    area_code = models.CharField(max_length=6)
    cut = models.CharField("側", max_length=2)
    day = models.DateField()
    offices = models.IntegerField("相手が近くにいる事業所")
    reached = models.IntegerField("相手の半分が使っている事業所")
    pairs = models.BigIntegerField("事業所と近くの相手の組")
    pairs_using = models.BigIntegerField("相手が使っている組")
    around = models.IntegerField("どこかの事業所から近い相手")
    around_using = models.IntegerField("そのうち使っている相手")

    class Meta:
        verbose_name = verbose_name_plural = "近くの相手の利用"

    def __str__(self) -> str:
        return f"{self.area_code} {self.cut}"


class AreaShape(models.Model):
    """A municipality's outline as an SVG path in a plane of longitude and latitude, loaded by an
    operator (import_boundaries)."""

    area_code = models.CharField(max_length=6, primary_key=True)
    prefecture_code = models.CharField(max_length=6, db_index=True)
    path = models.TextField()
    left = models.FloatField()
    top = models.FloatField()
    right = models.FloatField()
    bottom = models.FloatField()
    source = models.CharField("出典", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "市区町村の境界"

    def __str__(self) -> str:
        return self.area_code


class AreaCall(models.Model):
    """An officer talked to an office about joining: who, when, how, what came of it. Only grows;
    holds no names of people at the office."""

    area = models.ForeignKey("offices.Area", models.PROTECT, related_name="calls", verbose_name="担当地域")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="calls", verbose_name="事業所")
    on = models.DateField("日")
    way = models.CharField("方法", max_length=7, choices=CallWay)
    outcome = models.CharField("結果", max_length=9, choices=CallOutcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="だれが")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200)
    recorded_at = models.DateTimeField("記録した日時", db_default=models.functions.Now())

    class Meta:
        verbose_name = verbose_name_plural = "声をかけた記録"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["area", "office", "-on"], name="areacall_of_office")]

    def __str__(self) -> str:
        return f"{self.on} {self.office}"

    @property
    def sorting(self) -> tuple[object, ...]:
        """Later notes are greater."""
        return self.on, self.pk


class AreaCallUndoing(models.Model):
    """An officer took a note back: it was a mistake. Both stay."""

    call = models.OneToOneField(AreaCall, models.PROTECT, related_name="undoing", verbose_name="取り消した記録")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="だれが")
    acting_as = models.CharField("だれとして", max_length=10)
    reason = models.CharField("理由", max_length=200)
    recorded_at = models.DateTimeField("記録した日時", db_default=models.functions.Now())

    class Meta:
        verbose_name = verbose_name_plural = "声をかけた記録の取り消し"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.call}の取り消し"


class AreaReport(models.Model):
    """A report about a place as it was made from the figures of a day. The file lies outside of what is
    served (`MEDIA_ROOT/reports`) and is handed out by a view that asks who may see it. Made once: what
    was handed out stays."""

    kind = models.CharField("種類", max_length=7, choices=ReportKind)
    area_code = models.CharField("地域", max_length=30)
    day = models.DateField("いつの数字か")
    made_at = models.DateTimeField("作った日時", auto_now_add=True)
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "普及状況の報告書"
        ordering = ["-day", "kind", "area_code"]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "kind", "day"], name="report_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.day} {self.get_kind_display()}"

    @property
    def file(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "reports" / f"{self.day}" / f"{self.area_code}_{self.kind}.pdf"


class ReportWish(models.Model):
    """An officer asked for the monthly report of an area by mail. Ended, not deleted."""

    area = models.ForeignKey("offices.Area", models.PROTECT, related_name="report_wishes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "報告書のメールの希望"
        constraints = [
            models.UniqueConstraint(fields=["area", "user"], condition=Q(ended_at=None), name="report_wish_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.user}"
