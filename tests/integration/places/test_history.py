"""Whatever is edited in whatever order, the states of a village meet without gap or overlap."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.places_factories import (
    County,
    actor_with,
    found_county,
    found_policed_county,
    system,
)

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.places.actions import edits
from cunjing.places.actions.edits import Decision, NewVillage
from cunjing.places.history import VillageVersion, versions_of, village_on
from cunjing.places.models import Layer, VillageUnit

pytestmark = pytest.mark.django_db

START = date(2023, 6, 30)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "layer", "move", "merge", "split", "new", "abolish"]),
        st.integers(0, 5),
        st.integers(0, 900),
    ),
    max_size=12,
)


@dataclass
class World:
    """What a plain list of dated facts says: the model the database is compared with."""

    county: County
    states: dict[str, list[tuple[date, str, str, str]]] = field(default_factory=dict)
    ended: dict[str, date] = field(default_factory=dict)
    made: int = 0


def apply(world: World, *, kind: str, which: int, day: date) -> None:
    """One step through the actions; a refused step leaves the model as it is."""
    codes = sorted(world.states)
    code, other = codes[which % len(codes)], codes[(which + 1) % len(codes)]
    decision = Decision(effective_on=day, reason="批复")
    name, township, layer = world.states[code][-1][1:]
    try:
        if kind == "rename":
            edits.rename_village(
                actor=system(), village_code=code, name=f"{name}新", decision=decision
            )
            world.states[code].append((day, f"{name}新", township, layer))
        elif kind == "layer":
            turned = Layer.ORDINARY if layer == Layer.KEY else Layer.KEY
            edits.set_layer(actor=system(), village_code=code, layer=turned, decision=decision)
            world.states[code].append((day, name, township, turned.value))
        elif kind == "move":
            to = next(t for t in world.county.townships if t != township)
            edits.move_village(
                actor=system(), village_code=code, township_code=to, decision=decision
            )
            world.states[code].append((day, name, to, layer))
        elif kind == "merge":
            edits.merge_villages(
                actor=system(), predecessor_codes=[code], successor_code=other, decision=decision
            )
            world.ended[code] = day
        elif kind == "abolish":
            edits.abolish_village(actor=system(), village_code=code, decision=decision)
            world.ended[code] = day
        else:
            found(world, kind=kind, source=code, decision=decision)
    except Problem as problem:
        if problem.kind not in {ProblemKind.INVALID, ProblemKind.CONFLICT}:
            raise


def found(world: World, *, kind: str, source: str, decision: Decision) -> None:
    """A split or a foundation."""
    _, _, township, layer = world.states[source][-1]
    code = f"{township}{300 + world.made}"
    world.made += 1
    new = NewVillage(code=code, name="新设村委会")
    if kind == "split":
        edits.split_village(actor=system(), village_code=source, parts=[new], decision=decision)
    else:
        layer = Layer.ORDINARY.value
        edits.create_village(actor=system(), village=new, township_code=township, decision=decision)
    world.states[code] = [(decision.effective_on, new.name, township, layer)]


def expected(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Each village's states with their ends."""
    told: dict[str, list[tuple[object, ...]]] = {}
    for code, states in world.states.items():
        ends = [state[0] for state in states[1:]] + [world.ended.get(code)]
        told[code] = [(*state, end) for state, end in zip(states, ends, strict=True)]
    return told


def stored() -> dict[str, list[VillageVersion]]:
    """Each village's states in the database, oldest first."""
    rows: dict[str, list[VillageVersion]] = {}
    for version in versions_of(actor=system()):
        rows.setdefault(version.village_code, []).append(version)
    return rows


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_versions_tile_and_agree_with_what_was_decided(
    steps: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        county = found_policed_county(villages=1)
        world = World(county)
        for version in versions_of(actor=system()):
            world.states[version.village_code] = [
                (version.valid_from, version.name, version.township_code, version.layer)
            ]
        for kind, which, days in steps:
            apply(world, kind=kind, which=which, day=START + timedelta(days))
        versions = stored()
        told = {
            code: [(v.valid_from, v.name, v.township_code, v.layer, v.valid_to) for v in rows]
            for code, rows in versions.items()
        }
        assert told == expected(world)
        for code, rows in versions.items():
            assert all(a.valid_to == b.valid_from for a, b in pairwise(rows))
            for day in {START + timedelta(days) for _, _, days in steps} | {START}:
                holding = [v for v in rows if v.valid_from <= day < (v.valid_to or date.max)]
                assert village_on(code=code, day=day) == (holding[0] if holding else None)
        assert units_end_with_their_villages(world)
        transaction.set_rollback(True)


def units_end_with_their_villages(world: World) -> bool:
    """No unit answers for a village after its end."""
    return all(
        row.valid_to is not None and row.valid_to <= world.ended[row.village_id]
        for row in VillageUnit.objects.filter(village_id__in=world.ended)
    )


def test_versions_are_those_of_the_jurisdiction_in_two_queries() -> None:
    county = found_policed_county()
    found_county(code="990102", name="邻县")
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    versions_of(actor=bureau)
    with CaptureQueriesContext(connection) as queries:
        versions = versions_of(actor=bureau)
    assert [version.village_code for version in versions] == sorted(county.villages)
    assert {version.county_code for version in versions} == {county.code}
    assert len(queries) == 2


def test_without_the_right_to_export_there_is_nothing() -> None:
    county = found_policed_county()
    officer = actor_with(Role.OFFICER, village_code=county.villages[0])
    assert versions_of(actor=officer) == []
