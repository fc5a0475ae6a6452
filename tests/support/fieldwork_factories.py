"""A made-up county with people on duty, and pieces of work to record there."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from cunjing.accounts.models import User
from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.base.clock import SHANGHAI, today
from cunjing.base.ids import new_id
from cunjing.coverage.models import Posting
from cunjing.entries.visit_entry import VisitEntry
from cunjing.fieldwork.details import QUESTIONS
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.access import ActiveGrant, Actor
from cunjing.matters.items import MatterItem
from cunjing.matters.models import MatterKind
from cunjing.places.models import Division, Household, Unit, Village, VillageUnit
from cunjing.staffing.models import Staff

COUNTY, OTHER_COUNTY = "990201", "990202"
TOWNSHIP, FAR = "990201101", "990202101"
V1, V2, AWAY = f"{TOWNSHIP}201", f"{TOWNSHIP}202", f"{FAR}201"
STATION, BUREAU, OTHER_BUREAU = "990201N", "990201C", "990202C"
BEGAN = date(2026, 1, 1)
NOTHING_FOUND: dict[str, object] = {question: {} for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class County:
    """The people and addresses of the made-up county, and actors for each kind of user."""

    officer: Staff
    auxiliary: Staff
    households: tuple[UUID, ...]
    as_officer: Actor
    as_auxiliary: Actor
    as_station: Actor
    as_bureau: Actor
    as_auditor: Actor
    as_stranger: Actor


def county() -> County:
    """Two villages of one station, an officer posted to both, an auxiliary to the first."""
    _places()
    officer_user = User.objects.create(username="demo-an", display_name="演示安")
    auxiliary_user = User.objects.create(username="demo-dai", display_name="演示戴")
    officer = _staff("演1", role="liaison_officer", user=officer_user)
    auxiliary = _staff("演2", role="village_auxiliary", user=auxiliary_user)
    for village, staff in ((V1, officer), (V2, officer), (V1, auxiliary)):
        Posting.objects.create(village_id=village, staff=staff, role=staff.role, valid_from=BEGAN)
    homes = [
        Household.objects.create(village_id=V1, address=f"演示{number}号") for number in range(1, 6)
    ]
    return County(
        officer=officer,
        auxiliary=auxiliary,
        households=tuple(home.pk for home in homes),
        as_officer=actor(Role.OFFICER, user=officer_user, villages=(V1, V2)),
        as_auxiliary=actor(Role.AUXILIARY, user=auxiliary_user, villages=(V1,)),
        as_station=actor(Role.STATION_CHIEF, units=(STATION,)),
        as_bureau=actor(Role.COUNTY_BUREAU, units=(BUREAU,)),
        as_auditor=actor(Role.AUDITOR, units=(BUREAU,)),
        as_stranger=actor(Role.COUNTY_BUREAU, units=(OTHER_BUREAU,)),
    )


def actor(
    role: Role, *, user: User | None = None, units: tuple[str, ...] = (),
    villages: tuple[str, ...] = (),
) -> Actor:  # fmt: skip
    """Somebody with one role over units or villages."""
    rights = PERMISSIONS_OF[role]
    return Actor(
        name=user.display_name if user else f"演示{role.label}",
        user_id=user.pk if user else new_id(),
        grants=(
            *(ActiveGrant(role, rights, unit_code=code) for code in units),
            *(ActiveGrant(role, rights, village_code=code) for code in villages),
        ),
    )


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 9) -> datetime:
    """A moment in 2026, Shanghai."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def visit(world: County, **changes: object) -> WorkItem:
    """A morning in the first village, with a log."""
    began = changes.get("occurred_at", at(10))
    assert isinstance(began, datetime)
    item = WorkItem(
        id=new_id(),
        kind=RecordKind.VILLAGE_VISIT,
        village_code=V1,
        staff_id=world.officer.pk,
        occurred_at=began,
        details={"left_at": began + timedelta(hours=3), "log": "巡村一圈，查看路口护栏。"},
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def call(world: County, **changes: object) -> WorkItem:
    """A call at the first household, nothing found."""
    item = WorkItem(
        id=new_id(),
        kind=RecordKind.HOUSEHOLD_VISIT,
        village_code=V1,
        staff_id=world.officer.pk,
        occurred_at=at(10, 10),
        household_id=world.households[0],
        details=NOTHING_FOUND,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def information(world: County, **changes: object) -> WorkItem:
    """A damaged guard rail, handed to the station."""
    item = WorkItem(
        id=new_id(),
        kind=RecordKind.INFORMATION,
        subkind="facility",
        village_code=V1,
        staff_id=world.officer.pk,
        occurred_at=at(10, 10),
        details={"place": "村口桥头", "text": "护栏松动"},
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def hazard(world: County, **changes: object) -> MatterItem:
    """A broken lamp."""
    item = MatterItem(
        id=new_id(),
        kind=MatterKind.HAZARD,
        subkind="lamp",
        village_code=V1,
        place="小学门口",
        summary="路灯不亮",
        opened_at=at(10, 10),
        staff_id=world.officer.pk,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def entry(world: County, **changes: object) -> VisitEntry:
    """A visit without parts."""
    bare = VisitEntry(
        id=new_id(),
        village_code=V1,
        staff_id=world.officer.pk,
        arrived_at=at(10, 9),
        left_at=at(10, 12),
        log="入户三家",
    )
    return replace(bare, **changes)  # type: ignore[arg-type]


def tomorrow() -> datetime:
    """A moment that has not come yet: a morning, so that what follows is of the same day."""
    return datetime.combine(today() + timedelta(days=1), time(9), tzinfo=SHANGHAI)


def _places() -> None:
    Division.objects.create(code="99", name="演示省", level="province")
    Division.objects.create(code="9902", name="演示市", level="city", parent_id="99")
    for code, township in ((COUNTY, TOWNSHIP), (OTHER_COUNTY, FAR)):
        Division.objects.create(code=code, name="演示县", level="county", parent_id="9902")
        Division.objects.create(code=township, name="演示乡", level="township", parent_id=code)
    for code in (V1, V2, AWAY):
        Village.objects.create(
            code=code, name=f"村{code[-4:]}", township_id=code[:9], kind="village", valid_from=BEGAN
        )
    for code, kind, division in (
        (BUREAU, "county", COUNTY),
        (STATION, "station", TOWNSHIP),
        (OTHER_BUREAU, "county", OTHER_COUNTY),
    ):
        Unit.objects.create(code=code, name=f"演示{code}", kind=kind, division_code=division)
    for village in (V1, V2):
        VillageUnit.objects.create(village_id=village, unit_id=STATION, valid_from=BEGAN)


def _staff(badge: str, *, role: str, user: User) -> Staff:
    return Staff.objects.create(
        badge_number=badge, name=user.display_name, role=role, unit_id=STATION, user=user
    )
