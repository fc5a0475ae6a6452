"""What the policies' matching entries do (A6, A7, A8, A9): points by rule, bans, no Python."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.solve import solve
from cunjing.planning.matching.weighed import Weighed, weigh
from cunjing.planning.matching.weighing import Ban
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.records import (
    AdjacencyRow,
    BanRow,
    CandidateRow,
    PinRow,
    PostingRow,
    StaffRow,
    UnitRow,
    VillageFeatureRow,
    VillageRow,
    WishRow,
)

DAY = date(2026, 9, 1)
HOME, NEAR, NEXT, FAR = "341302100200", "341302100201", "341302101200", "341302102200"
AUXILIARY, OFFICER = Role.VILLAGE_AUXILIARY, Role.LIAISON_OFFICER


def village(code: str, *, layer: str | None = None) -> VillageRow:
    return VillageRow(code, code, None, None, layer, None, None)


def staff(one: str, role: Role, *, home: str | None = None, unit: str | None = None) -> StaffRow:
    return StaffRow(one, role, unit, home, None, None, None, None)


def candidate(one: str, *, trade: str | None = None, capacity: int = 1) -> CandidateRow:
    return CandidateRow(one, trade, None, None, None, capacity, None, None, None)


def posting(one: str, code: str, role: Role, start: date, end: date | None = None) -> PostingRow:
    return PostingRow(f"{one}{code}{start}", code, one, role, start, end)


VILLAGES = tuple(village(code) for code in (HOME, NEAR, NEXT, FAR))
LOCAL = Inputs(
    villages=VILLAGES,
    staff=(staff("X", AUXILIARY, home=HOME),),
    candidates=(candidate("X"),),
    adjacency=(AdjacencyRow("341302101", "341302100"),),
)


def allowed(weighed: Weighed) -> set[str]:
    problem = weighed.problem
    return {problem.villages[place] for place in problem.pair_village.tolist()}


def test_a_suzhou_auxiliary_is_never_in_the_own_village_and_within_reach() -> None:
    weighed = weigh(LOCAL, load_policy("suzhou-2021"), role=AUXILIARY, day=DAY)
    assert allowed(weighed) == {NEAR, NEXT}
    bans = {code: weighed.reasons(staff="X", village=code)[1] for code in (HOME, NEAR, FAR)}
    assert bans == {HOME: Ban.OWN_VILLAGE, NEAR: None, FAR: Ban.FAR_TOWNSHIP}


def test_the_same_person_under_jilin_is_chosen_for_the_own_village() -> None:
    weighed = weigh(LOCAL, load_policy("jilin-2019"), role=AUXILIARY, day=DAY)
    assert allowed(weighed) == {HOME}
    holder = solve(weighed.problem).holder.tolist()
    assert holder == [0, -1, -1, -1]
    assert weighed.reasons(staff="X", village=NEAR)[1] is Ban.NOT_OWN_VILLAGE


@pytest.mark.parametrize("policy", ["suzhou-2021", "jilin-2019"])
def test_whose_home_is_not_known_is_nowhere_allowed(policy: str) -> None:
    unknown = replace(LOCAL, staff=(staff("X", AUXILIARY),))
    weighed = weigh(unknown, load_policy(policy), role=AUXILIARY, day=DAY)
    assert allowed(weighed) == set()
    assert weighed.reasons(staff="X", village=NEAR)[1] is Ban.HOME_UNKNOWN


def test_tenure_over_and_no_return() -> None:
    postings = (
        posting("X", NEAR, AUXILIARY, date(2024, 9, 1)),
        posting("X", NEXT, AUXILIARY, date(2023, 1, 1), date(2024, 9, 1)),
    )
    weighed = weigh(
        replace(LOCAL, postings=postings), load_policy("suzhou-2021"), role=AUXILIARY, day=DAY
    )
    assert allowed(weighed) == set()
    assert weighed.reasons(staff="X", village=NEAR)[1] is Ban.TENURE_OVER
    assert weighed.reasons(staff="X", village=NEXT)[1] is Ban.SERVED_BEFORE
    earlier = weigh(
        replace(LOCAL, postings=postings),
        load_policy("suzhou-2021"),
        role=AUXILIARY,
        day=date(2026, 8, 31),
    )
    assert allowed(earlier) == {NEAR}


def test_each_of_the_rules_of_suzhou_counts_what_the_policy_says() -> None:
    feature = VillageFeatureRow(HOME, True, True, 5, 0, 0, 900, None, None)
    people = {
        "traffic": ("traffic_on_roads", candidate("P", trade="traffic")),
        "criminal": ("criminal_in_high_case", candidate("P", trade="criminal")),
        "security": ("security_in_complex", candidate("P", trade="security")),
        "station": ("public_order_in_key", candidate("P", trade="station")),
        "cadre": ("seconded_keep_village", candidate("P", trade="cadre")),
        "native": ("native_place", replace(candidate("P"), native_village_code=NEAR)),
        "former": ("former_workplace", replace(candidate("P"), former_township_code=HOME[:9])),
    }
    policy = load_policy("suzhou-2021")
    entry = policy.matching_for(OFFICER)
    assert entry is not None
    for rule, one in people.values():
        inputs = Inputs(
            villages=(village(HOME, layer="key"), village(FAR)),
            staff=(staff("P", OFFICER),),
            candidates=(one,),
            features=(feature,),
            postings=(posting("P", HOME, OFFICER, date(2026, 1, 1)),),
        )
        weighed = weigh(inputs, policy, role=OFFICER, day=DAY)
        here = {
            reason.rule: reason.points for reason in weighed.reasons(staff="P", village=HOME)[0]
        }
        there = {
            reason.rule: reason.points for reason in weighed.reasons(staff="P", village=FAR)[0]
        }
        assert here == {"per_km": entry.unknown_km, rule: -getattr(entry, rule)}
        assert there == {"per_km": entry.unknown_km}


def test_wishes_count_less_the_later_they_come() -> None:
    inputs = Inputs(
        villages=VILLAGES,
        staff=(staff("P", OFFICER),),
        candidates=(candidate("P"),),
        wishes=(WishRow("P", NEAR, 1), WishRow("P", NEXT, 3), WishRow("P", FAR, 9)),
    )
    weighed = weigh(inputs, load_policy("suzhou-2021"), role=OFFICER, day=DAY)
    points = dict(zip(weighed.problem.villages, weighed.problem.pair_points.tolist(), strict=True))
    assert points == {HOME: 10, NEAR: 10 - 30, NEXT: 10 - 20, FAR: 10}


def test_experience_where_disputes_are_many() -> None:
    inputs = Inputs(
        villages=VILLAGES,
        staff=(staff("P", OFFICER), staff("Q", OFFICER)),
        candidates=(replace(candidate("P"), rank=2), replace(candidate("Q"), rank=3)),
        features=(VillageFeatureRow(HOME, None, None, None, 6, 4, None, None, None),),
    )
    weighed = weigh(inputs, load_policy("mouding-2020"), role=OFFICER, day=DAY)
    found = {
        one: {reason.rule: reason.points for reason in weighed.reasons(staff=one, village=HOME)[0]}
        for one in "PQ"
    }
    assert found["P"] == {"per_km": 10, "experience_in_disputed": -30}
    assert found["Q"] == found["P"] | {"leader_in_disputed": -20}


def test_kilometres_are_rounded_up_and_assumed_where_unknown() -> None:
    place = VillageFeatureRow(HOME, None, None, None, None, None, None, 115.0, 32.0)
    person = replace(candidate("P"), longitude=115.0, latitude=32.1)
    inputs = Inputs(
        villages=VILLAGES, staff=(staff("P", OFFICER),), candidates=(person,), features=(place,)
    )
    weighed = weigh(inputs, load_policy("bozhou-2014"), role=OFFICER, day=DAY)
    assert weighed.problem.pair_points.tolist() == [12, 10, 10, 10]
    assert weighed.notes == ("有3个村没有坐标，距离按政策的 unknown_km 算",)


def test_bans_other_counties_pins_and_who_is_no_candidate() -> None:
    inputs = Inputs(
        villages=(*VILLAGES, village("411526100200")),
        staff=(staff("P", OFFICER, unit="U"), staff("Q", AUXILIARY)),
        candidates=(candidate("P"), candidate("Q")),
        units=(UnitRow("U", "bureau_unit", None, "341302"),),
        bans=(BanRow("P", NEAR),),
        pins=(PinRow("P", HOME), PinRow("Q", FAR)),
    )
    weighed = weigh(inputs, load_policy("bozhou-2014"), role=OFFICER, day=DAY)
    assert allowed(weighed) == {HOME, NEXT, FAR}
    assert weighed.problem.staff == ("P",)
    assert weighed.problem.pins == ((0, 0),)
    assert weighed.reasons(staff="P", village=NEAR)[1] is Ban.BANNED
    assert weighed.reasons(staff="P", village="411526100200")[1] is Ban.OTHER_COUNTY
    assert any("pins 里有1行" in note for note in weighed.notes)


def test_a_policy_without_an_entry_for_the_role_says_which_it_has() -> None:
    with pytest.raises(RequestError, match="写了的：village_auxiliary"):
        weigh(LOCAL, load_policy("jilin-2019"), role=OFFICER, day=DAY)


def test_a_sixth_county_changes_the_weights_in_its_file_alone(tmp_path: Path) -> None:
    folder = tmp_path / "sixth"
    folder.mkdir()
    (folder / "policy.yaml").write_text(
        "id: sixth\ninherits: suzhou-2021\nvalid_from: 2026-01-01\n"
        "overrides:\n"
        "  parameters:\n    rotation-months: {default: 12}\n"
        "  matching:\n"
        "    officers: {own_wish: 70, slots: [1, 2]}\n"
        "    auxiliaries: {own_village: free, near_township: false}\n",
        encoding="utf-8",
    )
    policy = load_policy(str(folder))
    inputs = Inputs(
        villages=VILLAGES,
        staff=(staff("P", OFFICER), staff("X", AUXILIARY, home=HOME)),
        candidates=(candidate("P", capacity=3), candidate("X")),
        wishes=(WishRow("P", NEAR, 1),),
        postings=(posting("X", NEAR, AUXILIARY, date(2025, 9, 1)),),
    )
    officers = weigh(inputs, policy, role=OFFICER, day=DAY).problem
    assert officers.pair_points.tolist() == [10, 10 - 70, 10, 10]
    assert officers.slot_points.tolist() == [1, 2, 2]
    assert allowed(weigh(inputs, policy, role=AUXILIARY, day=DAY)) == {HOME, NEXT, FAR}


def test_how_long_somebody_may_stay_is_what_was_set_on_the_day(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "policy.yaml").write_text(
        "id: later\ninherits: suzhou-2021\nvalid_from: 2026-01-01\n"
        "overrides:\n  parameters:\n    rotation-months:\n      default:\n"
        "        - {value: 24, valid_to: 2026-10-01}\n"
        "        - {value: 12, valid_from: 2026-10-01}\n",
        encoding="utf-8",
    )
    policy = load_policy(str(folder))
    inputs = replace(LOCAL, postings=(posting("X", NEAR, AUXILIARY, date(2025, 9, 1)),))
    before, after = (
        allowed(weigh(inputs, policy, role=AUXILIARY, day=day))
        for day in (date(2026, 9, 30), date(2026, 10, 1))
    )
    assert before - after == {NEAR}
