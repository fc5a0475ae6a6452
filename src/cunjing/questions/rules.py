"""What looks as if something were wrong in one person's visits: pure rules over facts already read.

They name records and what was seen. Whether anything is wrong a person says, after hearing whose
record it is.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from cunjing.base.clock import local_date
from cunjing.questions.models import QuestionKind

EARTH_KM = 6371
PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on one asks; a county sets them (settings).

    `speed_kmh`: faster nobody travels, as the crow flies. `similarity_percent`: of two texts of at
    least `text_length` letters. A batch are `batch_records` visits saved within `batch_seconds`,
    each at least `batch_days` days after its day. `clock_minutes`: so far a phone's clock may be
    behind the server's.
    """

    speed_kmh: int
    similarity_percent: int
    text_length: int
    batch_records: int
    batch_seconds: int
    batch_days: int
    clock_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A visit as the rules see it. `place` is longitude and latitude: where it was saved, if the
    officer let that be known, else where the village lies."""

    record_id: UUID
    village_code: str
    day: date
    begins: datetime
    ends: datetime
    recorded_at: datetime
    received_at: datetime
    text: str
    posted: bool
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """When a phone saved a visit: by its own clock, and the server's time it had heard by then."""

    record_id: UUID
    recorded_at: datetime
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of a record by the digest of its bytes."""

    record_id: UUID
    digest: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """A record that one asks about, the one it was compared with, and what was seen."""

    kind: QuestionKind
    record_id: UUID
    other_id: UUID | None = None
    facts: dict[str, object] = field(default_factory=dict)


def doubts(stays: Sequence[Stay], *, limits: Limits) -> list[Doubt]:
    """Every doubt about one person's visits, at most one of a kind for a record."""
    found: dict[tuple[QuestionKind, UUID], Doubt] = {}
    for doubt in (
        *_by_itself(stays),
        *_two_places(stays),
        *_too_fast(stays, limits=limits),
        *_copied(stays, limits=limits),
        *_batches(stays, limits=limits),
    ):
        found.setdefault((doubt.kind, doubt.record_id), doubt)
    return list(found.values())


def reused(photos: Sequence[Shot]) -> list[Doubt]:
    """Photos whose bytes stand at an earlier record too."""
    first: dict[str, Shot] = {}
    found = []
    for photo in sorted(photos, key=lambda one: (one.received_at, one.record_id)):
        before = first.setdefault(photo.digest, photo)
        if before.record_id != photo.record_id:
            found.append(Doubt(QuestionKind.REUSED_PHOTO, photo.record_id, before.record_id))
    return found


def behind(saved: Sequence[Saved], *, limits: Limits) -> list[Doubt]:
    """Visits that a phone says it saved before it heard a time that it had heard by then: its clock
    was behind, or had been set back."""
    allowed = timedelta(minutes=limits.clock_minutes)
    return [
        Doubt(
            QuestionKind.IMPOSSIBLE_TIME,
            one.record_id,
            facts={
                "case": "behind",
                "saved": one.recorded_at.isoformat(),
                "shown": one.shown_at.isoformat(),
            },
        )
        for one in saved
        if one.shown_at - one.recorded_at > allowed
    ]


def similarity(one: str, other: str) -> int:
    """How alike two texts are, in per cent: shared pairs of letters (Dice), digits left out."""
    pairs = [Counter(map("".join, pairwise(letters(text)))) for text in (one, other)]
    total = sum(pairs[0].values()) + sum(pairs[1].values())
    shared = sum((pairs[0] & pairs[1]).values())
    return 2 * PERCENT * shared // total if total else 0


def letters(text: str) -> str:
    """The letters of a text, without digits, signs and spaces: a changed date changes nothing."""
    return "".join(sign for sign in text if unicodedata.category(sign).startswith("L"))


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way between two places as the crow flies."""
    (east, north), (far_east, far_north) = one, other
    up, over = radians(far_north - north) / 2, radians(far_east - east) / 2
    part = sin(up) ** 2 + cos(radians(north)) * cos(radians(far_north)) * sin(over) ** 2
    return 2 * EARTH_KM * asin(sqrt(part))


def _by_itself(stays: Sequence[Stay]) -> Iterator[Doubt]:
    for stay in stays:
        if stay.begins > stay.received_at:
            yield _time(stay, case="ahead")
        elif not stay.posted:
            yield _time(stay, case="not_posted")


def _two_places(stays: Sequence[Stay]) -> Iterator[Doubt]:
    """Visits of different villages at one time; the later received is asked about."""
    ordered = sorted(stays, key=lambda stay: stay.begins)
    for number, stay in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other.begins >= stay.ends:
                break
            if other.village_code != stay.village_code:
                first, second = sorted((stay, other), key=lambda one: one.received_at)
                yield _time(second, other=first, case="two_places")


def _too_fast(stays: Sequence[Stay], *, limits: Limits) -> Iterator[Doubt]:
    for before, after in pairwise(sorted(stays, key=lambda stay: stay.begins)):
        if before.place is None or after.place is None or after.begins < before.ends:
            continue
        kilometres = distance_km(before.place, after.place)
        minutes = max((after.begins - before.ends) // timedelta(minutes=1), 1)
        if kilometres * 60 > limits.speed_kmh * minutes:
            yield _time(after, other=before, case="travel", km=round(kilometres), minutes=minutes)


def _copied(stays: Sequence[Stay], *, limits: Limits) -> Iterator[Doubt]:
    long = [stay for stay in stays if len(letters(stay.text)) >= limits.text_length]
    ordered = sorted(long, key=lambda stay: (stay.received_at, stay.begins))
    for number, stay in enumerate(ordered):
        alike = [(similarity(stay.text, other.text), other) for other in ordered[:number]]
        percent, other = max(alike, key=lambda one: one[0], default=(0, stay))
        if percent >= limits.similarity_percent:
            facts: dict[str, object] = {"percent": percent}
            yield Doubt(QuestionKind.COPIED_TEXT, stay.record_id, other.record_id, facts)


def _batches(stays: Sequence[Stay], *, limits: Limits) -> Iterator[Doubt]:
    """Visits saved one upon the other long after their days; the first of each batch is asked."""
    late = [stay for stay in stays if _days_late(stay) >= limits.batch_days]
    waiting = sorted(late, key=lambda stay: (stay.recorded_at, stay.record_id))
    window = timedelta(seconds=limits.batch_seconds)
    while waiting:
        first = waiting[0]
        batch = [stay for stay in waiting if stay.recorded_at - first.recorded_at <= window]
        if len(batch) >= limits.batch_records:
            seconds = (batch[-1].recorded_at - first.recorded_at) // timedelta(seconds=1)
            days = min(_days_late(stay) for stay in batch)
            facts: dict[str, object] = {"count": len(batch), "seconds": seconds, "days": days}
            yield Doubt(QuestionKind.BATCH_ENTRY, first.record_id, facts=facts)
            waiting = waiting[len(batch) :]
        else:
            waiting = waiting[1:]


def _days_late(stay: Stay) -> int:
    return (local_date(stay.recorded_at) - stay.day).days


def _time(stay: Stay, *, other: Stay | None = None, **facts: object) -> Doubt:
    other_id = other.record_id if other else None
    return Doubt(QuestionKind.IMPOSSIBLE_TIME, stay.record_id, other_id, facts)
