"""The guard of a filing on paper that is entered after the day on which it arrived."""

from datetime import date

from campaigns.queries import arrival_problem
from careplan_portal.lib.words import ja_day
from licenses.queries import acted_since
from licenses.services import Refused


def guard_arrival(office_id: int, arrived_on: date, today: date) -> None:
    """Raises Refused where the day lies outside of what can be entered, or where an act on the licence after that day
    took away what the answer of that day was made from: an operator decides then."""
    problem = arrival_problem(arrived_on, today)
    if problem:
        raise Refused("arrival", problem)
    act = acted_since(office_id, arrived_on)
    if act is not None:
        raise Refused(
            "acted_since",
            f"届いた日のあと、{ja_day(act.recorded_on)}に、この事業所のライセンスに手続きがありました"
            f"（{act.get_kind_display()}）。届いた日の答えは、もう当てはまりません。紙を運営者に引きついでください。",
        )
