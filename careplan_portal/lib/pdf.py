"""Papers: one function renders a template to PDF/UA-1 with WeasyPrint.

WeasyPrint is imported when the first paper is made (it takes a second), with the fonts of the system and
one font configuration for the process. Papers may use files of our own ``static`` folder only, as
``static:css/documents/base.css``; anything else is refused. What WeasyPrint has to say is kept, so a test
can insist on silence.
"""

from __future__ import annotations

import functools
import logging
import mimetypes
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

SCHEME = "static:"
_LOG = logging.getLogger("weasyprint")
_OUR_LOG = logging.getLogger("portal.pdf")
# PDF/UA wants words for every picture. WeasyPrint takes a drawing's from its <title> and is silent without one.
_UNNAMED = re.compile(r"<svg\b[^>]*>(?!\s*<title>)")
# WeasyPrint keeps state in the shared font configuration: one paper at a time in a process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Paper:
    """A rendered PDF, and what WeasyPrint complained about (nothing, in a sound template)."""

    pdf: bytes
    warnings: tuple[str, ...]
    pages: int


# How closely a paper may be set so that it keeps to one page (body[data-fit] in documents/base.css).
ROOMY, SNUG, TIGHT = "", "snug", "tight"
AS_IT_IS = (ROOMY,)


def render(template: str, context: Mapping[str, Any], *, title: str, fits: Sequence[str] = AS_IT_IS) -> bytes:
    """The template as PDF/UA-1 bytes. ``title`` is the document's title, in Japanese, unique to the paper.
    ``fits`` are tried in turn until all of it is on one page; the last one stands.

    The template extends ``documents/base.html``. Raises ValueError when it refers to a file that is not ours.
    """
    paper = render_noting(template, context, title=title, fits=fits)
    for warning in paper.warnings:
        _OUR_LOG.warning("%s: %s", template, warning)
    return paper.pdf


def render_noting(template: str, context: Mapping[str, Any], *, title: str, fits: Sequence[str] = AS_IT_IS) -> Paper:
    """As ``render``, with WeasyPrint's complaints."""
    for fit in fits:
        paper = from_html(html(template, context, title=title, fit=fit))
        if paper.pages == 1:
            break
    return paper


def html(template: str, context: Mapping[str, Any], *, title: str, fit: str = ROOMY) -> str:
    """What is handed to WeasyPrint."""
    return render_to_string(template, {**context, "document_title": title, "fit": fit})


def from_html(source: str) -> Paper:
    """A whole HTML document (with charset, lang and title) as PDF/UA-1."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    with _ONE_AT_A_TIME, _listening() as heard:
        try:
            read = weasyprint.HTML(string=source, base_url=SCHEME, url_fetcher=fetcher())
            laid_out = read.render(font_config=_fonts(), pdf_variant="pdf/ua-1")
            pdf: bytes = laid_out.write_pdf(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError as refused:  # a BaseException, which would end a worker
            raise ValueError(str(refused)) from refused
    heard += [f"a drawing without a title: {drawing[:80]}" for drawing in _UNNAMED.findall(source)]
    return Paper(pdf=pdf, warnings=tuple(heard), pages=len(laid_out.pages))


@functools.lru_cache(maxsize=1)
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.lru_cache(maxsize=1)
def fetcher() -> Any:
    """Hands WeasyPrint the files of our own that a paper may use."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        """Hands out files below the static folder; a paper that asks for more is a mistake of ours."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                path = own_file(url)
            except ValueError as error:
                raise FatalURLFetchingError(str(error)) from error
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnFiles()


def draws_png() -> bool:
    """Whether this machine has what ``as_png`` needs (poppler)."""
    return shutil.which("pdftoppm") is not None


def as_png(paper: bytes) -> bytes:
    """The first page of a PDF of our own in pixels, twice as fine as CSS pixels."""
    made = subprocess.run(
        [shutil.which("pdftoppm") or "pdftoppm", "-png", "-r", "192", "-singlefile", "-"],
        input=paper, capture_output=True, timeout=30, check=True,
    )  # fmt: skip
    return made.stdout


def qr_code(address: str, label: str) -> SafeString:
    """The address as an inline drawing; ``label`` is what a screen reader says of it. Values of our own only."""
    svg = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
    start, _, drawing = svg.partition(">")
    return mark_safe(f"{start}><title>{label}</title>{drawing}")  # noqa: S308 - drawn here from our own address


def own_file(url: str) -> Path:
    """The file behind ``static:…``. Raises ValueError for another scheme, a way out, or a missing file."""
    root = (Path(settings.BASE_DIR) / "static").resolve()
    path = (root / url.removeprefix(SCHEME).lstrip("/")).resolve()
    if not url.startswith(SCHEME) or not path.is_relative_to(root) or not path.is_file():
        raise ValueError(f"a paper may not use {url}")
    return path


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    ear, level, propagate = _Ear(), _LOG.level, _LOG.propagate
    _LOG.addHandler(ear)
    _LOG.setLevel(logging.WARNING)
    _LOG.propagate = False
    try:
        yield ear.heard
    finally:
        _LOG.removeHandler(ear)
        _LOG.setLevel(level)
        _LOG.propagate = propagate
