"""The components of the visual standard as tags. How to use each: templates/components/README.md.

Small ones are written here, larger ones are templates in ``templates/components``. Lists may hold
dicts, tuples as documented, or objects with attributes of the same names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib import charts, icons, words
from careplan_portal.lib.markup import escaped, markup, markup_each
from careplan_portal.lib.stylesheet import Stylesheet, joined
from careplan_portal.lib.tables import Table, table_markup, timeline_table
from careplan_portal.lib.unbroken import whole_dates

register = template.Library()
register.filter("whole_dates", whole_dates)

# what a licence or filing is, in a word: tone, icon, word; flags are drawn dashed
STATES: dict[str, tuple[str, str, str]] = {
    "none": ("none", "none", "未利用"),
    "active_free": ("free", "ok", "フリーパス利用中"),
    "active_paid": ("paid", "yen", "有償利用中"),
    "lapsed": ("alert", "lapsed", "期限切れ"),
    "stopped": ("none", "stop", "停止"),
    "provisional": ("wait", "clock", "仮受付"),
    "confirmed": ("free", "ok", "確定"),
    "withdrawn": ("none", "none", "取り下げ"),
    "expired": ("alert", "lapsed", "期限切れ"),
    "unlisted": ("alert", "warn", "台帳にない番号"),
}
FLAGS: dict[str, tuple[str, str, str]] = {
    "stopping": ("wait", "stop", "期間のおわりで停止"),
    "reserved": ("free", "ok", "次回フリーパス"),
    "reserved_paid": ("paid", "yen", "次回有償"),
}
# A receipt number has 14 characters; a paper's code has more and is written smaller, so that it stays in one line.
LONG_NUMBER = 14
TONE_ICONS = {"free": "ok", "paid": "info", "wait": "clock", "alert": "warn", "error": "error", "none": "none"}


def pick(item: Any, name: str, default: Any = "") -> Any:
    """A value of a dict or object, or the default when it has none."""
    if isinstance(item, dict):
        return item.get(name, default)
    return getattr(item, name, default)


# frame --------------------------------------------------------------------------------------


def static_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "css"


@lru_cache(maxsize=1)
def _stylesheet_once() -> Stylesheet:
    return joined(static_folder())


def portal_stylesheet() -> Stylesheet:
    """The joined stylesheet; parts are looked at again on each call in development only."""
    return joined(static_folder()) if settings.DEBUG else _stylesheet_once()


@register.simple_tag
def portal_css_url() -> str:
    return reverse("portal-css", args=[portal_stylesheet().digest])


@register.simple_tag(name="icon")
def icon_tag(name: str, size: int | None = None) -> SafeString:
    return icons.icon(name, size)


@register.simple_tag
def brand_mark() -> SafeString:
    return icons.brand()


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """{% crumbs "トップ" "/" "調べた結果" %}: label, address, …, and the label of this page."""
    *links, here = pairs
    steps_up = markup_each('<li><a href="{1}">{0}</a></li>', zip(links[::2], links[1::2], strict=True))
    return markup(
        '<nav class="crumb" aria-label="現在の場所"><ol>{}<li aria-current="page">{}</li></ol></nav>', steps_up, here
    )


@register.simple_tag
def back_link(url: str, label: str = "前の画面にもどる") -> SafeString:
    return markup('<a class="back" href="{}">{}{}</a>', url, icons.icon("back", 16), label)


@register.simple_tag
def steps(names: str, current: int, label: str = "申請の進みぐあい") -> SafeString:
    """Names in order, parted by "|", the current one counted from 1."""
    shown = "".join(_step(name, number, current) for number, name in enumerate(names.split("|"), 1))
    return markup('<ol class="steps" aria-label="{}">{}</ol>', label, mark_safe(shown))  # noqa: S308


def _step(name: str, number: int, current: int) -> str:
    where = ' aria-current="step"' if number == current else ""
    done = '<span class="hidden">（済み）</span>' if number < current else ""
    if done:
        where = " data-done"
    return f'<li{where}><span class="st-name">{escaped(name)}{done}</span></li>'


# states -------------------------------------------------------------------------------------


@register.simple_tag
def st(state: str, label: str = "", size: str = "") -> SafeString:
    """A licence's or filing's state, or a flag of it. Raises KeyError for an unknown one."""
    tone, icon_name, word = FLAGS[state] if state in FLAGS else STATES[state]
    return _mark(tone, label or word, icon_name, size, flag=state in FLAGS)


@register.simple_tag
def st_mark(tone: str, label: str, icon: str = "", size: str = "", flag: bool = False) -> SafeString:
    """Any other state: a tone (free, paid, wait, alert, error, none) and a word."""
    return _mark(tone, label, icon or TONE_ICONS[tone], size, flag=flag)


def _mark(tone: str, label: str, icon_name: str, size: str, *, flag: bool) -> SafeString:
    attrs = (" data-flag" if flag else "") + (f' data-size="{size}"' if size in ("sm", "lg") else "")
    return markup(
        '<span class="st" data-st="{}"{}>{}{}</span>',
        tone,
        mark_safe(attrs),  # noqa: S308 - constants above
        icons.icon(icon_name),
        label,
    )


# messages -----------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, tone: str, title: str = "", level: int = 2, icon: str = "") -> SafeString:
    """Something the reader has to know now: at most one before the main content."""
    head = markup("<h{0}>{1}</h{0}>", level, whole_dates(title)) if title else ""
    return markup(
        '<div class="notice" data-tone="{}">{}<div>{}{}</div></div>',
        tone, icons.icon(icon or TONE_ICONS[tone]), head, whole_dates(content),
    )  # fmt: skip


@register.simple_block_tag
def verdict(content: str, tone: str, say: str, title: str, icon: str = "") -> SafeString:
    """The answer of a check: a short yes or no, the heading of the page, and what follows."""
    return markup(
        '<section class="verdict" data-tone="{}" aria-labelledby="verdict"><p class="verdict-yes">{}{}</p>'
        '<h1 id="verdict">{}</h1>{}</section>',
        tone, icons.icon(icon or TONE_ICONS[tone]), whole_dates(say), whole_dates(title), content,
    )  # fmt: skip


@register.simple_tag
def facts(items: Iterable[Any]) -> SafeString:
    """From when, until when, how much: (label, value, note) each."""
    return markup('<dl class="facts">{}</dl>', mark_safe("".join(_fact(item) for item in items)))  # noqa: S308


def _fact(item: Any) -> str:
    label, value, note = (*item, "")[:3] if isinstance(item, (tuple, list)) else _told(item)
    small = f"<small>{whole_dates(note)}</small>" if note else ""
    return f'<div><dt>{escaped(label)}</dt><dd><span class="nobr">{escaped(value)}</span>{small}</dd></div>'


def _told(item: Any) -> tuple[Any, Any, Any]:
    return pick(item, "label"), pick(item, "value"), pick(item, "note")


@register.simple_block_tag
def panel(content: str, title: str, when: str = "", tone: str = "free", icon: str = "", level: int = 1) -> SafeString:
    """Done, with what to keep: the number goes inside with {% ref %}."""
    return markup(
        '<section class="panel" data-tone="{0}" aria-labelledby="panel"><div class="panel-done">{1}<div>'
        '<h{2} id="panel">{3}</h{2}>{4}</div></div>{5}</section>',
        tone, icons.icon(icon or TONE_ICONS[tone]), level, whole_dates(title),
        markup("<p>{}</p>", whole_dates(when)) if when else "", whole_dates(content),
    )  # fmt: skip


@register.inclusion_tag("components/ref.html")
def ref(label: str, number: str, aloud: bool = True) -> dict[str, Any]:
    """A number to read out, with how it is said on the telephone and a copy button."""
    long = len(number) > LONG_NUMBER
    return {"label": label, "number": number, "long": long, "aloud": words.reading_aloud(number) if aloud else ""}


@register.simple_block_tag
def whatif(content: str) -> SafeString:
    """What happens when the button below is pressed: before every stop or withdrawal."""
    return markup('<div class="whatif flow">{}</div>', whole_dates(content))


@register.simple_block_tag
def empty(content: str, title: str, level: int = 2) -> SafeString:
    """Nothing here yet: what is missing, what will make it appear, when."""
    return markup(
        '<div class="empty flow flow-12">{0}<h{1}>{2}</h{1}>{3}</div>',
        mark_safe(_EMPTY),  # noqa: S308 - constant
        level,
        whole_dates(title),
        whole_dates(content),
    )


_EMPTY = '<svg viewBox="0 0 120 56" width="120" height="56" aria-hidden="true" focusable="false"><path d="M46 28H76" stroke="#b3b3b3" stroke-width="3" stroke-dasharray="5 6"/><circle cx="24" cy="28" r="18" fill="none" stroke="#00316a" stroke-width="3"/><circle cx="96" cy="28" r="17" fill="none" stroke="#767676" stroke-width="3" stroke-dasharray="5 6"/></svg>'  # fmt: skip


# lists --------------------------------------------------------------------------------------


@register.simple_block_tag
def sumrow(content: str, label: str, change: str = "", small: str = "", verb: str = "直す") -> SafeString:
    """One row of a <dl class="sum">: label, value, and where to change it."""
    note = markup("<small>{}</small>", whole_dates(small)) if small else ""
    act = (
        markup('<dd class="sum-act"><a href="{}">{}<span class="hidden">（{}）</span></a></dd>', change, verb, label)
        if change
        else ""
    )
    return markup("<div><dt>{}</dt><dd>{}{}</dd>{}</div>", label, whole_dates(content), note, act)


@register.simple_tag
def events(items: Iterable[Any], today: datetime.date | None = None, dense: bool = False) -> SafeString:
    """What comes next: each with on, what, and optionally body, fee, tone, icon, aside.

    ``aside`` stands under the date; without it, how far the day is from ``today``.
    """
    listed = "".join(_event(item, today, dense=dense) for item in items)
    return mark_safe(f'<ol class="ev"{" data-dense" if dense else ""}>{listed}\n</ol>')  # noqa: S308 - escaped below


def _event(item: Any, today: datetime.date | None, *, dense: bool) -> str:
    tone = pick(item, "tone", "none") or "none"
    sign = pick(item, "icon") or {"paid": "yen"}.get(tone, TONE_ICONS[tone])
    fee, body = pick(item, "fee"), pick(item, "body")
    shown_fee = f'　<span class="ev-fee">{escaped(fee)}</span>' if fee else ""
    shown_body = f"<p>{whole_dates(body)}</p>" if body else ""
    return (
        f'\n<li data-tone="{tone}">{_when(item, today, dense=dense)}<span class="ev-dot">{icons.icon(sign)}</span>'
        f'<div class="ev-body"><p class="ev-what">{whole_dates(pick(item, "what"))}{shown_fee}</p>{shown_body}</div></li>'
    )


def _when(item: Any, today: datetime.date | None, *, dense: bool) -> str:
    on = pick(item, "on")
    if dense:
        return f'<div class="ev-when num">{on.isoformat()}（{words.weekday(on)[:1]}）</div>'
    aside = pick(item, "aside") or (words.until(on, today) if today else words.weekday(on))
    return (
        f'<div class="ev-when"><time datetime="{on.isoformat()}">{words.ja_day(on)}</time>'
        f"<small>{escaped(aside)}</small></div>"
    )


@register.simple_tag
def data_table(table: Table) -> SafeString:
    return table_markup(table)


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], unit: str = "件") -> dict[str, Any]:
    """Before, after, and where one is; keeps the other parameters of the address."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "unit": unit,
        "total": page.paginator.count,
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


