"""One September in a made-up county, twice: in the database, and as hand-written facts.

Rows are inserted as they are, with the times they are said to have: actions stamp the present.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tests.support.facts_tables import Tables

from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.assessment.actions import freeze_run, run_assessment, set_programme
from cunjing.assessment.models import Programme, Run
from cunjing.base.clock import SHANGHAI
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState, WorkRecord
from cunjing.kernel.access import ActiveGrant, Actor
from cunjing.places.models import (
    Division,
    Household,
    TownshipAdjacency,
    Unit,
    Village,
    VillageEdit,
    VillagePast,
    VillageUnit,
)
from cunjing.staffing.models import Absence, Staff

COUNTY, OTHER_COUNTY = "990101", "990102"
NORTH, SOUTH, FAR = "990101101", "990101102", "990102101"
V1, V2, V3, V4 = (f"{NORTH}201", f"{NORTH}202", f"{SOUTH}201", f"{SOUTH}202")
AWAY = f"{FAR}201"
STATION_NORTH, STATION_SOUTH, BUREAU = "990101N", "990101S", "990101C"
OTHER_BUREAU = "990102C"
BEGAN = date(2026, 1, 1)


def uid(number: int) -> UUID:
    """A fixed id."""
    return UUID(int=number)


def at(day: int, hour: int = 9, *, month: int = 9) -> datetime:
    """An hour of a day in 2026, Shanghai."""
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


AN, BO, CAI, DAI = (uid(number) for number in (1, 2, 3, 4))
AN_V1, BO_V2, CAI_V3, BO_V3, DAI_V1 = (uid(number) for number in (11, 12, 13, 14, 15))
AFTER_SEPTEMBER = at(2, month=10)


def september() -> None:
    """The county's September in the database; a second county beside it with one village."""
    _places()
    _people()
    _work()


def work(number: int, kind: str, village: str, staff: UUID, day: int, **more: Any) -> WorkRecord:
    """Insert a record with a fixed id; unless said otherwise it was received an hour later."""
    moment = more.pop("occurred_at", None) or at(day, month=more.pop("month", 9))
    details = {"log": more.pop("log", "巡村一圈")} if kind == "village_visit" else {"text": "x"}
    return WorkRecord.objects.create(
        id=uid(number),
        kind=kind,
        village_id=village,
        staff_id=staff,
        local_date=moment.date(),
        occurred_at=moment,
        recorded_at=moment,
        received_at=more.pop("received_at", moment.replace(hour=moment.hour + 1)),
        details=details,
        digest="0" * 64,
        **more,
    )


def _places() -> None:
    Division.objects.create(code="99", name="演示省", level="province")
    Division.objects.create(code="9901", name="演示市", level="city", parent_id="99")
    for county in (COUNTY, OTHER_COUNTY):
        Division.objects.create(code=county, name="演示县", level="county", parent_id="9901")
    for township, county in ((NORTH, COUNTY), (SOUTH, COUNTY), (FAR, OTHER_COUNTY)):
        Division.objects.create(code=township, name="演示乡", level="township", parent_id=county)
    TownshipAdjacency.objects.create(township_id=NORTH, adjacent_id=SOUTH)
    for code in (V1, V2, V3, V4, AWAY):
        Village.objects.create(
            code=code, name=f"村{code[-4:]}", township_id=code[:9], kind="village", valid_from=BEGAN
        )
    edit = VillageEdit.objects.create(
        village_id=V4, kind="rename", effective_on=date(2026, 9, 10), reason="更名"
    )
    VillagePast.objects.create(
        village_id=V4, edit=edit, name="旧名", township_id=SOUTH, layer="key",
        valid_from=BEGAN, valid_to=date(2026, 9, 10),
    )  # fmt: skip
    Village.objects.filter(code=V4).update(valid_from=date(2026, 9, 10))
    for code, kind, division in (
        (BUREAU, "county", COUNTY),
        (STATION_NORTH, "station", NORTH),
        (STATION_SOUTH, "station", SOUTH),
        (OTHER_BUREAU, "county", OTHER_COUNTY),
    ):
        Unit.objects.create(code=code, name=code, kind=kind, division_code=division)
    for village, unit in (
        (V1, STATION_NORTH),
        (V2, STATION_NORTH),
        (V3, STATION_NORTH),
        (V4, STATION_SOUTH),
    ):
        VillageUnit.objects.create(village_id=village, unit_id=unit, valid_from=BEGAN)
    for number in range(1, 31):
        Household.objects.create(id=uid(1000 + number), village_id=V1, address=f"演示{number}号")


