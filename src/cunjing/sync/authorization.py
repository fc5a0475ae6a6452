"""Who asks: the device an `Authorization` header names, by its token."""

from uuid import UUID

from cunjing.base.errors import Problem, ProblemKind
from cunjing.sync.enrolment import authenticate, authenticate_any
from cunjing.sync.models import Device

SCHEME = "Device"


def device_of_header(said: str, *, withdrawn: bool = False) -> Device:
    """The device of `Device <id>.<token>`, with its user. Raises 40102, or 40103 if it was revoked
    and `withdrawn` ones are not asked for."""
    scheme, _, rest = said.partition(" ")
    name, _, token = rest.partition(".")
    try:
        device_id = UUID(name)
    except ValueError:
        device_id = None
    if scheme != SCHEME or device_id is None:
        detail = "请求没有写明设备，请在应用中重新绑定。"
        raise Problem(ProblemKind.DEVICE_UNKNOWN, detail)
    who = authenticate_any if withdrawn else authenticate
    return who(device_id=device_id, token=token)
