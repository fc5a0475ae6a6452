"""People made by the product's own actions."""

from typing import Unpack

from tests.support.places_factories import system

from cunjing.staffing.actions import add_staff
from cunjing.staffing.models import Staff
from cunjing.staffing.rules import StaffFields


def make_staff(badge_number: str, *, unit_code: str, **fields: Unpack[StaffFields]) -> Staff:
    """A liaison officer of a unit, unless `fields` say otherwise."""
    said: StaffFields = {"name": f"示例{badge_number}", "role": "liaison_officer", **fields}
    return add_staff(actor=system(), badge_number=badge_number, **{**said, "unit_code": unit_code})
