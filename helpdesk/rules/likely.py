"""Which three questions a caller of this office will most likely ask: addresses of FAQ entries."""

from campaigns.rules import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    RENEWAL_OUTSIDE_WINDOW,
    WINDOW_CLOSED,
)
from helpdesk.rules.scene import Scene
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID, LAPSED, MANUAL, NONE, STOPPED

COUNT = 3

_PENDING = ("provisional-what", "code-letter", "apply-by-phone-paper")
_SET_ASIDE = ("helpdesk-contact", "unexpected-bill", "office-info-wrong")
_OFFER_A_STOP = ("stop-how", "stop-fee-zero")
_STOPPING = {
    ACTIVE_FREE: ("stop-fee-zero", "stop-withdraw", "after-stop-reuse"),
    ACTIVE_PAID: ("refund-paid-term", "stop-withdraw", "after-stop-reuse"),
}
_BY_STATE: dict[tuple[str, str], tuple[str, ...]] = {
    (NONE, APPLY_NOW): ("apply-what-to-have", "free-year-length", "auto-renewal-after-free"),
    (NONE, APPLY_LATER): ("apply-window", "spring-start-loss", "apply-what-to-have"),
    (NONE, WINDOW_CLOSED): ("apply-after-window", "paid-restart", "fee-yearly"),
    (LAPSED, APPLY_NOW): ("lapsed-apply", "free-year-length", "lapsed-what"),
    (LAPSED, APPLY_LATER): ("lapsed-apply", "apply-window", "paid-restart"),
    (LAPSED, WINDOW_CLOSED): ("paid-restart", "apply-after-window", "lapsed-what"),
    (LAPSED, ALREADY_USED): ("paid-restart", "once-only", "lapsed-what"),
    (STOPPED, APPLY_NOW): ("after-stop-reuse", "lapsed-apply", "free-year-length"),
    (STOPPED, APPLY_LATER): ("after-stop-reuse", "apply-window", "paid-restart"),
    (STOPPED, WINDOW_CLOSED): ("after-stop-reuse", "paid-restart", "apply-after-window"),
    (STOPPED, ALREADY_USED): ("after-stop-reuse", "paid-restart", "once-only"),
    (ACTIVE_PAID, APPLY_NOW): ("renewal-month-filing", "existing-renewal-start", "auto-renewal-after-free"),
    (ACTIVE_PAID, APPLY_LATER): ("existing-renewal-start", "renewal-month-filing", "april-may-start"),
    (ACTIVE_PAID, ALREADY_RESERVED): ("auto-renewal-after-free", "stop-fee-zero", "withdraw-reservation"),
    (ACTIVE_PAID, ALREADY_USED): ("billing-day", "stop-deadline", "refund-paid-term"),
    (ACTIVE_PAID, RENEWAL_OUTSIDE_WINDOW): ("renewal-outside-window", "renewed-before-campaign", "stop-deadline"),
    (ACTIVE_PAID, WINDOW_CLOSED): ("apply-after-window", "stop-deadline", "fee-future"),
    (ACTIVE_FREE, ALREADY_USED): ("auto-renewal-after-free", "stop-fee-zero", "stop-deadline"),
}


def likely(scene: Scene) -> tuple[str, ...]:
    """Three slugs, the likeliest first, fitting the state and what can be done in it."""
    if scene.plan is None or scene.assessment is None:
        return _SET_ASIDE
    if scene.prove_by is not None:
        return _PENDING
    status, outcome = scene.plan.status, scene.assessment.outcome
    if scene.plan.is_stopping and status in _STOPPING:
        return _STOPPING[status]
    found = _BY_STATE.get((status, outcome), ("fee-yearly", "stop-deadline", "helpdesk-contact"))
    if outcome == APPLY_NOW and scene.assessment.rule == "R6":
        return ("begun-term-free", *found[:2])
    if (
        status == ACTIVE_PAID
        and outcome not in (APPLY_NOW, ALREADY_RESERVED)
        and scene.plan.facts.renewal_mode == MANUAL
    ):
        return ("manual-renewal", *found[:2])
    return found


def asks_back(scene: Scene, slug: str) -> bool:
    """Whether what an entry has the helpdesk ask back still makes sense: nobody who has stopped is asked to stop."""
    return not (slug in _OFFER_A_STOP and scene.plan is not None and scene.plan.is_stopping)