def _people() -> None:
    for identifier, role, home in (
        (AN, "liaison_officer", V2),
        (BO, "liaison_officer", None),
        (CAI, "liaison_officer", None),
        (DAI, "village_auxiliary", AWAY),
    ):
        Staff.objects.create(
            id=identifier, badge_number=f"演{identifier.int}", name=f"演示{identifier.int}",
            role=role, unit_id=STATION_NORTH, home_village_id=home, party_member=True,
        )  # fmt: skip
        if identifier != BO:
            SyncState.objects.create(
                staff_id=identifier, last_sync_at=at(1, month=10), channel="console"
            )
    SyncState.objects.create(staff_id=BO, last_sync_at=at(20), channel="console")
    for identifier, village, staff, role, start, end in (
        (AN_V1, V1, AN, "liaison_officer", BEGAN, None),
        (BO_V2, V2, BO, "liaison_officer", BEGAN, None),
        (CAI_V3, V3, CAI, "liaison_officer", BEGAN, date(2026, 9, 16)),
        (BO_V3, V3, BO, "liaison_officer", date(2026, 9, 16), None),
        (DAI_V1, V1, DAI, "village_auxiliary", BEGAN, None),
    ):
        Posting.objects.create(
            id=identifier, village_id=village, staff_id=staff, role=role, valid_from=start,
            valid_to=end,
        )  # fmt: skip
    Absence.objects.create(
        staff_id=CAI, kind="sick", date_from=date(2026, 9, 3), date_to=date(2026, 9, 14)
    )
    Absence.objects.create(
        staff_id=AN, kind="leave", date_from=date(2026, 9, 1), date_to=date(2026, 9, 29),
        cancelled_at=at(1),
    )  # fmt: skip


def _work() -> None:
    work(101, "village_visit", V1, AN, 3)
    work(102, "village_visit", V1, AN, 3, log="")
    work(103, "village_visit", V1, AN, 18, voided_at=at(25), void_reason="重复")
    work(104, "village_visit", V1, AN, 18, supersedes_id=uid(103), correction_reason="改地点")
    work(105, "village_visit", V2, AN, 20)
    for number in range(1, 22):
        work(
            200 + number, "household_visit", V1, AN, 3, household_id=uid(1000 + number),
            visit_id=uid(101),
        )  # fmt: skip
    work(222, "household_visit", V1, AN, 18, household_id=uid(1001))
    for number in range(1, 11):
        work(300 + number, "information", V1, AN, 18, subkind="fire")
    work(401, "warning", V1, AN, 30, received_at=at(3, month=10))
    work(402, "session", V1, AN, 12, subkind="legal_education")
    work(403, "village_visit", V1, DAI, 5)
    work(404, "village_visit", V2, BO, 25, month=8)
    work(405, "village_visit", V2, BO, 5)
    work(406, "village_visit", AWAY, DAI, 5)
    work(407, "village_visit", V1, AN, 5, month=6)


def _event(
    number: int, kind: str, village: str, staff: UUID, day: int, **more: Any
) -> dict[str, Any]:
    moment = at(day, month=more.pop("month", 9))
    logged = more.pop("logged", kind == "village_visit")
    return {
        "event_id": str(uid(number)),
        "kind": kind,
        "village_code": village,
        "staff_id": str(staff),
        "local_date": moment.date(),
        "occurred_at": moment,
        "received_at": more.pop("received_at", moment.replace(hour=10)),
        "log_id": str(uid(number)) if logged else None,
        "void": False,
        **more,
    }


def september_tables() -> Tables:
    """The same September written by hand in the contract's words."""
    return {
        "villages": _village_rows(),
        "township_adjacency": [{"township_code": NORTH, "adjacent_code": SOUTH}],
        "units": [
            {"unit_code": code, "kind": kind, "name": code, "division_code": division}
            for code, kind, division in (
                (BUREAU, "county", COUNTY),
                (STATION_NORTH, "station", NORTH),
                (STATION_SOUTH, "station", SOUTH),
            )
        ],
        "village_units": [
            {"village_code": code, "unit_code": unit, "valid_from": BEGAN}
            for code, unit in (
                (V1, STATION_NORTH),
                (V2, STATION_NORTH),
                (V3, STATION_NORTH),
                (V4, STATION_SOUTH),
            )
        ],
        "staff": _staff_rows(),
        "postings": _posting_rows(),
        "absences": [_away(CAI, "sick", date(2026, 9, 3), date(2026, 9, 14))],
        "events": _event_rows(),
        "sync": [
            {"staff_id": str(AN), "last_sync_at": at(1, month=10)},
            {"staff_id": str(BO), "last_sync_at": at(20)},
            {"staff_id": str(CAI), "last_sync_at": at(1, month=10)},
            {"staff_id": str(DAI), "last_sync_at": at(1, month=10)},
        ],
    }


def _away(staff: UUID, kind: str, start: date, end: date) -> dict[str, Any]:
    return {"staff_id": str(staff), "kind": kind, "date_from": start, "date_to": end}


