"""Worlds for Hypothesis: whole facts folders small enough to read, dense around every edge.

Ids come from short closed lists, so that postings overlap, households repeat and absences pile up;
dates and times come from the edges of the period and of the watermark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.support.facts_tables import Tables

from cunjing.policy.enums import EventKind, GroupKind, MemberPost, Role, UnitKind
from cunjing.policy.periods import Period, parse_period, start_of_day

VILLAGES = ("532323100201", "532323100202", "532323101201", "532324100201")
UNITS = ("county", "west", "east", "arms", "bureau", "elsewhere")
STAFF = ("S1", "S2", "S3")
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
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One evaluation: facts, period, watermark, and which rows to have explained."""

    tables: Tables
    period: str
    as_of: datetime
    asked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edges:
    """Where things happen: the dates and times near which a verdict can turn."""

    days: st.SearchStrategy[date]
    long_ago: st.SearchStrategy[date]
    maybe_day: st.SearchStrategy[date | None]
    moments: st.SearchStrategy[datetime]
    maybe_moment: st.SearchStrategy[datetime | None]


def _edges(period: Period, as_of: datetime) -> Edges:
    first, after = period.start, period.end
    offsets = (-40, -32, -31, -30, -1, 0, 1, 6, 7, 9, 10, 14, 15, 19, 20, 27)
    near = [first + timedelta(days=days) for days in offsets]
    near += [after + timedelta(days=days) for days in (-8, -7, -2, -1, 0, 1, 29, 30, 31, 32)]
    within = st.integers(0, period.days - 1).map(lambda days: first + timedelta(days=days))
    days = st.sampled_from(near) | within
    hinges = [start_of_day(first), start_of_day(after), start_of_day(as_of.date()), as_of]
    shifts = [timedelta(), timedelta(microseconds=1), timedelta(hours=5), timedelta(days=2)]
    moments = st.sampled_from(
        [hinge + sign * shift for hinge in hinges for shift in shifts for sign in (1, -1)]
    )
    past = (32, 200, 337, 364, 365, 366, 396)
    long_ago = st.sampled_from([first - timedelta(days=days) for days in past])
    return Edges(days, long_ago, st.none() | days, moments, st.none() | moments)


def _listed(
    maker: Callable[[st.DrawFn, int], dict[str, Any]], most: int
) -> st.SearchStrategy[Rows]:
    """Up to `most` rows; the maker is given the number of the row for its id."""

    @st.composite
    def rows(draw: st.DrawFn) -> Rows:
        return [maker(draw, number) for number in range(draw(st.integers(0, most)))]

    return rows()


def _unique(rows: Rows, *key: str) -> Rows:
    """The rows with distinct keys."""
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _interval(draw: st.DrawFn, start: st.SearchStrategy[Any], end: st.SearchStrategy[Any]) -> Any:
    """A half-open interval, possibly open, possibly empty, never backwards."""
    first, last = draw(start), draw(end)
    if first is not None and last is not None and last < first:
        return last, first
    return first, last


_yes_no_null = st.sampled_from([None, False, True])


def _villages(draw: st.DrawFn, edges: Edges) -> Rows:
    rows = []
    for code in VILLAGES:
        start, end = None, None
        if draw(st.integers(0, 5)) == 0:
            start, end = _interval(draw, edges.maybe_day, edges.maybe_day)
        township = draw(st.sampled_from([None, None, code[:9], "532323101"]))
        row = {"village_code": code, "name": code, "township_code": township}
        rows.append({**row, "valid_from": start, "valid_to": end})
        if end is not None and draw(st.booleans()):
            rows.append({**row, "township_code": "532324100", "valid_from": end, "valid_to": None})
    return _unique(rows, "village_code", "valid_from")


