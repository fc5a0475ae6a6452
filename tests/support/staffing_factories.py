"""People made by the product's own actions."""

from typing import Any

from tests.support.places_factories import system

from cunjing.staffing.actions import add_staff
from cunjing.staffing.models import Staff


def make_staff(badge_number: str, **fields: Any) -> Staff:
    """A liaison officer of `unit_code`, unless `fields` (those of `StaffFields`) say otherwise."""
    said: dict[str, Any] = {"name": f"示例{badge_number}", "role": "liaison_officer", **fields}
    return add_staff(actor=system(), badge_number=badge_number, **said)
