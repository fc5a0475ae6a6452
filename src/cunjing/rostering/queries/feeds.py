"""A person's planned days as an iCalendar: for the phone's own calendar, without signing in.

Whoever finds the address learns that somebody goes to a village on a day: no names of people, no
addresses, the village by the last three digits of its code.
"""

from collections.abc import Sequence
from datetime import timedelta

from cunjing.accounts.queries import actor_for
from cunjing.base.clock import today
from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.planning.month.feed import officer_feed
from cunjing.planning.month.model import MonthPlan, VillageDay, Visit
from cunjing.rostering.actions.feeds import digest_of
from cunjing.rostering.models import FeedAddress, PlanDay
from cunjing.rostering.queries.plans import own_days
from cunjing.staffing.queries import own_entry

_BACK, _AHEAD = timedelta(days=31), timedelta(days=93)
_TAIL = 3


def has_feed(*, actor: Actor) -> bool:
    """Whether the signed-in person has an address in use."""
    own = own_entry(actor=actor)
    return own is not None and FeedAddress.objects.filter(staff=own, revoked_at=None).exists()


def feed_of(*, token: str) -> bytes:
    """The calendar an address stands for; 404 for an unknown or revoked one.

    It has the days in villages the person serves today: who serves none has an empty one.
    """
    feed = (
        FeedAddress.objects.filter(
            digest=digest_of(token), revoked_at=None, staff__user__is_active=True
        )
        .select_related("staff__user")
        .first()
    )
    if feed is None or feed.staff.user is None:
        raise not_found("这个日历地址已停用，请在“今日”页重新取得。")
    day, reader = today(), actor_for(user=feed.staff.user)
    rows = own_days(actor=reader, first=day - _BACK, end=day + _AHEAD)
    stamps = [row.moved_at or row.plan.made_at for row in rows]
    return officer_feed(
        _as_planned(rows),
        staff_id=str(feed.staff_id),
        village_names={row.village_id: f"村码尾号{row.village_id[-_TAIL:]}" for row in rows},
        stamp=max(stamps, default=feed.made_at),
        title="进村日程（建议）",
    )


def _as_planned(rows: Sequence[PlanDay]) -> MonthPlan:
    """The rows as the planner writes a plan; of the households only how many there are."""
    return MonthPlan(
        month="",
        units=(),
        seed=0,
        days=tuple(
            VillageDay(day=row.day, staff_id=str(row.staff_id), village_code=row.village_id)
            for row in rows
        ),
        visits=tuple(
            Visit(
                day=row.day,
                staff_id=str(row.staff_id),
                village_code=row.village_id,
                household_id=str(call.household_id),
                order=call.place,
                arrive=call.arrive,
                leave=call.leave,
            )
            for row in rows
            for call in row.calls.all()
        ),
    )