def _units(draw: st.DrawFn) -> Rows:
    kinds = (
        UnitKind.COUNTY,
        UnitKind.STATION,
        UnitKind.STATION,
        UnitKind.ARMED_FORCES,
        UnitKind.BUREAU_UNIT,
        UnitKind.STATION,
    )
    divisions = ("532323", "532323100", "532323101", "532323100", None, "532324")
    narrow = draw(st.booleans())
    return [
        {
            "unit_code": code,
            "kind": kind.value,
            "division_code": "53" if narrow and i == 0 else part,
        }
        for i, (code, kind, part) in enumerate(zip(UNITS, kinds, divisions, strict=True))
    ]


def _village_unit(edges: Edges) -> Callable[[st.DrawFn, int], dict[str, Any]]:
    def row(draw: st.DrawFn, _number: int) -> dict[str, Any]:
        start, end = _interval(draw, edges.maybe_day, edges.maybe_day)
        village_code = draw(st.sampled_from(VILLAGES))
        unit_code = draw(st.sampled_from([*UNITS, "unlisted"]))
        return {
            "village_code": village_code,
            "unit_code": unit_code,
            "valid_from": start,
            "valid_to": end,
        }

    return row


def _staff(draw: st.DrawFn, edges: Edges) -> Rows:
    rows = []
    for staff_id in STAFF:
        start, end = None, None
        if draw(st.integers(0, 3)) == 0:
            start, end = _interval(draw, edges.maybe_day, edges.maybe_day)
        rows.append(
            {
                "staff_id": staff_id,
                "role": draw(st.sampled_from([Role.VILLAGE_AUXILIARY, Role.LIAISON_OFFICER])).value,
                "unit_code": draw(st.sampled_from([None, *UNITS])),
                "home_village_code": draw(st.sampled_from([None, *VILLAGES])),
                "party_member": draw(_yes_no_null),
                "on_duty_from": start,
                "on_duty_to": end,
                "trained_on": draw(edges.maybe_day),
            }
        )
    return rows


_roles = st.sampled_from([*[Role.LIAISON_OFFICER] * 4, *list(Role)[:2], *list(Role)[3:5]])


def _posting(draw: st.DrawFn, edges: Edges) -> dict[str, Any]:
    """Mostly one that holds through the period, else one that begins or ends at an edge."""
    row = {
        "village_code": draw(st.sampled_from(VILLAGES[:3])),
        "staff_id": draw(st.sampled_from(STAFF)),
    }
    row["role"] = draw(_roles).value
    start, end = draw(edges.long_ago), None
    if draw(st.booleans()):
        start, end = _interval(draw, edges.days | edges.long_ago, edges.maybe_day)
    if draw(st.integers(0, 7)) == 0:
        end = start + timedelta(days=1)
    return {**row, "valid_from": start, "valid_to": end}


def _postings(draw: st.DrawFn, edges: Edges) -> Rows:
    """Single ones, and chains: the next posting of a chain starts where the last ended."""
    rows: Rows = []
    for number in range(draw(st.integers(0, 5))):
        last = rows[-1] if rows else None
        row = _posting(draw, edges)
        if last is not None and last["valid_to"] is not None and draw(st.booleans()):
            start, end = last["valid_to"], row["valid_to"]
            if draw(st.integers(0, 3)) > 0:
                row = dict(last)
            row |= {"valid_from": start, "valid_to": None if end is None else max(start, end)}
        rows.append({**row, "posting_id": f"P{number}"})
    return rows


def _absence(edges: Edges) -> Callable[[st.DrawFn, int], dict[str, Any]]:
    def row(draw: st.DrawFn, number: int) -> dict[str, Any]:
        start, end = _interval(draw, edges.days, edges.days)
        staff_id = draw(st.sampled_from(STAFF))
        return {"staff_id": staff_id, "kind": f"k{number}", "date_from": start, "date_to": end}

    return row


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


