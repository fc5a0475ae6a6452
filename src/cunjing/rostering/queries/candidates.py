"""Reads of what matching asks of people and villages."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from cunjing.coverage.queries import current_postings
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_unit, check_village, jurisdiction_of
from cunjing.places.models import Division, DivisionLevel, Village
from cunjing.rostering.counties import county_of
from cunjing.rostering.facts import candidacy_of
from cunjing.rostering.models import Candidacy, Hold, Seniority, Trade, VillageFeature, Wish
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import find_people, own_entry, person

PERMISSION = Permission.CANDIDACY_EDIT


def candidate(*, actor: Actor, staff_id: UUID) -> Candidacy:
    """What matching takes a person of the reader's for; not stored where nobody entered it."""
    staff = person(actor=actor, staff_id=staff_id)
    check_unit(actor=actor, permission=PERMISSION, unit_code=staff.unit_id)
    serving = current_postings(actor=actor).filter(staff=staff).count()
    staff = Staff.objects.select_related("unit", "candidacy").get(pk=staff.pk)
    return candidacy_of(staff, serving=serving)


def wishes_of(*, actor: Actor, staff_id: UUID) -> list[Wish]:
    """The wishes of a person, first wish first: one's own, or of who may keep their entry."""
    staff = person(actor=actor, staff_id=staff_id)
    own = own_entry(actor=actor)
    if own is None or own.pk != staff.pk:
        check_unit(actor=actor, permission=PERMISSION, unit_code=staff.unit_id)
    return list(Wish.objects.filter(staff=staff).select_related("village").order_by("rank"))


def wishable_villages(staff: Staff) -> QuerySet[Village]:
    """The villages of a person's county, for lists to choose from; published names only."""
    county = county_of(staff.unit)
    found = Village.objects.filter(code__startswith=county, valid_to=None)
    found = found if county else found.none()
    return found.select_related("township").order_by("code")


def townships_of(staff: Staff) -> QuerySet[Division]:
    """The townships of a person's county."""
    county = county_of(staff.unit)
    found = Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__startswith=county)
    return (found if county else found.none()).order_by("code")


def holds(*, actor: Actor) -> QuerySet[Hold]:
    """The pins and bans in force in villages of the reader's, by village."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    return (
        Hold.objects.filter(area.q("village_id"), lifted_at=None)
        .select_related("staff", "staff__unit", "village", "village__township")
        .order_by("village_id", "made_at")
    )


def feature(*, actor: Actor, village_code: str) -> VillageFeature:
    """What matching takes a village for; not stored where nobody entered it."""
    check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    found = VillageFeature.objects.filter(pk=village_code).first()
    return found or VillageFeature(village_id=village_code)


def sheet_rows(*, actor: Actor, on: date) -> Iterator[dict[str, str]]:
    """Everybody on duty whose entry the actor keeps, with what is known, by field of the sheet."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    found = find_people(actor=actor, on_duty_on=on).filter(area.unit_q("unit_id"))
    staff = list(found.select_related("unit", "home_village", "candidacy"))
    serving = Counter(
        current_postings(actor=actor, on=on).filter(staff__in=staff).values_list("staff", flat=True)
    )
    wishes = defaultdict(list)
    for wish in Wish.objects.filter(staff__in=staff).select_related("village").order_by("rank"):
        wishes[wish.staff_id].append(wish)
    for one in staff:
        entry = candidacy_of(one, serving=serving[one.pk])
        row = {
            "badge_number": one.badge_number,
            "name": one.name,
            "trade": str(Trade(entry.trade).label),
            "seniority": str(Seniority(entry.seniority).label),
            "capacity": str(entry.capacity),
            "home_village": _named(one.home_village),
            "former_township": _named(entry.former_township),
            "former_village": _named(entry.former_village),
        }
        for wish in wishes[one.pk]:
            row[f"wish_{wish.rank}"] = _named(wish.village)
        yield row


def _named(place: Village | Division | None) -> str:
    return f"{place.code} {place.name}" if place else ""
