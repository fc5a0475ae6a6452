"""A second county, a handful of villages: so that one can see that neither sees the other."""

from cunjing.coverage.actions import open_posting
from cunjing.coverage.models import Posting
from cunjing.demo.cast import Cast, Person
from cunjing.demo.months import RUNNING, Months, moment
from cunjing.demo.places import NEIGHBOUR, NEIGHBOUR_TOWNSHIP, Ground, lay_ground
from cunjing.demo.seed import fixed_id
from cunjing.demo.staffing import enter_people
from cunjing.demo.texts import LOGS
from cunjing.fieldwork.actions import record_many
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.access import Actor
from cunjing.staffing.models import StaffRole

_FIRST_NUMBER = 161
_VISITED = -3


def settle_neighbour(*, actor: Actor, months: Months) -> None:
    """Its villages, an officer in each but one, and a visit apiece last month."""
    ground = lay_ground(actor=actor, county=NEIGHBOUR, code=NEIGHBOUR_TOWNSHIP)
    cast = _cast(ground)
    register = enter_people(actor=actor, cast=cast, months=months)
    began = moment(months.day(RUNNING, _VISITED), 9)
    items = []
    for village, person in zip(ground.villages, cast.people, strict=False):
        staff_id = register[person.badge_number]
        if not Posting.objects.filter(village=village, staff_id=staff_id).exists():
            open_posting(
                actor=actor,
                village_code=village.code,
                staff_id=staff_id,
                role=person.role,
                valid_from=months.long_before,
                reason="演示",
            )
        items.append(
            WorkItem(
                id=fixed_id("neighbour", village.code, at=began),
                kind=RecordKind.VILLAGE_VISIT,
                village_code=village.code,
                staff_id=staff_id,
                occurred_at=began,
                details={"left_at": began.replace(hour=15), "log": LOGS[0]},
            )
        )
    received = {item.id: began.replace(hour=16) for item in items}
    record_many(actor=actor, items=items, received=received)


def _cast(ground: Ground) -> Cast:
    cast = Cast(cases={})
    for number in range(len(ground.villages) - 1):
        cast.people.append(
            Person(_FIRST_NUMBER + number, StaffRole.LIAISON_OFFICER, NEIGHBOUR_TOWNSHIP)
        )
    return cast
