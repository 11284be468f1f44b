"""Municipalities of like size, by their offices in scope. Pure."""

from __future__ import annotations

SIZES = ((1, "size-1", "20事業所未満"), (20, "size-2", "20〜49事業所"), (50, "size-3", "50〜99事業所"),
         (100, "size-4", "100〜299事業所"), (300, "size-5", "300事業所以上"))  # fmt: skip
"""From so many offices in scope on: the code under which sums are kept, and what it is called."""


def size_of(offices: int) -> str:
    """The code of the size that so many offices in scope make; empty for none."""
    return next((code for least, code, _ in reversed(SIZES) if offices >= least), "")


def size_name(code: str) -> str:
    """What a size is called. Raises KeyError for an unknown one."""
    return {code: name for _, code, name in SIZES}[code]
