"""The terms and filings on an office's page, as HTML: loops of many small texts, which a template writes in three times
the time."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from campaigns.queries import receipt_path
from campaigns.rules import GRANTED, PROVISIONAL, RESERVED
from careplan_portal.lib.addresses import address
from careplan_portal.lib.markup import escaped, markup
from careplan_portal.lib.templatetags.portal_parts import st, st_mark
from helpdesk.queries.screen import ApplicationLine, Screen, TermLine

HEAD = (
    '<table class="tbl" data-dense><caption class="hidden">ライセンスの期間。新しい順</caption><thead><tr>'
    '<th scope="col">期間</th><th scope="col">区分</th><th scope="col" class="r">円</th></tr></thead><tbody>'
)
NO_TERMS = '<p class="note">ライセンスの期間は、まだありません。</p>'


def terms_markup(screen: Screen) -> SafeString:
    """The table of terms, the newest first, and under it the filings and how the licence renews."""
    rows = "".join(_term(line) for line in screen.terms)
    table = f"{HEAD}{rows}</tbody></table>" if rows else NO_TERMS
    filed = "".join(_application(line) for line in screen.applications)
    mode = screen.renewal_mode
    renews = f"<div><dt>更新のしかた</dt><dd>{escaped(mode)}</dd></div>" if mode else ""
    rest = f'<dl class="sum mt-12" data-dense>{filed}{renews}</dl>' if filed or renews else ""
    return mark_safe(f"{table}\n{rest}")  # noqa: S308 - escaped below


def _term(line: TermLine) -> str:
    state = f"<small>　{escaped(line.state)}</small>" if line.state else ""
    return (
        f'<tr{" data-me" if line.current else ""}><td><span class="num">{line.starts_on} –</span> <span class="num">{line.ends_on}</span></td>'
        f'<td>{escaped(line.kind)}{state}</td><td class="r">{line.yen:,}</td></tr>'
    )


def _application(line: ApplicationLine) -> str:
    filing = line.application
    who = markup(
        '{} {}　<span class="whole">{}</span>　<span class="num">{}</span>',
        filing.filed_on, filing.get_channel_display(), filing.applicant_name, filing.applicant_phone,
    )  # fmt: skip
    return (
        f'<div><dt>受付番号</dt><dd><span class="num">{escaped(filing.receipt_number)}</span>　{_state(line)}<br>{who}'
        f'<br><a href="{escaped(receipt_path(filing))}receipt.pdf">受付票を刷る（PDF）</a>{_until(line)}</dd></div>'
    )


def _state(line: ApplicationLine) -> str:
    if line.state == PROVISIONAL:
        return st("provisional", size="sm")
    if line.state in (RESERVED, GRANTED):
        return st("confirmed", size="sm", label=line.label)
    return st_mark("none", line.label, size="sm")


def _until(line: ApplicationLine) -> str:
    if not line.withdraw_until:
        return ""
    if line.state != PROVISIONAL:
        return f"<br>取り下げは {line.withdraw_until} までできる"
    filing = line.application
    then = (
        f'確認が済むと <span class="num">{filing.starts_on} –</span> <span class="num">{filing.ends_on}</span> 無料<br>'
        if filing.effect
        else ""
    )
    prove = address("helpdesk:prove", filing.receipt_number)
    return (
        f'<br>{then}<span class="nobr">確認は {line.withdraw_until} まで</span>　'
        f'<a href="{escaped(prove)}"><span class="nobr">電話で確認</span></a><br>{_letter(line)}'
    )


def _letter(line: ApplicationLine) -> str:
    letter = line.letter
    if letter is None:
        return "手紙は、まだ刷っていない"
    if line.letter_is_back:
        return f"手紙は {letter.returned_on} に戻った（{escaped(letter.get_returned_why_display())}）"
    return f"手紙は {letter.made_on} に刷った"
