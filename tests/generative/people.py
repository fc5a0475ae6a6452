"""Villages, units and people for Hypothesis: few ids, so that they meet, on days that matter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from tests.generative.edges import Edges, Rows, interval, listed, unique, yes_no_null

from cunjing.policy.enums import Role, UnitKind

VILLAGES = ("532323100201", "532323100202", "532323101201", "532324100201")
UNITS = ("county", "west", "east", "arms", "bureau", "elsewhere")
STAFF = ("S1", "S2", "S3")


def _villages(draw: st.DrawFn, edges: Edges) -> Rows:
    rows = []
    for code in VILLAGES:
        start, end = None, None
        if draw(st.integers(0, 5)) == 0:
            start, end = interval(draw, edges.maybe_day, edges.maybe_day)
        township = draw(st.sampled_from([None, None, code[:9], "532323101"]))
        row = {"village_code": code, "name": code, "township_code": township}
        rows.append({**row, "valid_from": start, "valid_to": end})
        if end is not None and draw(st.booleans()):
            rows.append({**row, "township_code": "532324100", "valid_from": end, "valid_to": None})
    return unique(rows, "village_code", "valid_from")


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
        start, end = interval(draw, edges.maybe_day, edges.maybe_day)
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
            start, end = interval(draw, edges.maybe_day, edges.maybe_day)
        rows.append(
            {
                "staff_id": staff_id,
                "role": draw(st.sampled_from([Role.VILLAGE_AUXILIARY, Role.LIAISON_OFFICER])).value,
                "unit_code": draw(st.sampled_from([None, *UNITS])),
                "home_village_code": draw(st.sampled_from([None, *VILLAGES])),
                "party_member": draw(yes_no_null),
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
        start, end = interval(draw, edges.days | edges.long_ago, edges.maybe_day)
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


def absence(edges: Edges) -> Callable[[st.DrawFn, int], dict[str, Any]]:
    def row(draw: st.DrawFn, number: int) -> dict[str, Any]:
        start, end = interval(draw, edges.days, edges.days)
        staff_id = draw(st.sampled_from(STAFF))
        return {"staff_id": staff_id, "kind": f"k{number}", "date_from": start, "date_to": end}

    return row


def sync_rows(draw: st.DrawFn, edges: Edges) -> Rows:
    """Some staff members' last contact; who is missing never synced."""
    some = draw(st.lists(st.sampled_from(STAFF), unique=True))
    return [{"staff_id": staff_id, "last_sync_at": draw(edges.moments)} for staff_id in some]


def people(draw: st.DrawFn, edges: Edges) -> dict[str, Rows]:
    tables = {
        "villages": _villages(draw, edges),
        "units": _units(draw),
        "staff": _staff(draw, edges),
        "postings": _postings(draw, edges),
    }
    tables["events"] = []
    links = draw(listed(_village_unit(edges), 3))
    tables["village_units"] = unique(links, "village_code", "unit_code", "valid_from")
    return tables
