"""A server that reads other schema versions than the phones write."""

from functools import partial
from types import ModuleType

from cunjing.base.clock import today
from cunjing.sync import applying, bodies, pulling, receiving, schemas, views

_CHECKS: tuple[ModuleType, ...] = (applying, pulling, receiving, views)
_SOUND = schemas.check_schema


def to(oldest: int, newest: int) -> None:
    """From now on the server reads the versions from `oldest` to `newest`."""
    numbers = range(oldest, newest + 1)
    read = [schemas.SchemaVersion(number, today(), "skewed") for number in numbers]
    check = partial(_SOUND, schemas=read)
    for module in _CHECKS:
        vars(module)["check_schema"] = check
    vars(applying)["upcast"] = partial(bodies.upcast, newest=newest)


def reset() -> None:
    """The versions it reads as shipped."""
    for module in _CHECKS:
        vars(module)["check_schema"] = _SOUND
    vars(applying)["upcast"] = bodies.upcast
