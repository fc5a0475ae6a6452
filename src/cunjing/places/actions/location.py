"""Where a village stands on the map."""

from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places import rules
from cunjing.places.access import check_village
from cunjing.places.actions.households import living_village
from cunjing.places.models import Village


def locate_village(
    *, actor: Actor, village_code: str, longitude: float, latitude: float
) -> Village:
    """Set the coordinates of a village's seat, CGCS2000 degrees; not dated, houses do not move."""
    permission = Permission.DIVISION_EDIT
    check_village(actor=actor, permission=permission, village_code=village_code)
    rules.check_coordinates(longitude=longitude, latitude=latitude)
    with writing(actor=actor, permission=permission) as write:
        village = living_village(village_code)
        village.longitude, village.latitude = longitude, latitude
        village.save(update_fields=["longitude", "latitude"])
        write.note(village, AuditVerb.CHANGED, village_code=village_code)
    return village
