"""A month's problem read from a facts folder."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cunjing.planning.month.model import (
    Away,
    Car,
    DayFact,
    MonthProblem,
    Need,
    Officer,
    Place,
    Service,
)
from cunjing.planning.month.options import Options, parse_clock
from cunjing.policy.enums import UnitKind
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.periods import Period, PeriodKind, parse_period
from cunjing.policy.records import (
    AbsenceRow,
    CalendarRow,
    CarRow,
    NeedRow,
    PostingRow,
    StaffRow,
    UnitRow,
    VillageFeatureRow,
    VillageRow,
    VillageUnitRow,
)
from cunjing.policy.reference_world import answers_for


def month_of(text: str) -> Period:
    """The month named `2026-10`; RequestError for anything else."""
    try:
        period = parse_period(text)
    except ValueError:
        period = None
    if period is None or period.kind is not PeriodKind.MONTH:
        raise RequestError(f"“{text}”不是月份，请写成 2026-10 的样子")
    return period


def read_problem(
    facts: Facts, *, month: Period, units: Sequence[str], options: Options
) -> MonthProblem:
    """What the units' people do in a month.

    They are those the units employ and those posted in villages the units answer for, each with all
    villages they serve in a role that is planned; a county unit plans everybody. Raises
    RequestError for a unit nobody knows, InputError for needs whose window has no length.
    """
    reader = _Reader(facts, month, options)
    for unit in units:
        reader.check_unit(unit)
    services, officers = reader.people(units)
    villages = {item.village_code for item in services} | reader.villages(units)
    needs = tuple(reader.needs(villages))
    return MonthProblem(
        month=month.text,
        units=tuple(sorted(set(units))),
        officers=officers,
        services=services,
        places=tuple(reader.places(villages)),
        needs=needs,
        calendar=tuple(reader.calendar()),
        cars=tuple(reader.cars({officer.unit_code for officer in officers})),
    )


@dataclass(frozen=True, slots=True)
class _Jurisdictions:
    """Which unit answers for which village, as `answers_for` asks."""

    units: tuple[UnitRow, ...]
    village_units: tuple[VillageUnitRow, ...]


class _Reader:
    def __init__(self, facts: Facts, month: Period, options: Options) -> None:
        self._facts, self._month, self._options = facts, month, options
        self._staff = sorted(facts.rows(StaffRow), key=lambda row: row.staff_id)
        self._codes = sorted({row.village_code for row in facts.rows(VillageRow)})
        self._answering = _Jurisdictions(
            units=tuple(sorted(facts.rows(UnitRow), key=lambda row: row.unit_code)),
            village_units=tuple(facts.rows(VillageUnitRow)),
        )

    def check_unit(self, unit: str) -> None:
        """RequestError for a unit that neither `units` nor `staff` knows."""
        known = {row.unit_code for row in self._answering.units}
        known |= {row.unit_code for row in self._staff if row.unit_code is not None}
        if unit not in known:
            some = "、".join(sorted(known)[:8]) or "一个也没有"
            raise RequestError(f"没有单位“{unit}”，units 表和 staff 表里有：{some}")

    def villages(self, units: Sequence[str]) -> set[str]:
        """The villages the units answer for at the beginning or the end of the month."""
        return {
            code
            for code in self._codes
            for unit in units
            for day in (self._month.start, self._month.last_day)
            if answers_for(self._answering, unit_code=unit, village_code=code, day=day)
        }

    def people(self, units: Sequence[str]) -> tuple[tuple[Service, ...], tuple[Officer, ...]]:
        """Services in planned roles within the month, and whose they are."""
        services = sorted(self._services(), key=lambda item: (item.staff_id, item.village_code))
        employed = self._employers(units)
        villages = self.villages(units)
        planned = {item.staff_id for item in services if item.village_code in villages}
        planned |= {row.staff_id for row in self._staff if row.unit_code in employed}
        serving = {item.staff_id for item in services}
        return (
            tuple(item for item in services if item.staff_id in planned),
            tuple(self._officers(planned & serving)),
        )

    def _employers(self, units: Sequence[str]) -> set[str]:
        """The units and, below a county unit, every unit within its division."""
        employers = set(units)
        for unit in self._answering.units:
            if unit.unit_code in units and unit.kind == UnitKind.COUNTY and unit.division_code:
                employers |= {
                    other.unit_code
                    for other in self._answering.units
                    if (other.division_code or "").startswith(unit.division_code)
                }
        return employers

    def _services(self) -> Iterator[Service]:
        for row in self._facts.rows(PostingRow):
            ends = row.valid_to is None or row.valid_to > self._month.start
            if row.role in self._options.aims and ends and row.valid_from < self._month.end:
                yield Service(
                    staff_id=row.staff_id,
                    village_code=row.village_code,
                    role=row.role,
                    valid_from=row.valid_from,
                    valid_to=row.valid_to,
                )

    def _officers(self, staff_ids: Collection[str]) -> Iterator[Officer]:
        away: dict[str, list[Away]] = defaultdict(list)
        for absence in self._facts.rows(AbsenceRow):
            away[absence.staff_id].append(
                Away(date_from=absence.date_from, date_to=absence.date_to, kind=absence.kind)
            )
        for row in self._staff:
            if row.staff_id in staff_ids:
                absences = sorted(away[row.staff_id], key=lambda one: (one.date_from, one.kind))
                yield Officer(
                    staff_id=row.staff_id,
                    unit_code=row.unit_code,
                    on_duty_from=row.on_duty_from,
                    on_duty_to=row.on_duty_to,
                    away=tuple(absences),
                )

    def places(self, villages: Collection[str]) -> Iterator[Place]:
        """The villages' offices."""
        features = {row.village_code: row for row in self._facts.rows(VillageFeatureRow)}
        for code in sorted(villages):
            row = features.get(code)
            yield Place(
                village_code=code,
                longitude=row.longitude if row else None,
                latitude=row.latitude if row else None,
            )

    def needs(self, villages: Collection[str]) -> Iterator[Need]:
        """The villages' households. InputError naming those whose window has no length."""
        rows = sorted(self._facts.rows(NeedRow), key=lambda row: row.household_id)
        bad = [row.household_id for row in rows if _ends_before_it_begins(row)]
        if bad:
            raise InputError(_window_findings(self._facts, bad))
        for row in rows:
            if row.village_code in villages:
                yield _need(row)

    def calendar(self) -> Iterator[DayFact]:
        """The county's days of the month."""
        for row in sorted(self._facts.rows(CalendarRow), key=lambda row: row.date):
            if self._month.start <= row.date < self._month.end:
                yield DayFact(
                    day=row.date,
                    working=row.working,
                    festival=bool(row.festival),
                    market=bool(row.market),
                )

    def cars(self, units: Collection[str | None]) -> Iterator[Car]:
        """The cars of these units."""
        for row in sorted(self._facts.rows(CarRow), key=lambda row: row.car_id):
            if row.unit_code in units:
                yield Car(car_id=row.car_id, unit_code=row.unit_code)


def _need(row: NeedRow) -> Need:
    return Need(
        household_id=row.household_id,
        village_code=row.village_code,
        prize=row.prize,
        hamlet_id=row.hamlet_id,
        fixed_date=row.fixed_date,
        window_from=parse_clock(row.window_from) if row.window_from else None,
        window_to=parse_clock(row.window_to) if row.window_to else None,
        minutes=row.minutes,
        longitude=row.longitude,
        latitude=row.latitude,
    )


def _ends_before_it_begins(row: NeedRow) -> bool:
    if row.window_from is None or row.window_to is None:
        return False
    return parse_clock(row.window_to) <= parse_clock(row.window_from)


def _window_findings(facts: Facts, household_ids: Sequence[str]) -> list[Finding]:
    path = facts.path("needs")
    name = path.name if path is not None else "needs"
    rows: dict[str, int] = {}
    if path is not None and path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                rows[row["household_id"]] = number
    message = "不晚于“window_from”列，时间段要有长度，例如 09:00 至 11:00"
    return [
        Finding(name, rows.get(household_id), "window_to", f"“{household_id}”的止时{message}")
        for household_id in household_ids
    ]
