"""Villages through time: what one was on a day, and all states there ever were."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from django.db.models import Q

from cunjing.base.clock import local_date
from cunjing.kernel.access import Actor
from cunjing.kernel.changes import last_told
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, visible
from cunjing.places.models import Household, Village, VillagePast


@dataclass(frozen=True, slots=True)
class VillageVersion:
    """A village as it was from `valid_from` up to (not including) `valid_to`; None: still."""

    village_code: str
    name: str
    township_code: str
    township_name: str
    layer: str
    valid_from: date
    valid_to: date | None

    @property
    def county_code(self) -> str:
        """The county its township lies in."""
        return self.township_code[:6]


def village_on(*, code: str, day: date) -> VillageVersion | None:
    """What a village was called and belonged to on a day; None where it was not yet or no more.

    Callers have checked the village.
    """
    present = Village.objects.filter(code=code).select_related("township").first()
    if present is None or (present.valid_to and present.valid_to <= day):
        return None
    if present.valid_from <= day:
        return _present(present)
    past = (
        VillagePast.objects.filter(village_id=code, valid_from__lte=day, valid_to__gt=day)
        .select_related("township")
        .first()
    )
    return _past(past) if past else None


def villages_left(named: Collection[tuple[UUID, str]]) -> dict[UUID, dict[str, date]]:
    """Of households that are not in the villages named with them: those they once were in, each
    with the day they were moved out of it.

    Both villages of a move are told of it, and the old one of nothing that came after.
    """
    told = last_told(
        record_type=Household._meta.label_lower,
        record_ids={str(key) for key, _ in named},
        scopes={code for _, code in named},
    )
    left: dict[UUID, dict[str, date]] = {}
    for key, code in named:
        if moment := told.get((str(key), code)):
            left.setdefault(key, {})[code] = local_date(moment)
    return left


def history(*, actor: Actor, code: str) -> list[VillageVersion]:
    """All states of one village, newest first."""
    check_village(actor=actor, permission=Permission.VILLAGE_READ, village_code=code)
    return sorted(_versions(Q(code=code), Q(village_id=code)), key=_order, reverse=True)


def versions_of(
    *, actor: Actor, permission: Permission = Permission.FACTS_EXPORT
) -> list[VillageVersion]:
    """All states of all villages of the jurisdiction, by code and first day (two queries).

    The states of one village meet without gap or overlap.
    """
    scope = visible(actor=actor, permission=permission, field_name="code")
    past_scope = visible(actor=actor, permission=permission, field_name="village_id")
    return sorted(_versions(scope, past_scope), key=_order)


def _versions(present: Q, past: Q) -> Iterator[VillageVersion]:
    living = Village.objects.filter(present).select_related("township")
    former = VillagePast.objects.filter(past).select_related("township")
    return chain(map(_present, living.iterator()), map(_past, former.iterator()))


def _present(row: Village) -> VillageVersion:
    return _version(row, code=row.code)


def _past(row: VillagePast) -> VillageVersion:
    return _version(row, code=row.village_id)


def _version(row: Village | VillagePast, *, code: str) -> VillageVersion:
    return VillageVersion(
        village_code=code,
        name=row.name,
        township_code=row.township_id,
        township_name=row.township.name,
        layer=row.layer,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _order(version: VillageVersion) -> tuple[str, date]:
    return version.village_code, version.valid_from
