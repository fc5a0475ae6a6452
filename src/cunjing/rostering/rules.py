"""Pure checks of what is entered for matching and planning; nothing here reads the database."""

from collections.abc import Sequence
from datetime import date, timedelta

from cunjing.base.errors import FieldFault

MOST_WISHES = 3
MOST_VILLAGES = 20
REASON_MAX = 200
LABEL_MAX = 20
AHEAD = timedelta(days=183)
"""How far ahead a day is agreed: a year mistyped is found."""

SHORTEST, LONGEST = 5, 480
"""Minutes of a visit."""


def wish_faults(codes: Sequence[str], *, known: frozenset[str]) -> list[FieldFault]:
    """Faults of a list of wished villages, the first wish first."""
    faults = []
    if len(codes) > MOST_WISHES:
        faults.append(FieldFault(f"wish_{MOST_WISHES}", f"最多填{MOST_WISHES}个志愿。"))
    for place, code in enumerate(codes, start=1):
        if code not in known:
            faults.append(FieldFault(f"wish_{place}", "没有这个村，请从列表中选择。"))
        elif code in codes[: place - 1]:
            faults.append(FieldFault(f"wish_{place}", "同一个村填了两次，请改选或留空。"))
    return faults


def capacity_faults(capacity: int) -> list[FieldFault]:
    """A fault where nobody could serve that many villages."""
    if 0 <= capacity <= MOST_VILLAGES:
        return []
    return [FieldFault("capacity", f"可包村数请填0至{MOST_VILLAGES}；0表示不参加匹配。")]


def reason_faults(reason: str) -> list[FieldFault]:
    """A fault where a reason is missing or too long."""
    if not reason.strip():
        return [FieldFault("reason", "请写明理由。")]
    if len(reason.strip()) > REASON_MAX:
        return [FieldFault("reason", f"太长了，最多{REASON_MAX}个字。")]
    return []


def label_faults(label: str) -> list[FieldFault]:
    """A fault where a car has no usable name."""
    if 1 <= len(label.strip()) <= LABEL_MAX:
        return []
    return [FieldFault("label", f"请写明是哪辆车，最多{LABEL_MAX}个字。")]


def agreed_faults(
    *, day: date, on: date, window_from: int | None, window_to: int | None, minutes: int | None
) -> list[FieldFault]:
    """Faults of an agreed day and its hours as they stand, seen on `on`; times in minutes."""
    faults = []
    if day < on:
        faults.append(FieldFault("day", "不能约在过去的日子，请选今天或以后。"))
    elif day > on + AHEAD:
        faults.append(FieldFault("day", f"最远约到{on + AHEAD:%Y-%m-%d}，请核对年月。"))
    if minutes is not None and not SHORTEST <= minutes <= LONGEST:
        faults.append(FieldFault("minutes", f"请填{SHORTEST}至{LONGEST}分钟，或留空。"))
    if window_from is None or window_to is None:
        return faults
    if window_to <= window_from:
        faults.append(FieldFault("window_to", "最晚离户要晚于最早到户，例如 09:00 至 11:00。"))
    elif minutes is not None and window_to - window_from < minutes:
        short = f"这段时间只有{window_to - window_from}分钟，不够走访{minutes}分钟，请放宽或减少。"
        faults.append(FieldFault("window_to", short))
    return faults
