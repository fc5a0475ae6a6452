"""Why something is missing from a plan or not as wished: causes and their Chinese."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from cunjing.policy.periods import SubPeriodKind


class LeftCause(StrEnum):
    """Why a household is not in the plan; the first that holds, in this order."""

    NOT_NEEDED = "not_needed"
    NOBODY = "nobody"
    DATE_OUTSIDE = "date_outside"
    DATE_REST = "date_rest"
    DATE_AWAY = "date_away"
    DATE_NOT_VISITED = "date_not_visited"
    NO_DAY = "no_day"
    TOO_LONG = "too_long"
    WINDOW = "window"
    DATE_CLASH = "date_clash"
    NO_TIME = "no_time"


class NoteCause(StrEnum):
    """What the plan could not do as wished, or what whoever reads it should know."""

    PART_SHORT = "part_short"
    MONTH_SHORT = "month_short"
    HOUSEHOLDS_SHORT = "households_short"
    FIXED_REFUSED = "fixed_refused"
    FIXED_REST = "fixed_rest"
    FIXED_CLOSE = "fixed_close"
    CARS_SHORT = "cars_short"
    NO_TABLE = "no_table"
    NOT_BELIEVED = "not_believed"
    NO_SERVICE = "no_service"


_AWAY = {
    "leave": "请假",
    "sick": "病假",
    "training": "培训",
    "secondment": "借调抽调",
    "duty": "值班",
    "other": "另有安排",
}
_PARTS = {
    SubPeriodKind.TEN_DAYS: ("上旬", "中旬", "下旬"),
    SubPeriodKind.HALF_MONTH: ("上半月", "下半月"),
}
WEEKDAYS = "一二三四五六日"

REST = "休息日"
NOT_POSTED = "不在任期内"
OFF_DUTY = "不在岗"
ELSEWHERE = "去了别的村"
NO_CAR = "没有车"
TOO_CLOSE = "离另一次进村太近"
GIVEN_UP = "人工改掉了这天"
PAST = "已经过去"


def away_word(kind: str) -> str:
    """An absence kind in Chinese; a kind of the county's own is shown as written."""
    return _AWAY.get(kind, kind)


def part_word(kind: SubPeriodKind, index: int) -> str:
    """上旬, 中旬, 下旬 or 上半月, 下半月."""
    return _PARTS[kind][index]


def day_word(day: date) -> str:
    """`10月8日`."""
    return f"{day.month}月{day.day}日"


def joined(words: Iterable[str]) -> str:
    """Different words in the order met, joined as Chinese joins them."""
    return "、".join(dict.fromkeys(words))
