"""Who serves where: invented people, and the villages where something is out of the ordinary.

Names are 演示 with a stem and a number, badge numbers begin with YS, phones with 1990000: each
reads as invented at first sight and still passes the checks people's data must pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from cunjing.demo.months import FROZEN, OPEN, Months
from cunjing.demo.places import Ground
from cunjing.demo.seed import chance
from cunjing.staffing.models import StaffRole

BADGES = "YS"
"""How the badge number of everybody invented begins."""

_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
_NUMERALS = "一二三四五六七八九"
_AUXILIARIES_A_TOWNSHIP = 2
_RESIDENTS = 9


class Case(Enum):
    """What is out of the ordinary in a village; every other village is PLAIN."""

    PLAIN = auto()
    VACANT = auto()
    LEFT = auto()
    JOINED = auto()
    HANDED_OVER = auto()
    AWAY = auto()
    HALF_AWAY = auto()
    SILENT = auto()
    LATE_WARNING = auto()
    WITHDRAWN_LATER = auto()


_CASES = (
    [Case.VACANT, Case.LEFT, Case.JOINED, Case.HALF_AWAY, Case.LATE_WARNING, Case.WITHDRAWN_LATER]
    + [Case.HANDED_OVER] * 2
    + [Case.AWAY] * 2
    + [Case.SILENT] * 4
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented; `number` runs from 1 and makes name, badge number and phone."""

    number: int
    role: StaffRole
    unit_code: str
    home_village_code: str = ""

    @property
    def name(self) -> str:
        """A name that says that it is none."""
        stem, numeral = divmod(self.number - 1, len(_NUMERALS))
        return f"演示{_STEMS[stem]}{_NUMERALS[numeral]}"

    @property
    def badge_number(self) -> str:
        """YS and four digits."""
        return f"{BADGES}{self.number:04d}"

    @property
    def phone(self) -> str:
        """1990000 and four digits."""
        return f"1990000{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Service:
    """One person serving one village from `start` up to, not including, `end`."""

    person: Person
    village_code: str
    start: date
    end: date | None = None
    follows: Person | None = None


@dataclass(slots=True)
class Cast:
    """Everybody and where they serve; `cases` by village code."""

    cases: Mapping[str, Case]
    people: list[Person] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)

    def engage(self, role: StaffRole, unit_code: str, *, home: str = "") -> Person:
        """One more person."""
        person = Person(len(self.people) + 1, role, unit_code, home)
        self.people.append(person)
        return person

    def serve(
        self,
        person: Person,
        village_code: str,
        start: date,
        *,
        end: date | None = None,
        follows: Person | None = None,
    ) -> None:
        """One more service."""
        self.services.append(Service(person, village_code, start, end, follows))

    def serving(self, case: Case) -> list[Service]:
        """The officers' services in the villages of a case, in order."""
        return [
            service
            for service in self.services
            if self.cases[service.village_code] is case
            and service.person.role is not StaffRole.VILLAGE_AUXILIARY
        ]


def cast_of(*, ground: Ground, months: Months) -> Cast:
    """The cast of the demo county."""
    shuffled = [village.code for village in ground.villages]
    chance("cases").shuffle(shuffled)
    cases = dict.fromkeys(shuffled, Case.PLAIN) | dict(zip(shuffled, _CASES, strict=False))
    cast = Cast(cases=cases)
    for code in shuffled[: len(_CASES)]:
        _out_of_the_ordinary(cast, code, ground=ground, months=months)
    plain = sorted(shuffled[len(_CASES) :])
    residents = chance("residents").sample(plain, min(_RESIDENTS, len(plain)))
    for code in residents:
        person = cast.engage(StaffRole.RESIDENT_OFFICER, _station(ground, code))
        cast.serve(person, code, months.long_before)
    _share(cast, sorted(set(plain) - set(residents)), ground=ground, months=months)
    _auxiliaries(cast, ground=ground, months=months)
    return cast


def _share(cast: Cast, codes: Sequence[str], *, ground: Ground, months: Months) -> None:
    """Two villages of one township have one liaison officer."""
    for township in ground.townships:
        here = [code for code in codes if _township(ground, code) == township]
        for place in range(0, len(here), 2):
            person = cast.engage(StaffRole.LIAISON_OFFICER, _unit(ground, cast, here[place]))
            for code in here[place : place + 2]:
                cast.serve(person, code, months.long_before)


def _out_of_the_ordinary(cast: Cast, code: str, *, ground: Ground, months: Months) -> None:
    role, unit = StaffRole.LIAISON_OFFICER, _unit(ground, cast, code)
    first = cast.engage(role, unit)
    began = months.long_before
    match cast.cases[code]:
        case Case.VACANT:
            cast.serve(first, code, began, end=months.day(FROZEN, -20))
        case Case.LEFT:
            cast.serve(first, code, began, end=months.day(OPEN, 10))
        case Case.JOINED:
            cast.serve(first, code, months.day(FROZEN, 20))
        case Case.HANDED_OVER:
            day = months.day(OPEN, 16)
            cast.serve(first, code, began, end=day)
            cast.serve(cast.engage(role, unit), code, day, follows=first)
        case _:
            cast.serve(first, code, began)


def _auxiliaries(cast: Cast, *, ground: Ground, months: Months) -> None:
    """Some villages have an auxiliary too, from another village of the township."""
    for township in ground.townships:
        here = [v.code for v in ground.villages if v.township_id == township]
        for place in range(min(_AUXILIARIES_A_TOWNSHIP, len(here) - 1)):
            station = _station(ground, here[place])
            person = cast.engage(StaffRole.VILLAGE_AUXILIARY, station, home=here[-1])
            cast.serve(person, here[place], months.long_before)


def _unit(ground: Ground, cast: Cast, code: str) -> str:
    """Every second liaison officer comes from the station, the others from bureau units."""
    number = len(cast.people)
    if number % 2:
        return ground.bureau_units[number // 2 % len(ground.bureau_units)]
    return _station(ground, code)


def _station(ground: Ground, code: str) -> str:
    """Seeded stations carry their township's code."""
    return _township(ground, code)


def _township(ground: Ground, code: str) -> str:
    return next(village.township_id for village in ground.villages if village.code == code)