def _posting_rows() -> list[dict[str, Any]]:
    return [
        _posting(AN_V1, V1, AN, "liaison_officer"),
        _posting(BO_V2, V2, BO, "liaison_officer"),
        _posting(CAI_V3, V3, CAI, "liaison_officer", end=date(2026, 9, 16)),
        _posting(BO_V3, V3, BO, "liaison_officer", start=date(2026, 9, 16)),
        _posting(DAI_V1, V1, DAI, "village_auxiliary"),
    ]


def _call(number: int, *, home: int, day: int) -> dict[str, Any]:
    """A household visit; the export numbers the village's households by their ids."""
    named = {"object_id": str(uid(1000 + home)), "object_no": home - 1}
    return _event(number, "household_visit", V1, AN, day, **named)


def _event_rows() -> list[dict[str, Any]]:
    visits = [
        _event(101, "village_visit", V1, AN, 3),
        _event(102, "village_visit", V1, AN, 3, logged=False),
        _event(103, "village_visit", V1, AN, 18, void=True, voided_at=at(25)),
        _event(104, "village_visit", V1, AN, 18),
        _event(105, "village_visit", V2, AN, 20),
        _event(403, "village_visit", V1, DAI, 5),
        _event(404, "village_visit", V2, BO, 25, month=8),
        _event(405, "village_visit", V2, BO, 5),
    ]
    households = [_call(200 + number, home=number, day=3) for number in range(1, 22)]
    items = [
        _event(300 + number, "information", V1, AN, 18, subkind="fire") for number in range(1, 11)
    ]
    others = [
        _call(222, home=1, day=18),
        _event(401, "warning", V1, AN, 30, received_at=at(3, month=10)),
        _event(402, "session", V1, AN, 12, subkind="legal_education"),
    ]
    return [*visits, *households, *items, *others]


def _village_rows() -> list[dict[str, Any]]:
    """V4 twice, before and after its new name; the auxiliary's home as never assessed."""
    plain = {"county_code": COUNTY, "layer": "ordinary", "valid_from": BEGAN}
    rows = [
        {**plain, "village_code": code, "name": f"村{code[-4:]}", "township_code": code[:9]}
        for code in (V1, V2, V3, V4)
    ]
    rows[3]["valid_from"] = date(2026, 9, 10)
    old = {**plain, "village_code": V4, "name": "旧名", "township_code": SOUTH, "layer": "key"}
    old["valid_to"] = date(2026, 9, 10)
    home = {
        "village_code": AWAY, "name": f"村{AWAY[-4:]}", "township_code": FAR,
        "county_code": OTHER_COUNTY, "layer": "ordinary", "valid_from": date(1900, 1, 1),
        "valid_to": date(1900, 1, 2),
    }  # fmt: skip
    return [*rows, old, home]


def _staff_rows() -> list[dict[str, Any]]:
    return [
        {"staff_id": str(identifier), "role": role, "unit_code": STATION_NORTH,
         "home_village_code": home, "party_member": True}
        for identifier, role, home in (
            (AN, "liaison_officer", V2),
            (BO, "liaison_officer", None),
            (CAI, "liaison_officer", None),
            (DAI, "village_auxiliary", AWAY),
        )
    ]  # fmt: skip


def _posting(
    identifier: UUID,
    village: str,
    staff: UUID,
    role: str,
    *,
    start: date = BEGAN,
    end: date | None = None,
) -> dict[str, Any]:
    return {
        "posting_id": str(identifier),
        "village_code": village,
        "staff_id": str(staff),
        "role": role,
        "valid_from": start,
        "valid_to": end,
    }


def acting(role: Role, *, unit_code: str = "", village_code: str = "") -> Actor:
    """Somebody with one role over one unit or village."""
    grant = ActiveGrant(
        role=role,
        permissions=PERMISSIONS_OF[role],
        unit_code=unit_code,
        village_code=village_code,
    )
    return Actor(name=str(role.label), user_id=uid(9000), grants=(grant,))


def bureau() -> Actor:
    """The county bureau."""
    return acting(Role.COUNTY_BUREAU, unit_code=BUREAU)


def stranger() -> Actor:
    """The bureau of the county beside it."""
    return acting(Role.COUNTY_BUREAU, unit_code=OTHER_BUREAU)


def judged_september(*, as_of: datetime = AFTER_SEPTEMBER) -> Run:
    """September judged by Bozhou's rules, provisional, as known on 2 October."""
    if not Programme.objects.filter(prefix=COUNTY).exists():
        set_programme(actor=bureau(), prefix=COUNTY, policy_id="bozhou-2014", valid_from=BEGAN)
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=as_of)


def frozen_september() -> Run:
    """September judged and frozen; one record of it arrived a day too late."""
    return freeze_run(actor=bureau(), run_id=judged_september().pk)
