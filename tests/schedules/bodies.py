"""What the phones of the schedules record: bodies of mutations, each with a text of its own."""

from typing import Any
from uuid import UUID

from tests.support.fieldwork_factories import AWAY, at

from cunjing.base.ids import new_id
from cunjing.fieldwork.details import QUESTIONS

Body = dict[str, Any]
FAR_AWAY = AWAY
ARRIVED = at(10)
LOG = "巡村一圈，查看路口护栏。"


def text_of(number: int, *, owner: int) -> str:
    """A text that is found again wherever it goes (`wire.TOKEN`)."""
    return f"巡村，字{number}号{owner}"


def visit(*, village: str, staff: UUID, text: str, **changes: Any) -> Body:
    """A morning in a village, as a body of `work_record`."""
    return {
        "id": str(new_id()), "kind": "village_visit", "village_code": village,
        "staff_id": str(staff), "occurred_at": at(10).isoformat(),
        "details": {"left_at": at(10, 12).isoformat(), "log": text}, **changes,
    }  # fmt: skip


def entry(*, village: str, staff: UUID, text: str, household: UUID | None) -> Body:
    """A visit with a hazard and, where there is a household, a call."""
    return {
        "id": str(new_id()), "village_code": village, "staff_id": str(staff),
        "arrived_at": at(10).isoformat(), "left_at": at(10, 12).isoformat(), "log": text,
        "calls": [call(household)] if household else [],
        "information": [], "matters": [hazard()],
    }  # fmt: skip


def call(household: UUID) -> Body:
    """A household call, nothing found."""
    answers: Body = {question: {} for question in QUESTIONS}
    return {"id": str(new_id()), "household_id": str(household), "answers": answers}


def hazard() -> Body:
    """A broken lamp, as part of a visit."""
    return {
        "id": str(new_id()), "kind": "hazard", "subkind": "lamp", "place": "桥头",
        "summary": "路灯不亮",
    }  # fmt: skip


def matter(*, village: str, staff: UUID) -> Body:
    """A broken lamp by itself."""
    return {
        **hazard(), "village_code": village, "staff_id": str(staff),
        "opened_at": at(10, 10).isoformat(),
    }  # fmt: skip


def ids_of(type_name: str, body: Body) -> tuple[set[str], set[str]]:
    """The records and the matters that a line makes where it is accepted."""
    if type_name == "visit_entry":
        works = {body["id"], *(part["id"] for part in body["calls"])}
        return works, {part["id"] for part in body["matters"]}
    if type_name == "matter":
        return set(), {body["id"]}
    if type_name == "correction":
        return {body["record"]["id"]}, set()
    return ({body["id"]}, set()) if type_name == "work_record" else (set(), set())
