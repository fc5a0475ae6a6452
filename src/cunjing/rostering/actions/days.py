"""Writes about days, cars and the weights of need."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, conflict, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_division, check_unit
from cunjing.rostering.models import CountyDay, NeedWeights, SharedCar
from cunjing.rostering.rules import label_faults

PERMISSION = Permission.CALENDAR_EDIT


def set_day(
    *,
    actor: Actor,
    county_code: str,
    day: date,
    working: bool | None = None,
    market: bool = False,
    festival: bool = False,
) -> CountyDay:
    """Say what a county's day is; saying nothing of it makes it an ordinary day again."""
    check_division(actor=actor, permission=PERMISSION, code=county_code)
    known = CountyDay.objects.filter(county_id=county_code, day=day).first()
    row = known or CountyDay(county_id=county_code, day=day)
    row.working, row.market, row.festival = working, market, festival
    with writing(actor=actor, permission=PERMISSION) as write:
        row.save(force_insert=known is None, force_update=known is not None)
        write.note(row, AuditVerb.CHANGED if known else AuditVerb.CREATED)
    return row


def add_car(*, actor: Actor, unit_code: str, label: str) -> SharedCar:
    """Enter a car a unit shares for visits."""
    check_unit(actor=actor, permission=Permission.PLAN_EDIT, unit_code=unit_code)
    faults = label_faults(label)
    if faults:
        raise invalid("车辆没有登记。", *faults)
    car = SharedCar(unit_id=unit_code, label=label.strip())
    with writing(actor=actor, permission=Permission.PLAN_EDIT) as write:
        car.save(force_insert=True)
        write.note(car, AuditVerb.CREATED, scopes=(unit_code,))
    return car


def retire_car(*, actor: Actor, car_id: UUID) -> SharedCar:
    """Take a car out of use from today."""
    car = SharedCar.objects.filter(pk=car_id).first()
    if car is None:
        raise not_found()
    check_unit(actor=actor, permission=Permission.PLAN_EDIT, unit_code=car.unit_id)
    if car.retired_on is not None:
        raise conflict("这辆车已经停用。")
    car.retired_on = today()
    with writing(actor=actor, permission=Permission.PLAN_EDIT) as write:
        car.save(update_fields=["retired_on"])
        write.note(car, AuditVerb.ENDED, scopes=(car.unit_id,))
    return car


def set_weights(*, actor: Actor, county_code: str, weights: Mapping[str, int]) -> NeedWeights:
    """Set how a county weighs the need of a household; names are the columns of `NeedWeights`."""
    check_division(actor=actor, permission=PERMISSION, code=county_code)
    faults = [
        FieldFault(name, "请填0至10000的整数。")
        for name, value in weights.items()
        if not 0 <= value <= 10_000
    ]
    if faults:
        raise invalid("没有保存，请改正标出的项。", *faults)
    known = NeedWeights.objects.filter(pk=county_code).first()
    row = known or NeedWeights(county_id=county_code)
    for name, value in weights.items():
        setattr(row, name, value)
    with writing(actor=actor, permission=PERMISSION) as write:
        row.save(force_insert=known is None, force_update=known is not None)
        write.note(row, AuditVerb.CHANGED if known else AuditVerb.CREATED)
    return row
