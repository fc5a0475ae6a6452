"""The map of a draft and the weeks of a month."""

from datetime import date, timedelta

from cunjing.console.month_shapes import weeks_of
from cunjing.console.roster_shapes import asked_line, draft_places
from cunjing.places.models import Village
from cunjing.policy.periods import parse_period
from cunjing.rostering.models import AgreedVisit, CountyDay, DraftOption, MatchDraft, PlanDay
from cunjing.rostering.queries.drafts import DraftLine, DraftView
from cunjing.staffing.models import Staff

ONE, OTHER = Staff(name="示例甲"), Staff(name="示例乙")


def line(
    number: int, *, before: Staff | None, after: Staff | None, placed: bool = True
) -> DraftLine:
    village = Village(code=f"99010110120{number}", name="天台村", longitude=101.5, latitude=25.3)
    if not placed:
        village.longitude = village.latitude = None
    return DraftLine(
        village=village,
        before=before,
        after=after,
        changed=before is not after,
        forced=False,
        parts=(),
        points=0,
    )


def view(*lines: DraftLine) -> DraftView:
    return DraftView(draft=MatchDraft(), options=(), chosen=DraftOption(), lines=lines, people=())


def test_a_map_tells_who_stays_who_changes_and_what_is_vacant() -> None:
    drawn = draft_places(
        view(
            line(1, before=ONE, after=ONE),
            line(2, before=ONE, after=OTHER),
            line(3, before=ONE, after=None),
            line(4, before=ONE, after=ONE, placed=False),
        )
    )
    assert drawn is not None
    places = drawn["places"]
    assert isinstance(places, list)
    assert [(one["tone"], one["state"]) for one in places] == [
        ("good", "示例甲"), ("warning", "示例乙（变动）"), ("bad", "空白"),
    ]  # fmt: skip


def test_without_coordinates_there_is_no_map() -> None:
    assert draft_places(view(line(1, before=ONE, after=ONE, placed=False))) is None


def test_a_village_is_asked_about_by_its_code() -> None:
    first, second = line(1, before=ONE, after=ONE), line(2, before=ONE, after=OTHER)
    assert asked_line(view(first, second), code=second.village.code) is second
    assert asked_line(view(first), code="") is None


def test_a_month_is_whole_weeks_with_its_days_marked() -> None:
    month = parse_period("2026-10")
    market = CountyDay(day=date(2026, 10, 8), market=True)
    planned = PlanDay(day=date(2026, 10, 9))
    visits = [AgreedVisit(day=date(2026, 10, 9)), AgreedVisit(day=date(2026, 10, 9))]
    weeks = weeks_of(
        month,
        planned=[planned],
        agreed=visits,
        marks=[market],
        rest=frozenset({date(2026, 10, 1)}),
        on=date(2026, 10, 9),
    )
    cells = {cell.day: cell for week in weeks for cell in week}
    assert all(len(week) == 7 for week in weeks)
    assert weeks[0][0].day == date(2026, 9, 28)
    assert not cells[date(2026, 9, 30)].inside
    assert cells[date(2026, 10, 1)].rest
    assert cells[date(2026, 10, 8)].marks is market
    assert cells[date(2026, 10, 9)].planned == [planned]
    assert cells[date(2026, 10, 9)].agreed == visits
    assert not cells[date(2026, 10, 8)].agreed
    assert cells[date(2026, 10, 9) - timedelta(days=1)].past
    assert not cells[date(2026, 10, 9)].past
