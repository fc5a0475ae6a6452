"""Frozen values that cost next to nothing to declare.

They offer what a frozen, slotted dataclass does. That writes and compiles methods for each class,
which takes a third of a millisecond a class: with all that a policy is made of, a fifth of the time
in which a county is assessed. These classes share their methods. `fields`, `replace` and `asdict`
of `dataclasses` work on them.
"""

from collections.abc import Callable
from typing import Any, NoReturn, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class RecordType(type):
    """Makes what a class annotates its slots, in order; what it assigns there are defaults."""

    kinds: dict[str, Any]
    writers: dict[str, Callable[[object, object], None]]
    defaults: dict[str, Any]

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> "RecordType":
        """The class; `Record` has its methods."""
        kinds = space.get("__annotations__", {})
        defaults = {name: space.pop(name) for name in kinds if name in space}
        space |= {"__slots__": tuple(kinds), "__match_args__": tuple(kinds)}
        made = super().__new__(mcs, name, bases, space)
        made.kinds = kinds
        made.writers = {name: getattr(made, name).__set__ for name in kinds}
        made.defaults = defaults
        return made


class _Fields:
    """What `dataclasses` looks for in a class, made when it looks."""

    def __get__(self, instance: object, owner: RecordType) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415 - 4 ms which no command needs

        shape: list[Any] = [
            (name, kind, owner.defaults.get(name, dataclasses.MISSING))
            for name, kind in owner.kinds.items()
        ]
        made = dataclasses.make_dataclass(owner.__name__, shape, frozen=True)
        return {field.name: field for field in dataclasses.fields(made)}


class Record(metaclass=RecordType):
    """A frozen value: what a subclass annotates are its parameters, by position or by name.

    Two are equal where class and values are. Classes derived from a subclass are not foreseen.
    """

    __dataclass_fields__ = _Fields()

    def __init__(self, *args: object, **given: object) -> None:
        kind = type(self)
        writers = kind.writers
        count = len(args) + len(given)
        if args:
            given |= zip(writers, args, strict=False)
        sound = len(given) == count
        if count != len(writers):
            given = kind.defaults | given
        if not sound or given.keys() != writers.keys():
            raise TypeError(f"{kind.__name__} takes {', '.join(writers)}, once each")
        for name, write in writers.items():
            write(self, given[name])

    def named(self) -> dict[str, Any]:
        """The values by name, in the order of the class."""
        return {name: getattr(self, name) for name in type(self).writers}

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        pairs = (f"{name}={value!r}" for name, value in self.named().items())
        return f"{type(self).__qualname__}({', '.join(pairs)})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} is frozen")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), _values(self)


def _values(record: Record) -> tuple[object, ...]:
    return tuple(record.named().values())
