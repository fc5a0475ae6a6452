"""Schedules: what happens, in order, to phones, station, network and clocks; made from choices.

A step is plain data that means something in every state, so that any part of a schedule is a
schedule: numbers in it pick among what there is (`pick` modulo how many).
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

Choose = Callable[[int], int]
"""A number from 0 up to, not including, the one given."""
Step = dict[str, Any]

PHONES = 3
VILLAGES = (0, 0, 1, 1, 1, 1, 2, 2, 3)
"""Villages by how often they are chosen; the last is founded by a schedule, or never is."""
MOST_STEPS = 12
HOUR = 3_600_000
YEAR = 365 * 24 * HOUR
PICKS = 64
KINDS = (
    "visit", "visit", "entry", "entry", "matter", "correction", "withdrawal", "seen", "bad",
    "foreign", "strange",
)  # fmt: skip
FAULTS = (
    "drop_request", "drop_reply", "drop_reply", "cut_request", "cut_reply", "duplicate",
    "duplicate_first", "hold",
)  # fmt: skip
POINTS = ("before-commit", "after-commit", "before-send", "after-reply")
SAVING = ("before-commit", "after-commit")
CLOCKS = (
    {"pass": HOUR}, {"pass": 30 * HOUR}, {"pass": 80 * HOUR}, {"jump": HOUR}, {"jump": -HOUR},
    {"jump": 3 * YEAR}, {"jump": -3 * YEAR}, {"jump": 40 * YEAR}, {"jump": -60 * YEAR},
    {"pass": 80 * HOUR, "jump": -12 * HOUR},
)  # fmt: skip
SKEWS = ((2, 2), (2, 3), (3, 3), (1, 1), (2, 2))
"""Oldest and newest schema the server reads: the device's own is 2."""
STATION = (
    "house_add", "house_edit", "house_edit", "house_edit", "house_move", "house_move",
    "house_retire", "hamlet_add", "hamlet_rename", "village_rename", "posting_end", "matter_edit",
    "matter_edit", "brief", "brief_end", "ask", "ask", "ask_no_more",
)  # fmt: skip
FILES = ("lost", "deaf", "cut", "cut", "killed")
"""A request or its answer that gets lost; a body cut short; and the server killed over it."""
_WEIGHTS = {
    "record": 30, "draft": 6, "twin": 3, "sync": 30, "release": 3, "replay": 5, "clock": 5,
    "restart": 3, "dismiss": 2, "station": 18, "end_grant": 5, "grant": 4, "revoke": 5,
    "begin_again": 6, "skew": 3, "snapshot": 4, "restore": 4, "settle": 3, "copy": 2, "edit": 12,
    "arbitrate": 5, "decide": 4, "answer": 6, "photo": 6, "upload": 5, "beacon": 2, "merge": 2,
    "split": 2, "mend": 6,
}  # fmt: skip
_NAMES = tuple(name for name, weight in _WEIGHTS.items() for _ in range(weight))


def schedule_of(choose: Choose) -> list[Step]:
    """A schedule: how many phones matter is chosen with it."""
    phones = 1 + choose(PHONES)
    return [_step(choose, phones=phones) for _ in range(3 + choose(MOST_STEPS - 2))]


def schedule_by_seed(seed: int) -> list[Step]:
    """The schedule of a seed, the same on every machine."""
    return schedule_of(random.Random(seed).randrange)  # noqa: S311 - no secret


def _village(choose: Choose) -> int:
    return VILLAGES[choose(len(VILLAGES))]


def _step(choose: Choose, *, phones: int) -> Step:
    name = _NAMES[choose(len(_NAMES))]
    step: Step = {"do": name, "phone": choose(phones)}
    if name in _MORE:
        step |= _MORE[name](choose)
    return step


def _record(choose: Choose) -> Step:
    return {
        "kind": KINDS[choose(len(KINDS))],
        "village": _village(choose),
        "pick": choose(PICKS),
        "crash": _crash(choose, points=SAVING),
        "more": choose(3) if choose(4) == 0 else 0,
    }


def _draft(choose: Choose) -> Step:
    return {"village": _village(choose), "pick": choose(PICKS), "crash": _crash(choose, SAVING)}


def _sync(choose: Choose) -> Step:
    faults = []
    if choose(3):
        for _ in range(1 + choose(2)):
            kind = FAULTS[choose(len(FAULTS))]
            faults.append({"at": 1 + choose(2), "kind": kind, "byte": choose(500)})
    return {
        "faults": faults,
        "crash": _crash(choose, points=POINTS),
        "death": 1 + choose(36) if choose(6) == 0 else 0,
    }


def _crash(choose: Choose, points: Sequence[str]) -> Step | None:
    if choose(5):
        return None
    return {"point": points[choose(len(points))], "at": 1 + choose(4 if len(points) > 2 else 1)}


def _station(choose: Choose) -> Step:
    return {
        "act": STATION[choose(len(STATION))],
        "village": _village(choose),
        "pick": choose(PICKS),
    }


def _edit(choose: Choose) -> Step:
    return {
        "subject": ("household", "matter")[choose(2)],
        "pick": choose(PICKS),
        "what": 1 + choose(7),
        "meanwhile": choose(2),
        "crash": _crash(choose, points=SAVING),
    }


def _upload(choose: Choose) -> Step:
    faults = [
        {"at": 1 + choose(5), "kind": FILES[choose(len(FILES))], "part": choose(9)}
        for _ in range(choose(3))
    ]
    return {"faults": faults, "crash": _crash(choose, points=SAVING)}


_MORE: dict[str, Callable[[Choose], Step]] = {
    "record": _record,
    "draft": _draft,
    "twin": lambda choose: {"village": _village(choose)},
    "sync": _sync,
    "release": lambda choose: {"order": ("first", "last")[choose(2)]},
    "replay": lambda choose: {"pick": choose(PICKS)},
    "clock": lambda choose: {"by": CLOCKS[choose(len(CLOCKS))]},
    "dismiss": lambda choose: {"pick": choose(PICKS)},
    "station": _station,
    "end_grant": lambda choose: {"village": _village(choose)},
    "grant": lambda choose: {"village": _village(choose)},
    "edit": _edit,
    "arbitrate": lambda choose: {"pick": choose(PICKS), "side": choose(2)},
    "decide": lambda choose: {"pick": choose(PICKS), "outcome": choose(3)},
    "answer": lambda choose: {"pick": choose(PICKS), "crash": _crash(choose, SAVING)},
    "photo": lambda choose: {
        "pick": choose(PICKS),
        "picture": choose(3),
        "crash": _crash(choose, SAVING),
    },
    "upload": _upload,
    "mend": lambda choose: {
        "village": _village(choose),
        "pick": choose(PICKS),
        "when": choose(4),
        "outcome": choose(3),
        "picture": choose(4),
        "crash": _crash(choose, SAVING),
    },
    "merge": lambda choose: {"village": _village(choose), "into": _village(choose)},
    "skew": lambda choose: {"range": SKEWS[choose(len(SKEWS))]},
}
