"""Terms of use and privacy notice: which version holds on which day.

A filing stores the version it agreed to (R16). A new version is a new entry here with its own template, which
extends the one before and replaces the blocks that changed; old ones stay readable at their address.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """A published text. ``version`` counts from 1; it holds from ``effective_on`` on.

    ``reviewed``: the operator has approved the text.
    """

    kind: str
    title: str
    version: int
    effective_on: datetime.date
    template: str
    reviewed: bool = False

    @property
    def label(self) -> str:
        return f"第{self.version}版"


SECOND = datetime.date(2026, 4, 1)

TERMS = (
    Policy("terms", "利用規約", 1, datetime.date(2025, 4, 14), "pages/terms_1.html"),
    Policy("terms", "利用規約", 2, SECOND, "pages/terms_2.html"),  # says R6's begun term
)
PRIVACY = (
    Policy("privacy", "個人情報の扱い", 1, datetime.date(2025, 4, 14), "pages/privacy_1.html"),
    Policy("privacy", "個人情報の扱い", 2, SECOND, "pages/privacy_2.html"),  # says what figures keep
)


def in_force(policies: tuple[Policy, ...], today: datetime.date) -> Policy:
    """The version that holds on a day; before the first one, the first (it was published ahead).

    ``policies`` in the order of their versions.
    """
    return next((policy for policy in reversed(policies) if policy.effective_on <= today), policies[0])


def terms(today: datetime.date) -> Policy:
    """The terms of use in force on a day."""
    return in_force(TERMS, today)


def privacy(today: datetime.date) -> Policy:
    """The privacy notice in force on a day."""
    return in_force(PRIVACY, today)