# drawings -----------------------------------------------------------------------------------


@register.simple_tag
def timeline(drawing: charts.Timeline, title: str = "日付のならび", ident: str = "tl") -> SafeString:
    return _drawn(drawing.wide, "wide", "横", title, ident) + _drawn(drawing.tall, "tall", "縦", title, ident)


def _drawn(drawing: charts.Drawing, kind: str, way: str, title: str, ident: str) -> SafeString:
    shapes, name = mark_safe(drawing.markup), f"{ident}-{kind}"  # noqa: S308 - escaped there
    return markup(
        '<svg class="ch tl-{0}" viewBox="0 0 {1} {2}" role="img" aria-labelledby="{3}"><title id="{3}">{4}を{5}に並べた図。'
        "内容は下の表と同じです。</title>{6}</svg>",
        kind, str(drawing.width), str(drawing.height), name, title, way, shapes,
    )  # fmt: skip


@register.simple_tag(name="timeline_table")
def timeline_table_tag(drawing: charts.Timeline, caption: str = "図と同じ内容の表") -> SafeString:
    return table_markup(timeline_table(drawing.bars, caption))


@register.simple_tag(name="drawing")
def drawing_tag(drawing: charts.Drawing) -> SafeString:
    """The shapes of a drawing, inside its <svg>."""
    return mark_safe(drawing.markup)  # noqa: S308 - escaped there


