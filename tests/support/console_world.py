"""Two counties side by side, with one of everything in each of three places, and who may log in.

Everything is made by the product's own actions, so that the grants are those of real postings.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from tests.support.accounts_factories import make_user, make_user_with
from tests.support.console_roster import Roster, roster_of
from tests.support.coverage_factories import post
from tests.support.device_factories import MadeDevice, make_device
from tests.support.photos_factories import kept_photo
from tests.support.places_factories import County, found_policed_county, system
from tests.support.staffing_factories import make_staff

from cunjing.accounts.actions import grant_role
from cunjing.accounts.models import User
from cunjing.accounts.roles import Role
from cunjing.accounts.tokens import create_token
from cunjing.assessment.actions import freeze_run, run_assessment, set_programme
from cunjing.assessment.models import Run, RunState
from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.ids import new_id
from cunjing.briefings.actions import write_briefing
from cunjing.coverage.duty import link_account
from cunjing.entries.actions import record_visit_entry
from cunjing.entries.visit_entry import CallPart, InformationPart, MatterPart, VisitEntry
from cunjing.matters.models import MatterKind
from cunjing.places.actions.households import NewHousehold, add_hamlet, add_household
from cunjing.questions.actions import ask
from cunjing.questions.models import QuestionKind
from cunjing.questions.rules import Doubt
from cunjing.staffing.actions import add_absence
from cunjing.staffing.models import AbsenceKind, Staff

HERE, THERE = "990101", "990102"
BEGAN = today().replace(month=1, day=1) - timedelta(days=200)
RULE, CLAUSE = "visit-days", "2.4-1"
POLICY = "bozhou-2014"
SIX_QUESTIONS = ("topics", "security", "disputes", "help", "livelihood", "opinions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One jurisdiction with one of everything; `mark` stands in every name and text of it."""

    mark: str
    county: str
    unit: str
    village: str
    staff: Staff
    successor: Staff
    posting: UUID
    absence: UUID
    hamlet: UUID
    household: UUID
    record: UUID
    call: UUID
    matter: UUID
    photo: UUID
    user: UUID
    grant: UUID
    key: UUID
    phone: MadeDevice
    account: UUID
    roster: Roster
    question: UUID
    briefing: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The three places seen from the first station, the runs of both counties, and the log-ins.

    Of each county three months are judged: one open, one frozen with a late visit, one running.
    """

    own: Place
    station: Place
    county: Place
    frozen: dict[str, UUID]
    open: dict[str, UUID]
    revised: dict[str, UUID]
    running: dict[str, UUID]
    users: dict[str, User]


def console_world() -> World:
    """Build it: county HERE with two stations, county THERE with one that counts."""
    home, away = _county(HERE, "本县"), _county(THERE, "邻县")
    officer = make_user("officer", unit_code=home.townships[0], name="示例民警")
    places = (
        _place("甲地", home, 0, account=officer),
        _place("乙地", home, 1),
        _place("丙地", away, 0),
    )
    # Before the runs: a posting written after a run would keep it from being frozen.
    users = _users(home=home, away=away, own=places[0], officer=officer)
    counties = (home.code, away.code)
    opened = {code: _run(code, f"{last_month(1) - timedelta(days=1):%Y-%m}") for code in counties}
    frozen = {code: _freeze(code) for code in counties}
    for place in places:
        visit(place, on=last_month())
    running = {code: _run(code, this_month()) for code in counties}
    return World(
        own=places[0],
        station=places[1],
        county=places[2],
        frozen=frozen,
        open=opened,
        revised={code: _revision_of(run) for code, run in opened.items()},
        running=running,
        users=users,
    )


def last_month(day: int = 10) -> date:
    """A day of the month before this one."""
    return (today().replace(day=1) - timedelta(days=1)).replace(day=day)


def this_month() -> str:
    """The running month as a period."""
    return f"{today():%Y-%m}"


def visit(
    place: Place, *, on: date, hour: int = 9, calls: tuple[UUID, ...] | None = None
) -> VisitEntry:
    """Record a visit with a call, an item of information and a hazard."""
    entry = visit_entry(place.village, staff=place.staff.pk, mark=place.mark, on=on, hour=hour)
    entry = _with_calls(entry, (place.household,) if calls is None else calls)
    record_visit_entry(actor=system(), entry=entry)
    return entry


def visit_entry(village: str, *, staff: UUID, mark: str, on: date, hour: int = 9) -> VisitEntry:
    """A visit with an item of information and a hazard, not yet recorded."""
    began = datetime.combine(on, time(hour), tzinfo=SHANGHAI)
    return VisitEntry(
        id=new_id(),
        village_code=village,
        staff_id=staff,
        arrived_at=began,
        left_at=began + timedelta(hours=2),
        log=f"巡村 {mark}",
        information=(
            InformationPart(id=new_id(), subkind="facility", place="桥头", text=f"护栏松动 {mark}"),
        ),
        matters=(
            MatterPart(
                id=new_id(),
                kind=MatterKind.HAZARD,
                subkind="lamp",
                place="路口",
                summary=f"路灯不亮 {mark}",
            ),
        ),
    )


def _with_calls(entry: VisitEntry, households: tuple[UUID, ...]) -> VisitEntry:
    answers: dict[str, object] = {question: {} for question in SIX_QUESTIONS}
    parts = tuple(CallPart(id=new_id(), household_id=one, answers=answers) for one in households)
    return VisitEntry(
        **{name: getattr(entry, name) for name in entry.__slots__ if name != "calls"}, calls=parts
    )


def _county(code: str, name: str) -> County:
    county = found_policed_county(code=code, name=name, townships=2, villages=2)
    set_programme(actor=system(), prefix=code, policy_id=POLICY, valid_from=BEGAN)
    return county


def _place(mark: str, county: County, number: int, *, account: User | None = None) -> Place:
    """The first village of a township and what belongs to it; its second village is uncovered."""
    unit, village = county.townships[number], county.villages[number * 2]
    staff = make_staff(f"{unit}-1", unit_code=unit, name=f"示例{mark}", phone="13800000000")
    successor = make_staff(f"{unit}-2", unit_code=unit, name=f"接任{mark}")
    posting = post(staff, village, since=BEGAN).pk
    if account is not None:
        link_account(actor=system(), staff_id=staff.pk, user_id=account.pk)
    hamlet, household = _home(village, mark=mark)
    entry = _recorded(village, staff=staff, household=household, mark=mark)
    managed, grant, key = _managed(unit, mark=mark)
    owner = account or User.objects.get(pk=managed)
    said = morning(village, staff=staff.pk, mark=mark)
    phone = make_device(owner, body=said, household=household, mark=mark)
    return Place(
        mark=mark,
        county=county.code,
        unit=unit,
        village=village,
        staff=staff,
        successor=successor,
        posting=posting,
        absence=_absence(successor),
        hamlet=hamlet,
        household=household,
        record=entry.id,
        call=entry.calls[0].id,
        matter=entry.matters[0].id,
        photo=kept_photo(entry.id),
        user=managed,
        grant=grant,
        key=key,
        phone=phone,
        account=owner.pk,
        roster=roster_of(mark=mark, unit=unit, village=village, staff=staff, household=household),
        question=_asked(entry.id),
        briefing=_briefed(village, mark=mark),
    )


def _recorded(village: str, *, staff: Staff, household: UUID, mark: str) -> VisitEntry:
    """The visit of last month, with a call."""
    bare = visit_entry(village, staff=staff.pk, mark=mark, on=last_month(5))
    entry = _with_calls(bare, (household,))
    record_visit_entry(actor=system(), entry=entry)
    return entry


def _home(village: str, *, mark: str) -> tuple[UUID, UUID]:
    """A natural group and a household in it."""
    hamlet = add_hamlet(actor=system(), village_code=village, name=f"{mark}组")
    address = NewHousehold(address=f"{mark}路1号", hamlet_id=hamlet.pk)
    return hamlet.pk, add_household(actor=system(), village_code=village, household=address).pk


def morning(village: str, *, staff: UUID, mark: str) -> dict[str, object]:
    """A visit as a phone says it, in the body of a `work_record`."""
    began = datetime.combine(last_month(7), time(9), tzinfo=SHANGHAI)
    return {
        "id": str(new_id()),
        "kind": "village_visit",
        "village_code": village,
        "staff_id": str(staff),
        "occurred_at": began.isoformat(),
        "details": {"left_at": (began + timedelta(hours=1)).isoformat(), "log": f"巡村 {mark}"},
    }


def _briefed(village: str, *, mark: str) -> UUID:
    """What the station says of a village."""
    until = today() + timedelta(days=7)
    return write_briefing(
        actor=system(), village_code=village, text=f"查看桥头护栏 {mark}", valid_until=until
    ).pk


def _asked(record: UUID) -> UUID:
    """A question about a record."""
    doubt = Doubt(QuestionKind.COPIED_TEXT, record, record, {"percent": 95})
    return ask(actor=system(), doubts=[doubt])[0].pk


def _managed(unit: str, *, mark: str) -> tuple[UUID, UUID, UUID]:
    """An account of the unit, its grant and its key."""
    user = make_user(f"user-{unit}", unit_code=unit, name=f"账号{mark}")
    grant = grant_role(
        actor=system(), user_id=user.pk, role=Role.STATION_CHIEF, unit_code=unit, valid_from=BEGAN
    )
    key = create_token(
        actor=system(), user_id=user.pk, name="示例", expires_on=today() + timedelta(days=30)
    )
    return user.pk, grant.pk, key.token.pk


def _absence(staff: Staff) -> UUID:
    """Two days away."""
    added = add_absence(
        actor=system(),
        staff_id=staff.pk,
        kind=AbsenceKind.LEAVE,
        date_from=BEGAN,
        date_to=BEGAN + timedelta(days=2),
    )
    return added.absence.pk


def _users(*, home: County, away: County, own: Place, officer: User) -> dict[str, User]:
    auxiliary = make_user("auxiliary", unit_code=own.unit, name="示例辅警")
    helper = make_staff(
        f"{own.unit}-3", unit_code=own.unit, name="示例辅", role="village_auxiliary"
    )
    post(helper, own.village, since=BEGAN)
    link_account(actor=system(), staff_id=helper.pk, user_id=auxiliary.pk)
    users = {"officer": officer, "auxiliary": auxiliary}
    for name, role, unit_code in (
        ("bureau", Role.COUNTY_BUREAU, home.code),
        ("chief", Role.STATION_CHIEF, own.unit),
        ("auditor", Role.AUDITOR, home.code),
        ("administrator", Role.ADMINISTRATOR, home.code),
        ("neighbour", Role.COUNTY_BUREAU, away.code),
    ):
        users[name] = make_user_with(role, username=name, unit_code=unit_code)
    User.objects.update(must_change_password=False)
    return users


def _run(county: str, period: str) -> UUID:
    return run_assessment(actor=system(), scope=county, period=period).pk


def _revision_of(run_id: UUID) -> UUID:
    """A revision that changed nothing, which the action would refuse to make."""
    run = Run.objects.get(pk=run_id)
    run.pk, run.revises_id, run.revision, run.reason = new_id(), run_id, 1, "补录"
    run.state, run.frozen_at, run.frozen_by_name = RunState.FROZEN, now(), "示例"
    run.save(force_insert=True)
    return run.pk


def _freeze(county: str) -> UUID:
    run = _run(county, f"{last_month():%Y-%m}")
    return freeze_run(actor=system(), run_id=run).pk
