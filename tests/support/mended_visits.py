"""A visit that was refused, to be mended: lines that stand for it, and what the station says."""

import json
from typing import Any

from tests.support.fieldwork_factories import V1, V2, County, county
from tests.support.sync_phone import Phone, World, entry, give

from cunjing.fieldwork.models import WorkRecord
from cunjing.sync.deciding import decide_line
from cunjing.sync.models import DecisionOutcome
from cunjing.sync.waiting import waiting_lines

APPLIED, ENTERED, DISMISSED, REPLACED = DecisionOutcome


def refused() -> World:
    """A phone whose first line, a visit to a village without a right there, was refused; the right
    has come since. The station could take the line as it is."""
    made: County = county()
    user = made.officer.user
    assert user is not None
    give(user, V1)
    phone = Phone(user)
    assert phone.enrol().status_code == 201
    here = World(made, user, phone)
    phone.save("visit_entry", entry(here, village_code=V2, calls=[]))
    assert phone.results() == ["rejected"]
    give(user, V2)
    return here


def id_of(phone: Phone, n: int) -> str:
    key: str = json.loads(phone.lines[n - 1])["id"]
    return key


def save_mended(here: World, *lines: str, phone: Phone | None = None, **changes: Any) -> str:
    """A visit that stands for these lines, as a line of the phone; the visit's id."""
    sent = phone or here.phone
    body = entry(here, **{"village_code": V2, "calls": [], "log": "改好的", **changes})
    sent.save("visit_entry", body | {"replaces": list(lines)}, schema=2)
    key: str = body["id"]
    return key


def last_answer(phone: Phone, *, n: int) -> Any:
    return phone.push(first=n).json()["results"][-1]


def decide(here: World, outcome: DecisionOutcome, *, n: int = 1, phone: Phone | None = None) -> Any:
    return decide_line(
        actor=here.county.as_station,
        device_id=(phone or here.phone).id,
        n=n,
        outcome=outcome,
        reason="已核对",
    )


def visits() -> set[str]:
    rows = WorkRecord.objects.filter(kind="village_visit")
    return {str(key) for key in rows.values_list("pk", flat=True)}


def waiting(here: World) -> list[int]:
    return [line.n for line in waiting_lines(actor=here.county.as_station)]
