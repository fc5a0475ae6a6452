"""Entering and changing people and their absences: who may, and what is kept."""

from datetime import date, timedelta

import pytest
from tests.support.coverage_factories import post
from tests.support.places_factories import County, actor_with, found_policed_county
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.duty import end_duty
from cunjing.kernel.models import AuditEntry, AuditVerb, Change
from cunjing.places.models import Unit, Village
from cunjing.staffing.actions import add_absence, add_staff, cancel_absence, change_staff
from cunjing.staffing.models import Absence, AbsenceKind, Staff
from cunjing.staffing.queries import (
    absences_of,
    absent_on,
    entered_absences,
    find_people,
    people,
    person,
    told_changes,
)

pytestmark = pytest.mark.django_db
IDENTITY = "110101198503070021"
AWAY = "990102"


@pytest.fixture
def county() -> County:
    found_policed_county(code=AWAY, name="他县")
    return found_policed_county()


def stations(county: County) -> list[str]:
    return [Unit.objects.get(division_code=code).code for code in county.townships]


def test_an_identity_number_is_checked_and_not_kept(county: County) -> None:
    staff = make_staff("A001", unit_code=county.code, id_number=IDENTITY)
    assert (staff.birth_month, staff.sex) == ("1985-03", "2")
    assert IDENTITY not in str(Staff.objects.values().get())


ADD = [
    (Role.COUNTY_BUREAU, None),
    (Role.STATION_CHIEF, 403),
    (Role.AUDITOR, 403),
    (Role.ADMINISTRATOR, 403),
]


@pytest.mark.parametrize(("role", "status"), ADD)
def test_who_may_enter_people(county: County, role: Role, status: int | None) -> None:
    actor = actor_with(role, unit_code=county.code)
    fields = {"name": "示例", "role": "liaison_officer", "unit_code": county.code}
    if status is None:
        staff = add_staff(actor=actor, badge_number="a001", **fields)  # type: ignore[arg-type]
        assert staff.badge_number == "A001"
        assert AuditEntry.objects.filter(record_id=str(staff.pk)).count() == 1
        assert Change.objects.filter(scope=county.code, record_id=str(staff.pk)).count() == 1
        return
    with pytest.raises(Problem) as refused:
        add_staff(actor=actor, badge_number="a001", **fields)  # type: ignore[arg-type]
    assert refused.value.status == status


