"""One stylesheet for all pages, joined from one file a component (docs/adr/0013).

The parts live in ``static/css``; each is put into its cascade layer here, so their order is written
down once. The result is kept in memory; its address carries a digest and never changes its content.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tokens", ("tokens.css",)),
    ("base", ("base.css",)),
    (
        "components",
        tuple(
            f"components/{name}.css"
            for name in """
                demo head way foot page state docs empty styleguide button field choice number status notice verdict
                panel aside summary table events timeline chart dots map card more filters faq desk office-table
                operator proof effect near ways prove code futures mail pages keys sign-in officers
            """.split()  # noqa: SIM905 - as a list it would take a screen
        ),
    ),
    ("util", ("util.css",)),
    ("print", ("print.css",)),
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Stylesheet:
    body: bytes
    gzipped: bytes
    digest: str


def joined(folder: Path) -> Stylesheet:
    """The stylesheet made of the parts in ``folder``; read anew when a part has changed.

    Raises FileNotFoundError when a part named in LAYERS is missing.
    """
    newest = max((folder / part).stat().st_mtime_ns for _layer, parts in LAYERS for part in parts)
    return _joined(folder, newest)


@functools.lru_cache(maxsize=2)
def _joined(folder: Path, newest: int) -> Stylesheet:
    names = ", ".join(layer for layer, _parts in LAYERS)
    blocks = [f"@layer {names};"]
    for layer, parts in LAYERS:
        text = "\n".join((folder / part).read_text(encoding="utf-8") for part in parts)
        blocks.append(f"@layer {layer} {{\n{_squeeze(text)}\n}}")
    body = ("\n".join(blocks) + "\n").encode()
    return Stylesheet(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
        digest=hashlib.sha256(body).hexdigest()[:12],
    )


def _squeeze(css: str) -> str:
    lines = (line.strip() for line in _COMMENT.sub("", css).splitlines())
    return "\n".join(line for line in lines if line)
