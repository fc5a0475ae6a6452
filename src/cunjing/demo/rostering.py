"""What the demo's matching and planning stand on, a draft to look at, this month's calendars."""

from collections.abc import Sequence
from uuid import UUID

from cunjing.base.clock import today
from cunjing.coverage.queries import in_force
from cunjing.demo.cast import BADGES, Case, Cast
from cunjing.demo.places import COUNTY, Ground
from cunjing.demo.seed import chance
from cunjing.kernel.access import Actor
from cunjing.policy.periods import PeriodKind, following, period_at
from cunjing.rostering.actions.agreed import AgreedHours, agree_visit
from cunjing.rostering.actions.candidates import (
    CandidacyFields,
    FeatureFields,
    set_candidacy,
    set_feature,
    set_wishes,
)
from cunjing.rostering.actions.days import add_car, set_day
from cunjing.rostering.actions.drafts import make_draft
from cunjing.rostering.actions.plans import make_plan
from cunjing.rostering.models import (
    AgreedVisit,
    Candidacy,
    CountyDay,
    MatchDraft,
    MonthPlan,
    Seniority,
    SharedCar,
    Trade,
    VillageFeature,
)
from cunjing.staffing.models import Staff, StaffRole

_TRADES = {"JJ": Trade.TRAFFIC, "XZ": Trade.CRIMINAL, "ZA": Trade.PUBLIC_ORDER}
_SENIORITIES = (Seniority.ORDINARY,) * 6 + (Seniority.EXPERIENCED,) * 3 + (Seniority.LEADER,)
_WEIGHTS = "suzhou-2021"
"""Whose weights match: the policy that judges the demo says nothing of how to choose people."""

_WISHING, _SPARE, _MARKET = 0.3, 0.2, 5
_MOST_POPULATION = 3200


def roster(*, actor: Actor, ground: Ground, stations: Sequence[str]) -> None:
    """Attributes, wishes, features, market days, cars; a draft; two months of `stations`, with
    a day everybody there has agreed with a household."""
    _describe_people(actor=actor, ground=ground)
    _describe_villages(actor=actor, ground=ground)
    _mark_days(actor=actor)
    for code in stations:
        if not SharedCar.objects.filter(unit_id=code).exists():
            add_car(actor=actor, unit_code=code, label="演示警车1")
    if not MatchDraft.objects.exists():
        role = StaffRole.LIAISON_OFFICER
        make_draft(actor=actor, unit_code=COUNTY, role=role, policy_id=_WEIGHTS)
    month = period_at(PeriodKind.MONTH, today())
    for text in (month.text, following(month).text):
        for code in stations:
            if not MonthPlan.objects.filter(unit_id=code, month=text).exists():
                make_plan(actor=actor, unit_code=code, month=text)
    if not AgreedVisit.objects.exists():
        for code in stations:
            _agree(actor=actor, plan=MonthPlan.objects.get(unit_id=code, month=text))


def _agree(*, actor: Actor, plan: MonthPlan) -> None:
    """A morning agreed with the first household of everybody's second planned day."""
    seen: set[UUID] = set()
    with_calls = plan.days.filter(calls__isnull=False).distinct().order_by("staff", "day")
    for row in with_calls:
        if row.staff_id not in seen:
            seen.add(row.staff_id)
            continue
        if AgreedVisit.objects.filter(staff=row.staff).exists():
            continue
        agree_visit(
            actor=actor,
            household_id=row.calls.order_by("place")[0].household_id,
            staff_id=row.staff_id,
            day=row.day,
            hours=AgreedHours(window_from=9 * 60, window_to=11 * 60),
        )


def is_rostered() -> bool:
    """Whether the last steps, the calendars, are there."""
    return MonthPlan.objects.filter(unit__code__startswith=COUNTY).exists()


def shown_stations(cast: Cast) -> list[str]:
    """The stations whose month is planned: that of the chief who signs in, that of the officer."""
    (vacant,) = cast.serving(Case.VACANT)
    liaison = next(
        service
        for service in cast.serving(Case.PLAIN)
        if service.person.role is StaffRole.LIAISON_OFFICER
    )
    return sorted({vacant.village_code[:9], liaison.village_code[:9]})


def _describe_people(*, actor: Actor, ground: Ground) -> None:
    codes = [village.code for village in ground.villages]
    known = set(Candidacy.objects.values_list("pk", flat=True))
    people = Staff.objects.filter(badge_number__startswith=BADGES, unit__code__startswith=COUNTY)
    for person in people.exclude(pk__in=known).order_by("badge_number"):
        luck = chance("candidacy", person.badge_number)
        serving = person.postings.filter(in_force(on=today())).count()
        fields = CandidacyFields(
            trade=_TRADES.get(person.unit_id[-2:], Trade.STATION),
            capacity=max(serving, 1) + (luck.random() < _SPARE),
            seniority=luck.choice(_SENIORITIES),
            former_township_code=luck.choice(ground.townships) if luck.random() < _SPARE else "",
        )
        set_candidacy(actor=actor, staff_id=person.pk, fields=fields)
        if luck.random() < _WISHING:
            wished = luck.sample(codes, 2)
            set_wishes(actor=actor, staff_id=person.pk, village_codes=wished)


def _describe_villages(*, actor: Actor, ground: Ground) -> None:
    known = set(VillageFeature.objects.values_list("pk", flat=True))
    for village in ground.villages:
        if village.code in known:
            continue
        luck = chance("feature", village.code)
        fields = FeatureFields(
            on_main_road=luck.random() < _WISHING,
            complex=luck.random() < _SPARE,
            cases=luck.choice((0, 0, 1, 1, 2, 3, 6)),
            population=luck.randrange(600, _MOST_POPULATION, 10),
        )
        set_feature(actor=actor, village_code=village.code, fields=fields)


def _mark_days(*, actor: Actor) -> None:
    """A market every five days of this month."""
    if CountyDay.objects.filter(county_id=COUNTY).exists():
        return
    month = period_at(PeriodKind.MONTH, today())
    for number in range(_MARKET, month.days + 1, _MARKET):
        day = month.start.replace(day=number)
        set_day(actor=actor, county_code=COUNTY, day=day, market=True)