def _sync(draw: st.DrawFn, edges: Edges) -> Rows | None:
    """No table, or one in which some staff members are missing."""
    if draw(st.booleans()):
        return None
    some = draw(st.lists(st.sampled_from(STAFF), unique=True))
    return [{"staff_id": staff_id, "last_sync_at": draw(edges.moments)} for staff_id in some]


def _watermark(draw: st.DrawFn, period: Period) -> datetime:
    """From before the period to after every grace, at and beside midnight."""
    after = (0, 0, 1, 5, 31, 31, 400)
    days = (-3, 1, 14, period.days - 1, *(period.days + days for days in after))
    day = period.start + timedelta(days=draw(st.sampled_from(days)))
    shift = draw(st.sampled_from([0, 0, -1, 1, 36_000_000_000]))
    return start_of_day(day) + timedelta(microseconds=shift)


def _base(draw: st.DrawFn, edges: Edges) -> dict[str, Rows]:
    tables = {
        "villages": _villages(draw, edges),
        "units": _units(draw),
        "staff": _staff(draw, edges),
        "postings": _postings(draw, edges),
        "events": [],
    }
    links = draw(_listed(_village_unit(edges), 3))
    tables["village_units"] = _unique(links, "village_code", "unit_code", "valid_from")
    return tables


def _asked(draw: st.DrawFn) -> tuple[int, ...]:
    return tuple(draw(st.lists(st.integers(0, 60), min_size=1, max_size=2)))


@st.composite
def work(draw: st.DrawFn) -> Case:
    """Villages, people, postings and everything they do."""
    text = draw(st.sampled_from(PERIODS))
    period = parse_period(text)
    as_of = _watermark(draw, period)
    edges = _edges(period, as_of)
    tables = _base(draw, edges)
    tables["events"] = _events(draw, edges, tables["postings"], text)
    tables["absences"] = draw(_listed(_absence(edges), 3))
    pairs = st.sampled_from(["532323100", "532323101", "532324100"])
    near = [{"township_code": draw(pairs), "adjacent_code": draw(pairs)}]
    tables["township_adjacency"] = near if draw(st.booleans()) else []
    sync = _sync(draw, edges)
    if sync is not None:
        tables["sync"] = sync
    return Case(tables, text, as_of, _asked(draw))


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


@st.composite
def militia(draw: st.DrawFn) -> Case:
    """Companies, branches, their members and the hamlets they come from."""
    text = draw(st.sampled_from(["2026-02", "2026-Q1"]))
    period = parse_period(text)
    as_of = _watermark(draw, period)
    tables = _base(draw, _edges(period, as_of))
    tables["groups"] = _groups(draw)
    tables["members"] = _members(draw, tables["groups"])
    hamlets = draw(st.integers(0, len(HAMLETS)))
    tables["hamlets"] = [
        {"hamlet_id": HAMLETS[number], "village_code": draw(st.sampled_from(VILLAGES[:2]))}
        for number in range(hamlets)
    ]
    return Case(tables, text, as_of, _asked(draw))


@st.composite
def year(draw: st.DrawFn) -> Case:
    """What people judged and what was paid."""
    period = parse_period("2026")
    as_of = _watermark(draw, period)
    tables = _base(draw, _edges(period, as_of))
    grades = st.sampled_from([None, "excellent", "competent", "incompetent"])
    text = st.sampled_from(["2026", "2026", "2025"])
    tables["marks"] = [
        {"subject_id": staff_id, "period": draw(text), "item": "grade", "value": grade}
        for staff_id in STAFF
        if (grade := draw(grades)) is not None
    ]
    fen = st.sampled_from([None, 0, 1, 200, 300, 399, 400])
    items = [(staff_id, item) for staff_id in STAFF for item in ("allowance", "paid")]
    items += [(code, "head_allowance") for code in VILLAGES]
    tables["money"] = [
        {"subject_id": subject, "period": draw(text), "item": item, "fen": amount}
        for subject, item in items
        if (amount := draw(fen)) is not None
    ]
    return Case(tables, "2026", as_of, _asked(draw))
