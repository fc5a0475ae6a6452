"""The cast enters the register: people, postings, absences, how far their data has arrived."""

from datetime import timedelta
from uuid import UUID

from cunjing.coverage.actions import end_posting, open_posting, replace_officer
from cunjing.coverage.models import Posting
from cunjing.demo.cast import Case, Cast, Person, Service
from cunjing.demo.months import FROZEN, OPEN, Months, moment
from cunjing.demo.seed import chance
from cunjing.fieldwork.actions import note_sync
from cunjing.fieldwork.models import SyncChannel
from cunjing.kernel.access import Actor
from cunjing.staffing.actions import add_absence, add_staff
from cunjing.staffing.models import Absence, AbsenceKind, Staff

Register = dict[str, UUID]
"""Badge number -> staff id."""

_ENDED = "演示：调离，尚未安排接任"
_FOLLOWED = "演示：调整包村安排"


def enter_people(*, actor: Actor, cast: Cast, months: Months) -> Register:
    """Everybody of the cast, once."""
    badges = [person.badge_number for person in cast.people]
    known = dict(Staff.objects.filter(badge_number__in=badges).values_list("badge_number", "id"))
    for person in cast.people:
        if person.badge_number not in known:
            known[person.badge_number] = _enter(actor=actor, person=person, months=months).pk
    return known


def open_services(*, actor: Actor, cast: Cast, register: Register) -> None:
    """Every posting of the cast; those that ended are ended, those handed over are followed."""
    for service in cast.services:
        staff_id = register[service.person.badge_number]
        if Posting.objects.filter(village_id=service.village_code, staff_id=staff_id).exists():
            continue
        if service.follows is None:
            _open(actor=actor, service=service, staff_id=staff_id, cast=cast)
        else:
            earlier = Posting.objects.get(
                village_id=service.village_code, staff_id=register[service.follows.badge_number]
            )
            replace_officer(
                actor=actor,
                posting_id=earlier.pk,
                staff_id=staff_id,
                on=service.start,
                reason=_FOLLOWED,
            )


def enter_absences(*, actor: Actor, cast: Cast, register: Register, months: Months) -> None:
    """Who is away a whole month, and who for twelve days of one."""
    whole = months.month(OPEN)
    spans = [
        (service, AbsenceKind.TRAINING, whole.start, whole.end)
        for service in cast.serving(Case.AWAY)
    ] + [
        (service, AbsenceKind.LEAVE, months.day(FROZEN, 6), months.day(FROZEN, 18))
        for service in cast.serving(Case.HALF_AWAY)
    ]
    for service, kind, start, end in spans:
        staff_id = register[service.person.badge_number]
        if not Absence.objects.filter(staff_id=staff_id, date_from=start).exists():
            add_absence(actor=actor, staff_id=staff_id, kind=kind, date_from=start, date_to=end)


def note_arrivals(*, actor: Actor, cast: Cast, register: Register, months: Months) -> None:
    """Everybody's data has arrived up to the day of loading; some fell silent last month."""
    silent = {service.person.badge_number for service in cast.serving(Case.SILENT)}
    last_heard = moment(months.day(OPEN, 18), 17)
    for person in cast.people:
        note_sync(
            actor=actor,
            staff_id=register[person.badge_number],
            channel=SyncChannel.CONSOLE,
            at=last_heard if person.badge_number in silent else months.now,
        )


def _enter(*, actor: Actor, person: Person, months: Months) -> Staff:
    luck = chance("person", person.number)
    born = f"{luck.randint(1972, 1999)}-{luck.randint(1, 12):02d}"
    began = months.long_before
    return add_staff(
        actor=actor,
        badge_number=person.badge_number,
        name=person.name,
        role=person.role,
        unit_code=person.unit_code,
        phone=person.phone,
        birth_month=born,
        sex=luck.choice("12"),
        party_member=luck.random() < 0.6,
        home_village_code=person.home_village_code,
        trained_on=began - timedelta(days=30),
        on_duty_from=began,
    )


def _open(*, actor: Actor, service: Service, staff_id: UUID, cast: Cast) -> None:
    posted = open_posting(
        actor=actor,
        village_code=service.village_code,
        staff_id=staff_id,
        role=service.person.role,
        valid_from=service.start,
        reason="演示",
    )
    followed = any(
        other.follows is service.person and other.village_code == service.village_code
        for other in cast.services
    )
    if service.end is not None and not followed:
        end_posting(actor=actor, posting_id=posted.posting.pk, on=service.end, reason=_ENDED)
