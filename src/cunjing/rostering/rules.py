"""Pure checks of what is entered for matching and planning; nothing here reads the database."""

from collections.abc import Sequence

from cunjing.base.errors import FieldFault

MOST_WISHES = 3
MOST_VILLAGES = 20
REASON_MAX = 200
LABEL_MAX = 20


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