@register.inclusion_tag("components/dots.html")
def dots(total: int, using: int, unit: str = "か所") -> dict[str, Any]:
    """One dot an office up to forty, then a bar; half is marked."""
    share = round(756 * using / total, 1) if total else 0
    return {"dots": charts.dots(total, using), "total": total, "using": using, "unit": unit,
            "half": -(-total // 2), "share": share}  # fmt: skip


@register.inclusion_tag("components/progress.html")
def window_progress(progress: charts.Progress) -> dict[str, Any]:
    return {"progress": progress}


# buttons that need a script: hidden until it runs --------------------------------------------


@register.simple_tag
def copy_button(text: str, label: str = "コピーする") -> SafeString:
    return markup(
        '<button type="button" class="btn" data-kind="line" data-size="sm" data-copy="{}" hidden>{}<span>{}</span></button>',
        text, icons.icon("copy"), label,
    )  # fmt: skip


@register.simple_tag
def print_button(label: str = "印刷する", size: str = "lg") -> SafeString:
    return markup(
        '<button type="button" class="btn" data-kind="line" data-size="{}" data-print hidden>{}</button>', size, label
    )


@register.filter
def message_tone(level: str) -> str:
    """The tone of a message of django.contrib.messages."""
    return {"success": "free", "warning": "wait", "error": "error"}.get(level, "paid")
