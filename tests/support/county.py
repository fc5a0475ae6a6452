"""A county of any size from a fixed seed: postings, absences and a month of everybody's work."""

from datetime import date, timedelta
from random import Random
from typing import Any

from cunjing.policy.periods import Period, start_of_day

Rows = list[dict[str, Any]]
WORK = (
    ("village_visit", None, 12),
    ("household_visit", None, 20),
    ("information", None, 5),
    ("warning", None, 1),
    ("session", "legal_education", 1),
)


def county(*, villages: int, period: Period, seed: int) -> dict[str, Rows]:
    """Facts of a county: a liaison officer and an auxiliary a village, some gone or changed.

    About forty events per village and month; some void, late, elsewhere or without a log.
    """
    chance = Random(seed)  # noqa: S311 - a fixed seed is the point
    codes = [f"532323{100 + number // 20:03}{200 + number % 20:03}" for number in range(villages)]
    postings, staff = [], []
    for number, code in enumerate(codes):
        for role in ("liaison_officer", "village_auxiliary"):
            staff_id = f"{role[0]}{number}"
            home = chance.choice([*codes[:40], None])
            staff.append({"staff_id": staff_id, "role": role, "home_village_code": home})
            postings += _postings(chance, period, village_code=code, staff_id=staff_id, role=role)
    return {
        "villages": [
            {"village_code": code, "name": code, "township_code": code[:9]} for code in codes
        ],
        "staff": staff,
        "postings": postings,
        "absences": _absences(chance, period, staff),
        "events": _events(chance, period, postings),
        "sync": [
            {
                "staff_id": person["staff_id"],
                "last_sync_at": start_of_day(period.end) + timedelta(hours=chance.randint(-9, 90)),
            }
            for person in staff
            if chance.random() < 0.97
        ],
    }


def _postings(chance: Random, period: Period, **who: str) -> Rows:
    """One open posting, none, or two that touch in mid-period."""
    start = period.start - timedelta(days=chance.randint(0, 900))
    name = f"{who['staff_id']}p"
    luck = chance.random()
    if luck < 0.03:
        return []
    if luck < 0.9:
        return [{**who, "posting_id": name, "valid_from": start}]
    turn = _day(chance, period)
    first = {**who, "posting_id": name, "valid_from": start, "valid_to": turn}
    return [first, {**who, "posting_id": f"{name}2", "valid_from": turn}]


def _absences(chance: Random, period: Period, staff: Rows) -> Rows:
    rows = []
    for person in chance.sample(staff, len(staff) // 4):
        for kind in chance.sample(["leave", "course", "sickness"], chance.randint(1, 2)):
            start = _day(chance, period)
            rows.append({"staff_id": person["staff_id"], "kind": kind, "date_from": start})
            rows[-1]["date_to"] = start + timedelta(days=chance.randint(1, 20))
    return rows


def _events(chance: Random, period: Period, postings: Rows) -> Rows:
    rows: Rows = []
    for posting in postings:
        for kind, subkind, most in WORK:
            for _ in range(chance.randint(0, most * (period.days // 28))):
                day = _day(chance, period)
                row = {"kind": kind, "subkind": subkind, "staff_id": posting["staff_id"]}
                row |= {"village_code": posting["village_code"], "local_date": day}
                row |= {"event_id": f"e{len(rows)}", "object_id": f"h{chance.randint(0, 15)}"}
                rows.append({**row, **_oddity(chance, day)})
    return rows


def _oddity(chance: Random, day: date) -> dict[str, Any]:
    luck = chance.randint(0, 39)
    moment = start_of_day(day) + timedelta(days=chance.randint(0, 60))
    odd: dict[int, dict[str, Any]] = {
        0: {"void": True},
        1: {"void": True, "voided_at": moment},
        2: {"received_at": moment},
        3: {"village_code": None},
    }
    return {"log_id": "l" if luck < 36 else None, **odd.get(luck, {})}


def _day(chance: Random, period: Period) -> date:
    """A day from a week before the period to a week after."""
    return period.start + timedelta(days=chance.randint(-7, period.days + 6))
