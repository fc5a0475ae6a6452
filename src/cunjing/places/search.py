"""Finding a village by what people type: Chinese, pinyin, initials, code."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of, visible
from cunjing.places.lookups import Prefix
from cunjing.places.models import Village, VillagePast
from cunjing.standards.divisions import canonical
from cunjing.standards.errors import UnreadableValueError
from cunjing.standards.pinyin import typed
from cunjing.standards.village_names import official_forms, short_name

LONGEST = 40
CITY = 4
"""Digits of a city's code: its few thousand villages are read faster than a wide index."""


class Match(StrEnum):
    """Why a village was found, best first."""

    EXACT = "exact"
    PREFIX = "prefix"
    FORMER = "former"
    SUBSTRING = "substring"


@dataclass(frozen=True, slots=True)
class VillageHit:
    """A village found. `former_name` is set where an earlier name matched."""

    code: str
    name: str
    township: str
    county: str
    match: Match
    former_name: str = ""


def search(*, actor: Actor, text: str, limit: int = 20) -> list[VillageHit]:
    """Living villages in the actor's jurisdiction, best match first: exact, prefix, substring.

    Digits are a code or its beginning (padded or not); letters are pinyin or initials, spaces and
    apostrophes apart; anything else is a name or part of one, also a former one. Each step is asked
    only while there is room: the first ones read an index, the last one reads every name.
    """
    found: dict[str, VillageHit] = {}
    for match, rows in _steps(actor=actor, text=_plain(text)):
        for hit in _hits(rows[:limit], match=match):
            found.setdefault(hit.code, hit)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


@dataclass(frozen=True, slots=True)
class _Field:
    """The villages to look among. In a `narrow` jurisdiction its code range is the best index."""

    villages: QuerySet[Village]
    narrow: bool

    def starting(self, column: str, text: str) -> QuerySet[Village]:
        """Villages whose column starts with `text`, in order of the column."""
        condition = Q(**{f"{column}__startswith": text}) if self.narrow else Prefix(F(column), text)
        return self.villages.filter(condition).order_by(column, "code")


def _plain(text: str) -> str:
    """Without spaces and characters that cannot be seen, and not endless."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())[:LONGEST]


def _steps(*, actor: Actor, text: str) -> Iterator[tuple[Match, QuerySet[Village]]]:
    read = Permission.VILLAGE_READ
    villages = Village.objects.filter(
        visible(actor=actor, permission=read, field_name="code"), valid_to=None
    )
    prefixes = jurisdiction_of(actor=actor, permission=read).prefixes
    field = _Field(villages, narrow=all(len(prefix) >= CITY for prefix in prefixes))
    if text.isascii() and text.isdigit():
        yield Match.PREFIX, field.starting("code", _code(text))
    elif text.isascii():
        yield from _by_letters(field, letters=typed(text))
    else:
        yield from _by_name(field, name=short_name(text))


def _by_letters(field: _Field, *, letters: str) -> Iterator[tuple[Match, QuerySet[Village]]]:
    if letters:
        exact = Q(pinyin=letters) | Q(initials=letters)
        yield Match.EXACT, field.villages.filter(exact).order_by("code")
        yield Match.PREFIX, field.starting("pinyin", letters)
        yield Match.PREFIX, field.starting("initials", letters)


def _by_name(field: _Field, *, name: str) -> Iterator[tuple[Match, QuerySet[Village]]]:
    villages = field.villages
    yield Match.EXACT, villages.filter(name__in=official_forms(name)).order_by("code")
    yield Match.PREFIX, field.starting("name", name)
    former = VillagePast.objects.filter(name__contains=name).values("village_id")
    renamed = villages.filter(code__in=former).exclude(name__contains=name)
    yield Match.FORMER, renamed.order_by("code")
    yield Match.SUBSTRING, villages.filter(name__contains=name).order_by("code")


def _hits(rows: QuerySet[Village], *, match: Match) -> Iterator[VillageHit]:
    for village in rows.select_related("township__parent"):
        county = village.township.parent
        yield VillageHit(
            code=village.code,
            name=village.name,
            township=village.township.name,
            county=county.name if county else "",
            match=match,
            former_name=_former_name(village) if match is Match.FORMER else "",
        )


def _former_name(village: Village) -> str:
    last = village.past.exclude(name=village.name).order_by("-valid_from").first()
    return last.name if last else ""


def _code(text: str) -> str:
    try:
        return canonical(text)
    except UnreadableValueError:  # the beginning of a code
        return text
