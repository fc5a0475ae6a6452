"""One candidate against all villages: points by rule, and who may not go where (A6 to A8).

Everything a county may want otherwise stands in the policy's `matching` entry. Points are costs: a
rule that speaks for a pair counts below zero.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from cunjing.planning.matching.inputs import Inputs
from cunjing.planning.matching.problem import Flags, Ints
from cunjing.planning.tenures import Tenure, complete_months, tenures_of
from cunjing.policy.enums import Layer, Role, Trade
from cunjing.policy.matching import Matching, OwnVillage
from cunjing.policy.records import CandidateRow, StaffRow, VillageFeatureRow, VillageRow

EXPERIENCED, LEADER = 2, 3
"""Ranks of `candidates.rank`."""

_EARTH_KM = 6371.0088

Degrees = npt.NDArray[np.float64]


class Ban(StrEnum):
    """Why somebody may not serve a village, the first that holds."""

    BANNED = "被列入不派名单"
    OTHER_COUNTY = "不是本县的村"
    HOME_UNKNOWN = "没有登记本人是哪个村的，无法确认"
    OWN_VILLAGE = "是本人的村"
    NOT_OWN_VILLAGE = "不是本人的村"
    FAR_TOWNSHIP = "不在本乡镇和相邻乡镇"
    TENURE_OVER = "任期已满，应当交流"
    SERVED_BEFORE = "以前驻过，不回原村"


_BANS = tuple(Ban)


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate: `points` by rule, each by village; `ban`: 0 where allowed, else one more than
    the place of the reason in `Ban`."""

    points: dict[str, Ints]
    ban: npt.NDArray[np.int8]

    @property
    def total(self) -> Ints:
        """Points by village."""
        total: Ints = np.sum(list(self.points.values()), axis=0, dtype=np.int64)
        return total

    def reason(self, village: int) -> Ban | None:
        """Why this village is out of the question; None where it is not."""
        code = int(self.ban[village])
        return _BANS[code - 1] if code else None


@dataclass(frozen=True, slots=True)
class Village:
    """What a village is like: codes and features."""

    code: str
    township: str
    layer: str | None
    feature: VillageFeatureRow | None


@dataclass(slots=True)
class Ground:
    """The villages of one day, everything about them ready to be weighed."""

    villages: tuple[Village, ...]
    neighbours: dict[str, set[str]]
    tenures: dict[str, list[Tenure]]
    wishes: dict[str, dict[str, int]]
    bans: dict[str, set[str]]
    counties: dict[str, str]
    index: dict[str, int] = field(init=False)
    longitude: Degrees = field(init=False)
    latitude: Degrees = field(init=False)
    townships: npt.NDArray[np.str_] = field(init=False)
    codes: npt.NDArray[np.str_] = field(init=False)

    def __post_init__(self) -> None:
        self.index = {village.code: place for place, village in enumerate(self.villages)}
        places = [(v.feature.longitude, v.feature.latitude) if v.feature else (None, None)
                  for v in self.villages]  # fmt: skip
        degrees = np.array(places, dtype=np.float64).reshape(-1, 2)
        self.longitude, self.latitude = degrees[:, 0], degrees[:, 1]
        self.townships = np.array([village.township for village in self.villages], dtype=np.str_)
        self.codes = np.array([village.code for village in self.villages], dtype=np.str_)

    def flags(self, test: "Iterable[bool]") -> Flags:
        """Something true or not of each village."""
        return np.fromiter(test, dtype=np.bool_, count=len(self.villages))


