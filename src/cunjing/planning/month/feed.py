"""One person's village days as iCalendar (RFC 5545), to subscribe to from any calendar.

A feed leaves the building: it names no person, no household and no address, only the village and
how many households are planned.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from cunjing.planning.month.model import ADVICE, MonthPlan, VillageDay

_PRODUCT = "-//Cunjing//village days//ZH"


def officer_feed(
    plans: MonthPlan | tuple[MonthPlan, ...],
    *,
    staff_id: str,
    village_names: Mapping[str, str],
    stamp: datetime,
    title: str = "进村计划",
) -> bytes:
    """The village days of one person, as all-day events; UTF-8 with CRLF lines.

    `stamp` (aware) is when the plan was made or last changed. A village without a name is called
    by its code. The same village day keeps its UID however often the feed is made.
    """
    if stamp.tzinfo is None:
        raise ValueError("a stamp without time zone says no moment")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for plan in plans if isinstance(plans, tuple) else (plans,):
        counts = Counter(
            (visit.day, visit.village_code) for visit in plan.visits if visit.staff_id == staff_id
        )
        for item in plan.days:
            if item.staff_id == staff_id:
                name = village_names.get(item.village_code, item.village_code)
                count = counts[item.day, item.village_code]
                calendar.add_component(_event(item, name=name, count=count, stamp=stamp))
    return bytes(calendar.to_ical())


def _event(item: VillageDay, *, name: str, count: int, stamp: datetime) -> Event:
    key = f"{item.staff_id}/{item.village_code}/{item.day}"
    event = Event()
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@cunjing")
    event.add("dtstamp", stamp)
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", f"进村：{name}" + (f"（走访{count}户）" if count else ""))
    event.add("description", f"{ADVICE}。")
    event.add("transp", "TRANSPARENT")
    return event
