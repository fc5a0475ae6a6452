"""Villages that nobody serves, since when, and whose matter that is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from cunjing.base.clock import today
from cunjing.coverage.models import Posting
from cunjing.coverage.owners import Owner, owners_of
from cunjing.coverage.queries import in_force
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Village, VillagePast
from cunjing.staffing.models import StaffRole

PERMISSION = Permission.POSTING_READ


@dataclass(frozen=True, slots=True)
class UncoveredVillage:
    """A village without anyone in the asked roles.

    `since` is its first day without one, `days` how many days that is by the day asked about
    (that day included; negative days lie ahead), `last_name` who served last, `next_from` the
    first day of the next posting, None where nobody is to follow.
    """

    code: str
    name: str
    layer: str
    township_code: str
    township_name: str
    since: date
    days: int
    last_name: str
    next_from: date | None
    owner: Owner


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """How many villages there are, and how many of them nobody serves."""

    villages: int
    uncovered: int

    @property
    def covered(self) -> int:
        """Villages with somebody."""
        return self.villages - self.uncovered


def uncovered_villages(
    *, actor: Actor, roles: Iterable[StaffRole], on: date | None = None
) -> list[UncoveredVillage]:
    """The reader's villages with no posting of these roles on a day, the longest wait first."""
    day = on or today()
    wanted = sorted(roles)
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    villages = list(
        _villages(area=area, on=day)
        .filter(~_served(roles=wanted, on=day))
        .select_related("township")
    )
    since = _last_ends(area=area, roles=wanted, on=day)
    began = _beginnings(villages)
    starts = {v.code: since.get(v.code, began[v.code]) for v in villages}
    return _described(villages=villages, since=starts, roles=wanted, on=day)


def soon_uncovered_villages(
    *, actor: Actor, roles: Iterable[StaffRole], within_days: int, on: date | None = None
) -> list[UncoveredVillage]:
    """Villages served on the day that nobody will serve from some day within `within_days` on.

    `since` is that first day; a successor who begins on the day another ends leaves no gap.
    """
    day = on or today()
    last = day + timedelta(days=within_days)
    wanted = sorted(roles)
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    ending = Posting.objects.filter(
        in_force(on=day), area.q("village_id"), role__in=wanted, valid_to__lte=last
    )
    villages = list(
        _villages(area=area, on=day)
        .filter(pk__in=ending.values("village_id"))
        .select_related("township")
    )
    gaps = _first_gaps(codes=[v.code for v in villages], roles=wanted, on=day)
    left = [v for v in villages if _leaves_gap(village=v, gap=gaps.get(v.code), last=last)]
    since = {code: gap for code, gap in gaps.items() if gap is not None}
    return _described(villages=left, since=since, roles=wanted, on=day)


def count_coverage(
    *, actor: Actor, roles: Iterable[StaffRole], on: date | None = None
) -> CoverageCount:
    """Counts for a dashboard: two counting queries, no rows read."""
    day = on or today()
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    villages = _villages(area=area, on=day)
    return CoverageCount(
        villages=villages.count(),
        uncovered=villages.filter(~_served(roles=sorted(roles), on=day)).count(),
    )


def _villages(*, area: Jurisdiction, on: date) -> QuerySet[Village]:
    """The villages of an area that exist on a day, in their present state or an earlier one."""
    earlier = VillagePast.objects.filter(village=OuterRef("pk"), valid_from__lte=on)
    return Village.objects.filter(
        area.q("code"),
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(valid_from__lte=on) | Exists(earlier),
    ).order_by("code")


def _served(*, roles: Sequence[str], on: date) -> Exists:
    return Exists(Posting.objects.filter(in_force(on=on), village=OuterRef("pk"), role__in=roles))


def _last_ends(*, area: Jurisdiction, roles: Sequence[str], on: date) -> dict[str, date]:
    """The last end of a posting of these roles up to a day, by village."""
    rows = (
        Posting.objects.filter(area.q("village_id"), role__in=roles, valid_to__lte=on)
        .order_by()
        .values("village_id")
        .annotate(last=Max("valid_to"))
    )
    return {row["village_id"]: row["last"] for row in rows}


def _beginnings(villages: Sequence[Village]) -> dict[str, date]:
    """The day each village began to be, by its earliest known state."""
    began = {village.code: village.valid_from for village in villages}
    earliest = VillagePast.objects.order_by().values("village_id").annotate(first=Min("valid_from"))
    for row in earliest:
        if row["village_id"] in began:
            began[row["village_id"]] = min(began[row["village_id"]], row["first"])
    return began


def _first_gaps(*, codes: Sequence[str], roles: Sequence[str], on: date) -> dict[str, date | None]:
    """The first day from `on` that no posting covers, by village; None where one has no end."""
    rows = (
        Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on))
        .filter(village__in=codes, role__in=roles)
        .order_by("village_id", "valid_from")
        .values_list("village_id", "valid_from", "valid_to")
    )
    terms = defaultdict(list)
    for village_code, valid_from, valid_to in rows:
        terms[village_code].append((valid_from, valid_to))
    return {code: _first_gap(terms=terms[code], on=on) for code in codes}


def _first_gap(*, terms: Sequence[tuple[date, date | None]], on: date) -> date | None:
    reached = on
    for valid_from, valid_to in terms:
        if valid_from > reached:
            break
        if valid_to is None:
            return None
        reached = max(reached, valid_to)
    return reached


def _leaves_gap(*, village: Village, gap: date | None, last: date) -> bool:
    """Whether the gap comes in time, and before the village itself ends."""
    return gap is not None and gap <= last and (village.valid_to is None or gap < village.valid_to)


def _described(
    *, villages: Sequence[Village], since: dict[str, date], roles: Sequence[str], on: date
) -> list[UncoveredVillage]:
    codes = [village.code for village in villages]
    owners = owners_of(village_codes=codes, on=on)
    last_names = _names_at_end(since=since, codes=codes, roles=roles)
    following = _next_starts(since=since, codes=codes, roles=roles, on=on)
    found = [
        UncoveredVillage(
            code=village.code,
            name=village.name,
            layer=village.layer,
            township_code=village.township_id,
            township_name=village.township.name,
            since=since[village.code],
            days=(on - since[village.code]).days + 1,
            last_name=last_names.get(village.code, ""),
            next_from=following.get(village.code),
            owner=owners[village.code],
        )
        for village in villages
    ]
    return sorted(found, key=lambda village: (village.since, village.code))


def _names_at_end(
    *, since: dict[str, date], codes: Sequence[str], roles: Sequence[str]
) -> dict[str, str]:
    """Who served each village up to the day it was left."""
    wanted = set(codes)
    rows = Posting.objects.filter(
        role__in=roles, valid_to__in={since[code] for code in wanted}
    ).values_list("village_id", "valid_to", "staff__name")
    return {code: name for code, end, name in rows if code in wanted and end == since[code]}


def _next_starts(
    *, since: dict[str, date], codes: Sequence[str], roles: Sequence[str], on: date
) -> dict[str, date]:
    """The first day of the next posting of each village after the gap began."""
    wanted = set(codes)
    rows = (
        Posting.objects.filter(role__in=roles, valid_from__gt=on)
        .order_by("-valid_from")
        .values_list("village_id", "valid_from")
    )
    return {code: start for code, start in rows if code in wanted and start >= since[code]}
