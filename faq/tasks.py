"""Work outside requests."""

from celery import shared_task

from faq.services.links import links_check as check

TIMEOUT = 10
"""Seconds that a link may take."""


@shared_task(name="faq.tasks.links_check")
def links_check() -> int:
    """How many links lead nowhere. Safe to run twice: it looks again."""
    return len(check(timeout=TIMEOUT)[1])