def test_every_faulty_field_is_named_at_once(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    with pytest.raises(Problem) as refused:
        add_staff(
            actor=bureau,
            badge_number="=1",
            unit_code=county.code,
            phone="1",
            home_village_code="000000000000",
        )
    named = {fault.field for fault in refused.value.faults}
    assert named == {"badge_number", "name", "role", "phone", "home_village_code"}


def test_a_badge_number_is_taken_once(county: County) -> None:
    make_staff("A001", unit_code=county.code)
    with pytest.raises(Problem) as refused:
        make_staff("a001", unit_code=AWAY)
    assert refused.value.status == 409


def test_changing_writes_what_differs_and_nothing_else(county: County) -> None:
    station, other = stations(county)
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    staff = make_staff("A001", unit_code=station)
    changed = change_staff(actor=bureau, staff_id=staff.pk, unit_code=other, post="副所长")
    assert (changed.unit_id, changed.post) == (other, "副所长")
    audited = AuditEntry.objects.filter(record_id=str(staff.pk), verb=AuditVerb.CHANGED)
    assert audited.count() == 1
    change_staff(actor=bureau, staff_id=staff.pk, unit_code=other, post="副所长")
    assert audited.count() == 1
    scopes = Change.objects.filter(record_id=str(staff.pk)).values_list("scope", flat=True)
    assert set(scopes) == {station, other}


def test_moving_needs_the_right_over_both_units(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    staff = make_staff("A001", unit_code=county.code)
    with pytest.raises(Problem) as refused:
        change_staff(actor=bureau, staff_id=staff.pk, unit_code=AWAY)
    assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        change_staff(actor=bureau, staff_id=staff.pk, phone="1")
    assert [fault.field for fault in refused.value.faults] == ["phone"]


def test_people_are_seen_by_their_unit_and_by_the_villages_they_serve(county: County) -> None:
    station, other = stations(county)
    own = make_staff("A001", unit_code=station)
    liaison = make_staff("A002", unit_code=county.code)
    neighbour = make_staff("A003", unit_code=other)
    stranger = make_staff("A004", unit_code=AWAY)
    post(liaison, county.villages[0], since=date(2026, 1, 1), until=date(2026, 2, 1))
    post(liaison, county.villages[1], since=date(2026, 1, 1))

    def seen(role: Role, unit_code: str) -> set[Staff]:
        return set(people(actor=actor_with(role, unit_code=unit_code)))

    assert seen(Role.STATION_CHIEF, station) == {own, liaison}
    assert seen(Role.STATION_CHIEF, other) == {neighbour}
    assert seen(Role.COUNTY_BUREAU, county.code) == {own, liaison, neighbour}
    assert seen(Role.AUDITOR, AWAY) == {stranger}
    assert seen(Role.ADMINISTRATOR, county.code) == set()
    with pytest.raises(Problem) as refused:
        person(actor=actor_with(Role.STATION_CHIEF, unit_code=other), staff_id=own.pk)
    assert refused.value.status == 404


def test_finding_people(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    station = stations(county)[0]
    early = make_staff("A001", unit_code=station, name="示例早", on_duty_from=date(2026, 1, 1))
    late = make_staff("B001", unit_code=county.code, name="示例晚", on_duty_from=date(2026, 9, 1))
    assert list(find_people(actor=bureau, text="早")) == [early]
    assert list(find_people(actor=bureau, text="b0")) == [late]
    assert list(find_people(actor=bureau, unit_code=station)) == [early]
    assert list(find_people(actor=bureau, on_duty_on=date(2026, 8, 31))) == [early]
    assert list(find_people(actor=bureau, role="beat_officer")) == []


def test_absences_may_overlap_and_say_so(county: County) -> None:
    station = stations(county)[0]
    chief = actor_with(Role.STATION_CHIEF, unit_code=station)
    staff = make_staff("A001", unit_code=station)

    def away(kind: AbsenceKind, first: int, last: int) -> tuple[AbsenceKind, ...]:
        added = add_absence(
            actor=chief,
            staff_id=staff.pk,
            kind=kind,
            date_from=date(2026, 9, first),
            date_to=date(2026, 9, last),
            reason="补登",
        )
        return tuple(AbsenceKind(other.kind) for other in added.overlapping)

    assert away(AbsenceKind.LEAVE, 1, 11) == ()
    assert away(AbsenceKind.SICK, 10, 15) == (AbsenceKind.LEAVE,)
    assert away(AbsenceKind.TRAINING, 15, 16) == ()
    with pytest.raises(Problem) as refused:
        away(AbsenceKind.LEAVE, 1, 5)
    assert refused.value.status == 409
    with pytest.raises(Problem, match="没有登记"):
        away(AbsenceKind.OTHER, 5, 5)
    kinds = [row.kind for row in absent_on(actor=chief, day=date(2026, 9, 10))]
    assert kinds == [AbsenceKind.LEAVE, AbsenceKind.SICK]


def test_leave_in_the_past_needs_a_reason_that_is_kept(county: County) -> None:
    """It lowers what a month that is over asked for."""
    station = stations(county)[0]
    chief = actor_with(Role.STATION_CHIEF, unit_code=station)
    staff = make_staff("A001", unit_code=station)

    def away(since: date, reason: str = "") -> Absence:
        return add_absence(
            actor=chief,
            staff_id=staff.pk,
            kind=AbsenceKind.LEAVE,
            date_from=since,
            date_to=today() + timedelta(days=3),
            reason=reason,
        ).absence

    yesterday = today() - timedelta(days=1)
    for nothing in ("", "  "):
        with pytest.raises(Problem) as refused:
            away(yesterday, nothing)
        assert [fault.field for fault in refused.value.faults] == ["reason"]
    late = away(yesterday, " 假条补交 ")
    coming = away(today())
    listed = entered_absences(actor=chief, staff_id=staff.pk, limit=20)
    told = {one.absence: one.entered for one in listed}
    assert [
        entry and (entry.reason, entry.actor_name) for entry in map(told.get, (late, coming))
    ] == [
        ("假条补交", chief.name),
        ("", chief.name),
    ]
    assert [one.withdrawn for one in listed] == [None, None]


def test_a_cancelled_absence_no_longer_counts(county: County) -> None:
    station, other = stations(county)
    chief = actor_with(Role.STATION_CHIEF, unit_code=station)
    staff = make_staff("A001", unit_code=station)
    said = {
        "kind": AbsenceKind.LEAVE,
        "date_from": date(2026, 9, 1),
        "date_to": date(2026, 9, 3),
        "reason": "补登",
    }
    absence = add_absence(actor=chief, staff_id=staff.pk, **said).absence  # type: ignore[arg-type]
    stranger = actor_with(Role.STATION_CHIEF, unit_code=other)
    with pytest.raises(Problem) as refused:
        cancel_absence(actor=stranger, absence_id=absence.pk, reason="试")
    assert refused.value.status == 404
    with pytest.raises(Problem, match="写明撤销的理由"):
        cancel_absence(actor=chief, absence_id=absence.pk, reason=" ")
    cancel_absence(actor=chief, absence_id=absence.pk, reason="改期")
    assert list(absences_of(actor=chief, staff_id=staff.pk)) == []
    (withdrawn,) = entered_absences(actor=chief, staff_id=staff.pk, limit=20)
    assert withdrawn.withdrawn is not None
    assert (withdrawn.withdrawn.reason, withdrawn.withdrawn.actor_name) == ("改期", chief.name)
    with pytest.raises(Problem, match="已经撤销"):
        cancel_absence(actor=chief, absence_id=absence.pk, reason="再")
    again = add_absence(actor=chief, staff_id=staff.pk, **said)  # type: ignore[arg-type]
    assert again.overlapping == ()


def test_another_training_date_or_home_village_says_why_and_the_audit_keeps_both(
    county: County,
) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    staff = make_staff("A007", unit_code=county.code)
    change_staff(actor=bureau, staff_id=staff.pk, trained_on=date(2025, 9, 1))
    first = AuditEntry.objects.filter(record_id=str(staff.pk)).latest("id")
    assert first.reason == "岗前培训日 空 改为 2025-09-01"
    with pytest.raises(Problem) as refused:
        change_staff(actor=bureau, staff_id=staff.pk, trained_on=date(2026, 3, 1), reason=" ")
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    change_staff(actor=bureau, staff_id=staff.pk, trained_on=date(2026, 3, 1), reason="补训")
    entry = AuditEntry.objects.filter(record_id=str(staff.pk)).latest("id")
    assert entry.reason == "岗前培训日 2025-09-01 改为 2026-03-01：补训"
    change_staff(actor=bureau, staff_id=staff.pk, post="副所长")
    assert AuditEntry.objects.filter(record_id=str(staff.pk)).latest("id").reason == ""
    home = Village.objects.filter(pk__startswith=county.code).earliest("pk")
    change_staff(actor=bureau, staff_id=staff.pk, home_village_code=home.pk)
    assert [act.reason for act in told_changes(actor=bureau, staff_id=staff.pk, limit=2)] == [
        f"籍贯村 空 改为 {home.name}（{home.pk}）",
        "岗前培训日 2025-09-01 改为 2026-03-01：补训",
    ]


def test_why_somebody_left_is_not_among_the_changes_colleagues_read(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    staff = make_staff("A008", unit_code=county.code)
    change_staff(actor=bureau, staff_id=staff.pk, post="副所长", reason="本人申请")
    end_duty(actor=bureau, staff_id=staff.pk, on=today(), reason="因病离岗")
    assert AuditEntry.objects.filter(record_id=str(staff.pk), reason="因病离岗").exists()
    assert told_changes(actor=bureau, staff_id=staff.pk, limit=9) == []
