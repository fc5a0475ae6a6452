"""Who the key belongs to and what it may do."""

from uuid import UUID

from ninja import Router
from pydantic import BaseModel

from cunjing.api.auth import ApiRequest
from cunjing.api.problems import READ_REFUSALS
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.staffing.queries import own_entry

router = Router(tags=["me"])


class GrantOut(BaseModel):
    """A role over one unit or one village."""

    role: str
    unit_code: str
    village_code: str


class PermissionOut(BaseModel):
    """A right and where it holds: village code prefixes, single villages, units."""

    code: str
    label: str
    prefixes: list[str]
    villages: list[str]
    units: list[str]


class MeOut(BaseModel):
    """The account of the key. `staff_id` is empty where it belongs to no staff member."""

    name: str
    user_id: UUID | None
    staff_id: UUID | None
    grants: list[GrantOut]
    permissions: list[PermissionOut]


@router.get("/me", response={200: MeOut, **READ_REFUSALS})
def get_me(request: ApiRequest) -> MeOut:
    """The account of the key, its grants and its rights."""
    actor = request.auth
    staff = own_entry(actor=actor)
    return MeOut(
        name=actor.name,
        user_id=actor.user_id,
        staff_id=staff.pk if staff else None,
        grants=[
            GrantOut(role=g.role, unit_code=g.unit_code, village_code=g.village_code)
            for g in actor.grants
        ],
        permissions=[_right(actor, right) for right in Permission if actor.holds(right)],
    )


def _right(actor: Actor, permission: Permission) -> PermissionOut:
    area = jurisdiction_of(actor=actor, permission=permission)
    return PermissionOut(
        code=permission.code,
        label=permission.label,
        prefixes=sorted(area.prefixes),
        villages=sorted(area.villages),
        units=sorted(area.units),
    )