def make_ground(inputs: Inputs, *, role: Role, day: date) -> Ground:
    """The villages that exist on a day, with what is known about them and about those who wish."""
    features = {row.village_code: row for row in inputs.features}
    valid = {row.village_code: row for row in inputs.villages if _exists(row, day)}
    villages = tuple(
        Village(code, row.township_code or code[:9], row.layer, features.get(code))
        for code, row in sorted(valid.items())
    )
    neighbours: dict[str, set[str]] = defaultdict(set)
    for row in inputs.adjacency:
        neighbours[row.township_code].add(row.adjacent_code)
        neighbours[row.adjacent_code].add(row.township_code)
    tenures: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in tenures_of(inputs.postings, role=role):
        tenures[tenure.staff].append(tenure)
    wishes: dict[str, dict[str, int]] = defaultdict(dict)
    for wish in inputs.wishes:
        wishes[wish.staff_id][wish.village_code] = wish.rank
    bans: dict[str, set[str]] = defaultdict(set)
    for ban in inputs.bans:
        bans[ban.staff_id].add(ban.village_code)
    units = {row.unit_code: row.division_code or "" for row in inputs.units}
    counties = {
        row.staff_id: code[:6]
        for row in inputs.staff
        if len(code := units.get(row.unit_code or "", "")) >= len("532323")
    }
    return Ground(villages, neighbours, tenures, wishes, bans, counties)


