"""The names of what the lines of phones say by ids, of what their reader may see."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from cunjing.kernel.access import Actor
from cunjing.places import queries as places
from cunjing.sync.whereabouts import VILLAGE_CODE

Names = dict[str, dict[str, str]]
_NAMED = frozenset({"village_code", "household_id", "hamlet_id"})
_CHANGED = ("from", "to")


def names_in(bodies: Iterable[Mapping[str, object]], *, actor: Actor) -> Names:
    """What villages, households and hamlets some bodies speak of are called: field, id, name."""
    found: dict[str, set[str]] = {name: set() for name in _NAMED}
    for body in bodies:
        for name, said in _said(body):
            found[name].add(said)
    codes = [code for code in found["village_code"] if VILLAGE_CODE.fullmatch(code)]
    villages = places.villages(actor=actor).filter(code__in=codes)
    homes = places.addresses(actor=actor, household_ids=_ids(found["household_id"]))
    hamlets = places.hamlet_names(actor=actor, hamlet_ids=_ids(found["hamlet_id"]))
    return {
        "village_code": dict(villages.values_list("code", "name")),
        "household_id": {str(key): address for key, address in homes.items()},
        "hamlet_id": {str(key): name for key, name in hamlets.items()},
    }


def _said(body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The ids in a body, by field; a changed field says what it was and what it is to be."""
    waiting: list[object] = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                if name not in _NAMED:
                    waiting.append(inner)
                    continue
                changed = isinstance(inner, Mapping)
                sides = [inner.get(side) for side in _CHANGED] if changed else [inner]
                yield from ((name, said) for said in sides if isinstance(said, str))


def _ids(texts: Iterable[str]) -> Iterator[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
