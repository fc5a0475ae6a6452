"""Worlds for Hypothesis: counties small enough to read, dense around every edge.

A world is one to three counties, side by side in one set of tables: what one does must not touch
the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.generative.edges import Edges, Rows, edges_of, listed, watermark
from tests.generative.people import STAFF, UNITS, VILLAGES, absence, people, sync_rows
from tests.support.facts_tables import Tables

from cunjing.policy.enums import EventKind, GroupKind, MatterKind, MemberPost
from cunjing.policy.periods import parse_period, start_of_day

HAMLETS = ("H1", "H2", "H3")
PERSONS = ("S1", "S2", "M1", "M2", "M3", "M4")
OFFICER_WORK = (
    *[(EventKind.VILLAGE_VISIT, None)] * 4,
    (EventKind.VILLAGE_VISIT, "night"),
    *[(EventKind.HOUSEHOLD_VISIT, None)] * 3,
    (EventKind.INFORMATION, None),
    (EventKind.SESSION, "legal_education"),
    (EventKind.SESSION, "fraud"),
    (EventKind.SESSION, None),
    (EventKind.REPORT, "annual_officer"),
)
PLACE_WORK = (
    (EventKind.SESSION, "dispute_sweep"),
    (EventKind.BULLETIN, "fraud"),
    (EventKind.BULLETIN, None),
    (EventKind.MEETING, "joint"),
    (EventKind.MEETING, "monthly"),
    (EventKind.SUMMARY, "quarter"),
    (EventKind.REPORT, "annual_company"),
    (EventKind.PATROL, None),
)
PERIODS = ("2026-02", "2026-03", "2024-02", "2026-09", "2026-Q1", "2026-H1", "2026")


@dataclass(frozen=True, slots=True)
class Case:
    """One evaluation: facts, period, watermark, and which rows to have explained."""

    tables: Tables
    period: str
    as_of: datetime
    asked: tuple[int, ...]


_CODES = {"village_code", "home_village_code", "township_code", "adjacent_code", "division_code"}
_IDS = {
    *("posting_id", "staff_id", "event_id", "unit_code", "group_id", "parent_id", "member_id"),
    *("person_id", "hamlet_id", "subject_id", "matter_id"),
}


def _moved(name: str, cell: Any, number: int) -> Any:
    """A cell of the county with this number: codes of a province, ids of its own."""
    if cell is None or number == 0:
        return cell
    if name in _CODES or (name == "subject_id" and cell in VILLAGES):
        return f"{53 + number}{cell[2:]}"
    return f"{cell}-{number}" if name in _IDS else cell


def _case(
    draw: st.DrawFn, text: str, county: Callable[[st.DrawFn, Edges], dict[str, Rows]]
) -> Case:
    """One to three counties, looked at from one watermark, with a sync table or without."""
    period = parse_period(text)
    as_of = watermark(draw, period)
    edges = edges_of(period, as_of)
    kept = draw(st.booleans())
    tables: dict[str, Rows] = {}
    for number in range(draw(st.integers(1, 3))):
        rows_of = county(draw, edges)
        if kept:
            rows_of["sync"] = sync_rows(draw, edges)
        for table, rows in rows_of.items():
            tables.setdefault(table, []).extend(
                {name: _moved(name, cell, number) for name, cell in row.items()} for row in rows
            )
    asked = draw(st.lists(st.integers(0, 300), min_size=1, max_size=2))
    return Case(tables, text, as_of, tuple(asked))


def _done_by(draw: st.DrawFn, posting: dict[str, Any]) -> dict[str, Any]:
    """What a posted person did; mostly where and while posted."""
    kind, subkind = draw(st.sampled_from(OFFICER_WORK))
    astray = draw(st.integers(0, 5)) == 0
    village = draw(st.sampled_from([None, *VILLAGES])) if astray else posting["village_code"]
    return {
        "kind": kind.value,
        "subkind": subkind,
        "village_code": village,
        "staff_id": posting["staff_id"],
    }


def _held_at(draw: st.DrawFn) -> dict[str, Any]:
    """What a village or unit held, whoever recorded it."""
    kind, subkind = draw(st.sampled_from(PLACE_WORK))
    return {
        "kind": kind.value,
        "subkind": subkind,
        "village_code": draw(st.sampled_from([None, None, *VILLAGES[:2]])),
        "unit_code": draw(st.sampled_from([None, *UNITS])),
        "staff_id": draw(st.sampled_from([*STAFF, None])),
    }


def _events(draw: st.DrawFn, edges: Edges, postings: Rows, text: str) -> Rows:
    about = st.sampled_from([None, None, None, text, *PERIODS, "2026-04", "2026-Q2", "2025"])
    rows = []
    for number in range(draw(st.integers(0, 16))):
        by_posting = postings and draw(st.integers(0, 2)) > 0
        row = _done_by(draw, draw(st.sampled_from(postings))) if by_posting else _held_at(draw)
        row |= {"event_id": f"E{number}", "local_date": draw(edges.days), "for_period": draw(about)}
        row |= {"object_id": draw(st.sampled_from([None, "h1", "h2", "h3", "h4"]))}
        row |= {"log_id": draw(st.sampled_from(["l1", "l2", None]))}
        odd = draw(st.integers(0, 7))
        if odd == 0:
            row |= {"void": draw(st.booleans()), "voided_at": draw(edges.maybe_moment)}
        if odd in (1, 2):
            row["occurred_at"] = draw(edges.maybe_moment)
            row["received_at"] = draw(edges.maybe_moment)
        rows.append(row)
    return rows


def _matters(draw: st.DrawFn, edges: Edges) -> Rows:
    """Matters opened, due and closed at any hour of days near the edges."""
    hours = st.sampled_from([0, 1, 59_999_999, 43_200_000_000, 86_399_999_999])
    within = st.builds(
        lambda day, shift: start_of_day(day) + timedelta(microseconds=shift), edges.days, hours
    )
    long_before = within.map(lambda moment: moment - timedelta(days=40))
    moments = edges.moments | within
    rows = []
    for number in range(draw(st.integers(0, 6))):
        opened_at = draw(moments | long_before)
        soon = st.sampled_from([0, 1, 9, 10, 11, 39, 40, 41]).map(
            lambda days, opened_at=opened_at: opened_at + timedelta(days=days)
        )
        rows.append(
            {
                "matter_id": f"T{number}",
                "kind": draw(st.sampled_from(MatterKind)).value,
                "subkind": draw(st.sampled_from([None, "neighbour", "family", "land"])),
                "village_code": draw(st.sampled_from(VILLAGES)),
                "opened_at": opened_at,
                "due_at": draw(st.none() | moments | soon),
                "closed_at": draw(st.none() | moments | soon),
            }
        )
    return rows


@st.composite
def work(draw: st.DrawFn) -> Case:
    """Villages, people, postings, everything they do, and matters."""
    text = draw(st.sampled_from(PERIODS))

    def county(draw: st.DrawFn, edges: Edges) -> dict[str, Rows]:
        tables = people(draw, edges)
        tables["events"] = _events(draw, edges, tables["postings"], text)
        tables["absences"] = draw(listed(absence(edges), 3))
        tables["matters"] = _matters(draw, edges)
        pairs = st.sampled_from(["532323100", "532323101", "532324100"])
        near = [{"township_code": draw(pairs), "adjacent_code": draw(pairs)}]
        tables["township_adjacency"] = near if draw(st.booleans()) else []
        return tables

    return _case(draw, text, county)


def _groups(draw: st.DrawFn) -> Rows:
    """A company with platoons, a squad and a branch, now and then put together wrongly."""
    plan = ((0, None), (1, 0), (1, 0), (2, 1), (3, None), (2, 2))
    rows: Rows = []
    for number in range(draw(st.integers(0, len(plan)))):
        kind, above = plan[number]
        if draw(st.integers(0, 7)) == 0:
            kind = draw(st.integers(0, 3))
            above = draw(st.sampled_from([None, *range(number)]))
        village = draw(st.sampled_from([VILLAGES[0], VILLAGES[0], VILLAGES[1], None]))
        rows.append(
            {
                "group_id": f"G{number}",
                "kind": list(GroupKind)[kind].value,
                "parent_id": None if above is None else f"G{above}",
                "village_code": village if above is None or draw(st.booleans()) else None,
            }
        )
    return rows


_FITTING = {
    "company": ("commander", "instructor"),
    "platoon": ("platoon_leader",),
    "squad": ("squad_leader", "member"),
    "branch": ("secretary", "deputy_secretary", "committee_member"),
}
_MONTHS = ("1975-08", "1975-09", "1976-01", "1976-02", "1990-01", "2008-02", "2008-03", "2008-04")


def _members(draw: st.DrawFn, groups: Rows) -> Rows:
    posts = [None, *(post.value for post in MemberPost)]
    rows = []
    for number in range(draw(st.integers(0, 14)) if groups else 0):
        group = draw(st.sampled_from(groups))
        fitting = draw(st.integers(0, 4)) > 0
        post = draw(st.sampled_from(_FITTING[group["kind"]] if fitting else posts))
        rows.append(
            {
                "member_id": f"m{number}",
                "group_id": group["group_id"],
                "person_id": draw(st.sampled_from(PERSONS)),
                "post": post,
                "birth_month": draw(st.sampled_from(["1990-01", "1990-02", None, *_MONTHS])),
                "hamlet_id": draw(st.sampled_from([*HAMLETS, None, "elsewhere"])),
            }
        )
    return rows


def _militia(draw: st.DrawFn, edges: Edges) -> dict[str, Rows]:
    tables = people(draw, edges)
    tables["groups"] = _groups(draw)
    tables["members"] = _members(draw, tables["groups"])
    tables["hamlets"] = [
        {"hamlet_id": hamlet, "village_code": draw(st.sampled_from(VILLAGES[:2]))}
        for hamlet in HAMLETS[: draw(st.integers(0, len(HAMLETS)))]
    ]
    return tables


@st.composite
def militia(draw: st.DrawFn) -> Case:
    """Companies, branches, their members and the hamlets they come from."""
    return _case(draw, draw(st.sampled_from(["2026-02", "2026-Q1"])), _militia)


def _paid(draw: st.DrawFn, edges: Edges) -> dict[str, Rows]:
    tables = people(draw, edges)
    grades = st.sampled_from([None, "excellent", "competent", "incompetent"])
    text = st.sampled_from(["2026", "2026", "2025"])
    tables["marks"] = [
        {"subject_id": staff_id, "period": draw(text), "item": "grade", "value": grade}
        for staff_id in STAFF
        if (grade := draw(grades)) is not None
    ]
    fen = st.sampled_from([None, 0, 1, 200, 300, 399, 400])
    items = [(staff_id, item) for staff_id in STAFF for item in ("allowance", "paid", "fund")]
    items += [(code, "head_allowance") for code in VILLAGES]
    tables["money"] = [
        {"subject_id": subject, "period": draw(text), "item": item, "fen": amount}
        for subject, item in items
        if (amount := draw(fen)) is not None
    ]
    return tables


@st.composite
def year(draw: st.DrawFn) -> Case:
    """What people judged and what was paid."""
    return _case(draw, "2026", _paid)
