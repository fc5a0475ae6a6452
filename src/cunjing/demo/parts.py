"""What happens on a visit: calls, items handed on, a warning, a session, a matter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

from cunjing.demo.seed import fixed_id
from cunjing.demo.texts import (
    DISPUTES,
    FINDINGS,
    HAZARDS,
    INFORMATION,
    PLACES,
    PUBLISHED,
    SESSIONS,
    WARNINGS,
)
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.matters.items import MatterItem
from cunjing.matters.models import MatterKind

_FINDING, _MATTER = 0.2, 0.12
_MINUTES_A_CALL = 11


def calls(visit: WorkItem, *, homes: Sequence[UUID], luck: Random) -> Iterator[WorkItem]:
    """One call at each household, one after the other."""
    for number, household_id in enumerate(homes):
        item = _part(visit, RecordKind.HOUSEHOLD_VISIT, number, details=_answers(luck))
        at = visit.occurred_at + timedelta(minutes=_MINUTES_A_CALL * (number + 1))
        yield replace(item, household_id=household_id, occurred_at=at)


def information(visit: WorkItem, *, count: int, luck: Random) -> Iterator[WorkItem]:
    """Items handed to the station."""
    for number in range(count):
        subkind = luck.choice(sorted(INFORMATION))
        details = {"place": luck.choice(PLACES), "text": INFORMATION[subkind]}
        yield replace(
            _part(visit, RecordKind.INFORMATION, number, details=details), subkind=subkind
        )


def warning(visit: WorkItem, *, luck: Random) -> WorkItem:
    """A safety warning published in the village."""
    title, text = luck.choice(WARNINGS)
    details = {"title": title, "text": text, "published": list(luck.choice(PUBLISHED))}
    return _part(visit, RecordKind.WARNING, 0, details=details)


def session(visit: WorkItem, *, luck: Random) -> WorkItem:
    """A session held in the village."""
    subkind = luck.choice(sorted(SESSIONS))
    audience = ["villagers"] + (["out_of_school_youths"] if subkind == "legal_education" else [])
    details = {
        "topic": SESSIONS[subkind],
        "audience": audience,
        "audience_count": luck.randint(8, 60),
    }
    return replace(_part(visit, RecordKind.SESSION, 0, details=details), subkind=subkind)


def matters(visit: WorkItem, *, luck: Random) -> Iterator[MatterItem]:
    """Now and then a hazard or a dispute that came up."""
    for kind, offered in ((MatterKind.HAZARD, HAZARDS), (MatterKind.DISPUTE, DISPUTES)):
        subkind, summary = luck.choice(offered)
        if luck.random() < _MATTER:
            yield MatterItem(
                id=fixed_id("matter", visit.id, kind, at=visit.occurred_at),
                kind=kind,
                subkind=subkind,
                village_code=visit.village_code,
                place=luck.choice(PLACES),
                summary=summary,
                opened_at=visit.occurred_at,
                staff_id=visit.staff_id,
                visit_id=visit.id,
            )


def _part(
    visit: WorkItem, kind: RecordKind, number: int, *, details: Mapping[str, object]
) -> WorkItem:
    return WorkItem(
        id=fixed_id(kind, visit.id, number, at=visit.occurred_at),
        kind=kind,
        village_code=visit.village_code,
        staff_id=visit.staff_id,
        occurred_at=visit.occurred_at,
        visit_id=visit.id,
        details=details,
    )


def _answers(luck: Random) -> dict[str, object]:
    """The six questions; most are asked without anything found."""
    answers: dict[str, object] = {}
    for question, findings in FINDINGS.items():
        chip, text = luck.choice(findings)
        found = luck.random() < _FINDING
        answers[question] = {"chips": [chip], "text": text} if found else {"chips": [], "text": ""}
    return answers
