from django.db import models


class Audience(models.TextChoices):
    """For whom an entry is written. One that is for the helpdesk alone is not shown to visitors."""

    OFFICE = "office", "事業所の方"
    MUNICIPALITY = "municipality", "自治体の方"
    HELPDESK = "helpdesk", "ヘルプデスク"


class Status(models.TextChoices):
    """How far the programme has settled the question (R14)."""

    SETTLED = "settled", "決まっています"
    PARTLY = "partly", "一部だけ答えられます"
    UNDECIDED = "undecided", "未定です"


class State(models.TextChoices):
    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開中"
    WITHDRAWN = "withdrawn", "取り下げ"


class RevisionKind(models.TextChoices):
    LOADED = "loaded", "データファイルから読み込んだ"
    DRAFTED = "drafted", "下書きを直した"
    PUBLISHED = "published", "公開した"
    DISCARDED = "discarded", "下書きを捨てた"
    WITHDRAWN = "withdrawn", "取り下げた"
    REVIEWED = "reviewed", "内容を確かめた"
    WORDS = "words", "ことばを直した"


class FeedbackReason(models.TextChoices):
    ANOTHER_QUESTION = "another", "聞きたいことと違う"
    HARD_TO_READ = "hard", "ことばが難しい"
    NOT_ENOUGH = "not_enough", "くわしさが足りない"
    DID_NOT_WORK = "did_not_work", "書いてあるとおりにできない"
    OUTDATED = "outdated", "内容が古い、まちがっている"


class AskedBy(models.TextChoices):
    WEB = "web", "検索"
    TELEPHONE = "telephone", "電話"
    INQUIRY = "inquiry", "問い合わせ"


class Version(models.TextChoices):
    """The three ways in which an entry is told."""

    SCREEN = "screen", "画面"
    PHONE = "phone", "電話で伝える"
    PAPER = "paper", "紙で渡す"
