"""Reads of county days, cars and weights."""

from datetime import date

from django.db.models import QuerySet

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_division, check_unit
from cunjing.rostering.models import CountyDay, NeedWeights, SharedCar
from cunjing.rostering.needs import weights_of


def county_days(*, actor: Actor, county_code: str, first: date, end: date) -> QuerySet[CountyDay]:
    """What a county says of its days in [`first`, `end`)."""
    check_division(actor=actor, permission=Permission.CALENDAR_EDIT, code=county_code)
    return CountyDay.objects.filter(county_id=county_code, day__gte=first, day__lt=end).order_by(
        "day"
    )


def cars_of(*, actor: Actor, unit_code: str) -> QuerySet[SharedCar]:
    """The cars a unit has in use."""
    check_unit(actor=actor, permission=Permission.PLAN_EDIT, unit_code=unit_code)
    return SharedCar.objects.filter(unit_id=unit_code, retired_on=None).order_by("label", "id")


def weights(*, actor: Actor, county_code: str) -> NeedWeights:
    """How a county weighs the need of a household."""
    check_division(actor=actor, permission=Permission.CALENDAR_EDIT, code=county_code)
    return weights_of(county_code)
