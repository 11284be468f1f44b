from django.db import models


class Kind(models.TextChoices):
    """What stands at the other place."""

    SOFTWARE = "software", "ソフト"
    GUIDE = "guide", "手引き"
    VIDEO = "video", "動画"
    TOOL = "tool", "練習"
    LIST = "list", "ソフトと事業所の一覧"
    SITE = "site", "サイト"


class Place(models.TextChoices):
    """Pages of this portal that show an entry, besides the page of all of them."""

    RECEIPT = "receipt", "受付票「用意するもの」"
    SOFTWARE = "software", "よくある質問「介護ソフト」"


class LinkEventKind(models.TextChoices):
    ADDED = "added", "加えた"
    REWORDED = "reworded", "説明を変えた"
    ADDRESS = "address", "アドレスを記録した"
    CHECKED = "checked", "開くことを確かめた"
    WITHDRAWN = "withdrawn", "出さないことにした"
    RESTORED = "restored", "また出すことにした"
