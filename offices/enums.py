"""Choices of the register, with the words people see."""

from django.db import models


class MunicipalityKind(models.TextChoices):
    MUNICIPALITY = "municipality", "市区町村"
    WARD = "ward", "政令指定都市の区"
    FORMER_WARD = "former_ward", "なくなった区"


class Scope(models.TextChoices):
    """Whether a service is inside the data standard (R11)."""

    YES = "yes", "対象"
    SHORT_STAY = "short_stay", "対象（短期利用のみ）"
    NO = "no", "対象外"


IN_SCOPE = (Scope.YES, Scope.SHORT_STAY)


class Side(models.TextChoices):
    CARE_MANAGER = "care_manager", "ケアマネジメント"
    PROVIDER = "provider", "サービス提供"


class ServiceSource(models.TextChoices):
    LISTED = "listed", "名簿"
    DECLARED = "declared", "事業所の申し出"


class MembershipRole(models.TextChoices):
    MANAGER = "manager", "管理者"
    STAFF = "staff", "職員"


class JoinedBy(models.TextChoices):
    """How a person was shown to belong to an office."""

    INVITATION = "invitation", "招待"
    LETTER = "letter", "手紙のコード"
    CALL_BACK = "call_back", "登録の電話に折り返し"
    OPERATOR = "operator", "運営の判断"


class CorrectableField(models.TextChoices):
    """Facts of an office that a person may correct; the correction outlives imports."""

    NAME = "name", "事業所名"
    KANA = "kana", "事業所名カナ"
    POSTAL_CODE = "postal_code", "郵便番号"
    ADDRESS = "address", "住所"
    BUILDING = "building", "方書（ビル名等）"
    MUNICIPALITY = "municipality", "市区町村コード"
    PHONE = "phone", "電話番号"
    FAX = "fax", "FAX番号"
    CORPORATION_NAME = "corporation_name", "法人の名称"


class ListedField(models.TextChoices):
    """Facts of an office that an import may change, as its event names them."""

    NAME = "name", "事業所名"
    KANA = "kana", "カナ"
    ADDRESS = "address", "住所"
    BUILDING = "building", "ビル名など"
    MUNICIPALITY = "municipality", "市区町村"
    PHONE = "phone", "電話番号"
    FAX = "fax", "FAX番号"
    URL = "url", "ウェブサイト"
    CORPORATION_NAME = "corporation_name", "法人の名称"
    SCOPE = "scope", "データ連携の対象"


class ServiceChange(models.TextChoices):
    """What an import does to a row of an office's services, as its event names it."""

    ADDED = "added", "加わる"
    RETURNED = "returned", "名簿に戻る"
    CHANGED = "changed", "内容が変わる"
    LEFT = "left", "名簿からなくなる"
    DATES = "dates", "載った日だけが変わる"


class VanishedState(models.TextChoices):
    PENDING = "pending", "まだ決めていない"
    STILL_OPEN = "still_open", "まだ開いている"
    CLOSED = "closed", "閉じた"
    RETURNED = "returned", "名簿に戻った"


class EventKind(models.TextChoices):
    DECLARED = "declared", "名簿にない事業所として登録"
    LISTED = "listed", "名簿に載った"
    UPDATED = "updated", "名簿の内容が変わった"
    VANISHED = "vanished", "名簿からなくなった"
    RETURNED = "returned", "名簿に戻った"
    KEPT_OPEN = "kept_open", "開いていると確認"
    CORRECTED = "corrected", "訂正"
    CORRECTION_WITHDRAWN = "correction_withdrawn", "訂正の取り下げ"
    CLOSED = "closed", "閉じたと確認"
    REOPENED = "reopened", "閉じた記録の取り消し"
    SUCCESSOR_LINKED = "successor_linked", "引きつぐ事業所を記録"
    MEMBER_INVITED = "member_invited", "メンバーを招待"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "招待の取り消し"
    MEMBER_ADDED = "member_added", "メンバーを追加"
    MEMBER_CHANGED = "member_changed", "メンバーを変更"
    MEMBER_REMOVED = "member_removed", "メンバーを外した"
    AREA_CHANGED = "area_changed", "担当地域を変更"
    OFFICER_ASSIGNED = "officer_assigned", "担当者を割り当て"
    OFFICER_REMOVED = "officer_removed", "担当者を外した"
    ADMINISTRATOR_APPOINTED = "admin_appointed", "管理者にした"
    ADMINISTRATOR_DISMISSED = "admin_dismissed", "管理者を外した"


class ImportSource(models.TextChoices):
    COMMAND = "command", "コマンド"
    SCREEN = "screen", "画面"


class ImportState(models.TextChoices):
    """How far an import from the screen is."""

    UPLOADED = "uploaded", "これから読みます"
    CHECKING = "checking", "読んでいます"
    CHECKED = "checked", "まだ取り込んでいません"
    WAITING = "waiting", "これから取り込みます"
    RUNNING = "running", "取り込んでいます"
    DONE = "done", "取り込みました"
    FAILED = "failed", "取り込めませんでした"
    DISCARDED = "discarded", "取り込みませんでした"


IMPORT_UNDER_WAY = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.WAITING, ImportState.RUNNING)