class Scales:
    """A policy's entry laid on a ground: weighs one candidate after the other."""

    def __init__(
        self, ground: Ground, matching: Matching, *, day: date, tenure_months: int | None
    ) -> None:
        self.ground = ground
        self.matching = matching
        self._day = day
        self._limit = tenure_months
        every = [(village, village.feature) for village in ground.villages]
        self._road = ground.flags(bool(f and f.on_main_road) for _, f in every)
        self._complex = ground.flags(bool(f and f.complex) for _, f in every)
        self._cases = ground.flags((f.cases or 0) >= matching.high_case if f else False
                                   for _, f in every)  # fmt: skip
        self._disputed = ground.flags(
            _troubles(f) >= matching.many_disputes if f else False for _, f in every
        )
        self._key = ground.flags(village.layer == Layer.KEY for village, _ in every)

    def score(self, staff: StaffRow, candidate: CandidateRow) -> Scored:
        """Points and bans of one candidate."""
        return Scored(points=self._points(staff, candidate), ban=self._bans(staff))

    def _points(self, staff: StaffRow, candidate: CandidateRow) -> dict[str, Ints]:
        rules, ground = self.matching, self.ground
        held = self._held(staff.staff_id)
        trade, rank = candidate.unit_kind, candidate.rank or 1
        home = candidate.native_village_code or ""
        former = ground.townships == (candidate.former_township_code or "")
        former |= ground.codes == (candidate.former_village_code or "")
        nowhere = np.zeros(len(ground.villages), dtype=np.bool_)
        keeper = trade in {Trade.STATION, Trade.PUBLIC_ORDER}
        holds: dict[str, Flags] = {
            "native_place": (ground.townships == home[:9]) if home else nowhere,
            "former_workplace": former,
            "traffic_on_roads": self._road if trade == Trade.TRAFFIC else nowhere,
            "criminal_in_high_case": self._cases if trade == Trade.CRIMINAL else nowhere,
            "security_in_complex": self._complex if trade == Trade.SECURITY else nowhere,
            "public_order_in_key": self._key if keeper else nowhere,
            "seconded_keep_village": held if trade == Trade.CADRE else nowhere,
            "experience_in_disputed": self._disputed if rank >= EXPERIENCED else nowhere,
            "leader_in_disputed": self._disputed if rank >= LEADER else nowhere,
        }
        points = {name: np.where(held, -getattr(rules, name), 0) for name, held in holds.items()}
        points["own_wish"] = self._wishes(staff.staff_id)
        points["per_km"] = rules.per_km * self.kilometres(candidate)
        return points

    def _wishes(self, staff: str) -> Ints:
        points = np.zeros(len(self.ground.villages), dtype=np.int64)
        for code, rank in self.ground.wishes.get(staff, {}).items():
            if code in self.ground.index:
                worth = self.matching.own_wish - (rank - 1) * self.matching.wish_step
                points[self.ground.index[code]] = -max(worth, 0)
        return points

    def kilometres(self, candidate: CandidateRow) -> Ints:
        """As the crow flies, rounded up; the policy's assumption where a coordinate is missing."""
        unknown = self.matching.unknown_km
        if candidate.longitude is None or candidate.latitude is None:
            return np.full(len(self.ground.villages), unknown, dtype=np.int64)
        here = np.radians(candidate.latitude)
        there = np.radians(self.ground.latitude)
        across = np.radians(self.ground.longitude - candidate.longitude)
        half = np.sin((there - here) / 2) ** 2
        half = half + np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
        km = 2 * _EARTH_KM * np.arcsin(np.sqrt(half))
        return np.where(np.isnan(km), unknown, np.ceil(np.nan_to_num(km))).astype(np.int64)

    def _held(self, staff: str) -> Flags:
        return self._named(
            tenure.village
            for tenure in self.ground.tenures.get(staff, ())
            if tenure.holds_on(self._day)
        )

    def _named(self, codes: Iterable[str]) -> Flags:
        flags = np.zeros(len(self.ground.villages), dtype=np.bool_)
        places = [self.ground.index[code] for code in codes if code in self.ground.index]
        flags[places] = True
        return flags

    def _bans(self, staff: StaffRow) -> npt.NDArray[np.int8]:
        rules, ground = self.matching, self.ground
        ban = np.zeros(len(ground.villages), dtype=np.int8)
        home = staff.home_village_code
        own = ground.codes == (home or "")
        bound = rules.own_village is not OwnVillage.FREE or rules.near_township
        nobody = np.zeros(len(own), dtype=np.bool_)
        holds: dict[Ban, Flags] = {
            Ban.BANNED: self._named(ground.bans.get(staff.staff_id, ())),
            Ban.OTHER_COUNTY: self._elsewhere(staff.staff_id),
            Ban.HOME_UNKNOWN: ~nobody if bound and home is None else nobody,
            Ban.OWN_VILLAGE: own if rules.own_village is OwnVillage.FORBIDDEN else nobody,
            Ban.NOT_OWN_VILLAGE: ~own if rules.own_village is OwnVillage.REQUIRED else nobody,
            Ban.FAR_TOWNSHIP: self._far(home) if rules.near_township and home else nobody,
            Ban.TENURE_OVER: self._over(staff.staff_id),
            Ban.SERVED_BEFORE: self._served(staff.staff_id) if rules.no_return else nobody,
        }
        for place, reason in reversed(list(enumerate(_BANS, start=1))):
            ban[holds[reason]] = place
        return ban

    def _elsewhere(self, staff: str) -> Flags:
        county = self.ground.counties.get(staff)
        if county is None:
            return np.zeros(len(self.ground.villages), dtype=np.bool_)
        here: Flags = np.char.startswith(self.ground.codes, county)
        return ~here

    def _far(self, home: str) -> Flags:
        place = self.ground.index.get(home)
        township = home[:9] if place is None else self.ground.villages[place].township
        near = np.array(sorted({township, *self.ground.neighbours.get(township, ())}))
        far: Flags = ~np.isin(self.ground.townships, near)
        return far

    def _over(self, staff: str) -> Flags:
        """Villages somebody has served for as long as the policy allows."""
        limit = self._limit
        return self._named(
            tenure.village
            for tenure in self.ground.tenures.get(staff, ())
            if limit is not None
            and tenure.holds_on(self._day)
            and complete_months(tenure.start, self._day) >= limit
        )

    def _served(self, staff: str) -> Flags:
        before = [
            tenure.village
            for tenure in self.ground.tenures.get(staff, ())
            if tenure.end is not None and tenure.end <= self._day
        ]
        return self._named(before) & ~self._held(staff)


def _exists(row: VillageRow, day: date) -> bool:
    starts = row.valid_from is None or row.valid_from <= day
    return starts and (row.valid_to is None or day < row.valid_to)


def _troubles(feature: VillageFeatureRow) -> int:
    return (feature.disputes or 0) + (feature.hazards or 0)
