"""Twelve nights missed around 29 February, and a clock that was set back: the same ledger as night by night."""

from collections.abc import Callable
from datetime import date, timedelta

from drills import _night as tools

LICENCES = 6_000
FIRST = date(2028, 2, 22)
NIGHTS = 13
LAST = FIRST + timedelta(days=NIGHTS - 1)
# One licence whose reservation is for another day than its renewal date, from its first night on.
SPOIL = """
UPDATE licenses_licensereservation SET renewal_on = renewal_on + 1 WHERE id = (
  SELECT min(id) FROM licenses_licensereservation WHERE state = 'open' AND renewal_on = %s) RETURNING id
"""
REPAIR = "UPDATE licenses_licensereservation SET renewal_on = renewal_on - 1 WHERE id = %s"


def run(say: Callable[[str], None]) -> str:
    due = tools.seed(LICENCES, first=FIRST, nights=NIGHTS)
    with tools.copy("nightly") as name:
        runs = [tools.night(name, FIRST + timedelta(days=number)) for number in range(NIGHTS)]
        wanted, dated = tools.ledger(name, days=False), tools.ledger(name)
        say(f"night by night from {FIRST} to {LAST}: {[answer['due'] for answer in runs]} due; {tools.told(wanted)}")
        say(tools.verify(name))
        with tools.copy("back", of=name) as back:
            for day in (FIRST + timedelta(days=3), FIRST, LAST - timedelta(days=1)):
                assert tools.night(back, day)["due"] == 0
            tools.agree(back, dated)
            say("the clock set back by 9, by 12 and by 1 days afterwards: nothing was due, the ledger is the same")
    with tools.copy("missed") as name:
        answer = tools.night(name, LAST)
        assert answer["due"] == due
        tools.agree(name, wanted, days=False)
        say(f"twelve nights missed: the thirteenth did {answer['due']:,} and proved itself; the ledger is the same")
    with tools.copy("set_back") as name:
        done = [tools.night(name, FIRST + timedelta(days=offset))["due"] for offset in (4, 1, 9, 2, 9, 12)]
        tools.agree(name, wanted, days=False)
        say(f"a clock that jumps (days 4, 1, 9, 2, 9, 12): {done} due; the ledger is the same")
    _spoilt(say, wanted)
    return "twelve nights missed and a clock set back end in the ledger of thirteen nights in order"


def _spoilt(say: Callable[[str], None], wanted: dict[str, tuple[int, str]]) -> None:
    with tools.copy("spoilt") as name:
        [[spoilt]] = tools.ask(name, SPOIL, [FIRST])
        asides = [tools.night(name, FIRST + timedelta(days=offset))["set_aside"] for offset in (0, 5, 2, 12)]
        assert asides == [1, 1, 1, 1], asides
        tools.ask(name, REPAIR, [spoilt])
        last = tools.night(name, LAST)
        assert (last["due"], last["set_aside"]) == (1, 0)
        found = tools.ledger(name, days=False)
        assert found.pop("set aside")[0] == 1
        assert found == {part: rows for part, rows in wanted.items() if part != "set aside"}
        say(
            "a bad record was set aside four times over and cost only itself; repaired, the next run did it: the same ledger"
        )
