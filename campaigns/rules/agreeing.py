"""What a person agreed to when they press a button on an office's page."""

from licenses.rules import Plan


def plan_fingerprint(plan: Plan) -> str:
    """The parts of a licence's standing that a stop, a withdrawal or a paid term is decided on: the
    current term and what happens at its end. An act whose standing has another fingerprint than the
    one shown is not done; the new standing is shown (DOMAIN, "The rules")."""
    term, change, reservation = plan.current, plan.next_change, plan.facts.reservation
    parts = (
        plan.status,
        term and f"{term.starts_on}/{term.ends_on}/{term.pricing}",
        change and f"{change.kind}/{change.on}/{change.opens.fee_yen if change.opens else 0}",
        "stop" if plan.is_stopping else "",
        reservation and f"{reservation.kind}/{reservation.renewal_on}",
    )
    return "|".join(str(part or "") for part in parts)
