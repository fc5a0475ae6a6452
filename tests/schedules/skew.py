"""A server that reads other schema versions than the phones write, and casts theirs into its."""

from functools import partial
from types import ModuleType
from typing import Any

from cunjing.base.clock import today
from cunjing.sync import applying, bodies, deciding, pulling, receiving, schemas, views

_CHECKS: tuple[ModuleType, ...] = (applying, deciding, pulling, receiving, views)
_CASTS: tuple[ModuleType, ...] = (applying, deciding)
_SOUND = schemas.check_schema
_MARK = "（新表）"
OWN = schemas.newest()
"""The version phones write."""
_READ = {"newest": OWN}


def to(oldest: int, newest: int) -> None:
    """From now on the server reads the versions from `oldest` to `newest`."""
    numbers = range(oldest, newest + 1)
    read = [schemas.SchemaVersion(number, today(), "skewed") for number in numbers]
    check = partial(_SOUND, schemas=read)
    upcast = partial(bodies.upcast, newest=newest, upcasters={("work_record", OWN): _marked})
    _set(check=check, upcast=upcast, newest=newest)


def reset() -> None:
    """The versions it reads as shipped."""
    _set(check=_SOUND, upcast=bodies.upcast, newest=schemas.newest())


def cast(log: str) -> str:
    """The log of a visit that a phone wrote, as the server keeps it now."""
    return log + _MARK if _READ["newest"] > OWN else log


def _set(*, check: Any, upcast: Any, newest: int) -> None:
    for module in _CHECKS:
        vars(module)["check_schema"] = check
    for module in _CASTS:
        vars(module)["upcast"] = upcast
    _READ["newest"] = newest


def _marked(body: dict[str, Any]) -> dict[str, Any]:
    """A body of the phones' version in the form of the next: as if the log had got a sign of it."""
    said = body.get("details")
    if not isinstance(said, dict) or "log" not in said:
        return body
    return {**body, "details": {**said, "log": f"{said['log']}{_MARK}"}}
