"""The one clock. Every calendar day in the product is a day in Asia/Shanghai (facts contract)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return datetime.now(tz=SHANGHAI)


def today() -> date:
    """The present calendar day in Asia/Shanghai."""
    return now().date()


def local_date(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai of an aware `moment`.

    Raises ValueError for a moment without a time zone: such a value has no day.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone has no local date")
    return moment.astimezone(SHANGHAI).date()
