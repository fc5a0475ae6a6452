"""Looking through what arrived: the visits of everybody from whom something came lately."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from cunjing.coverage.models import Posting
from cunjing.fieldwork.details import left_at
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.fieldwork.rules import Term
from cunjing.kernel.access import Actor
from cunjing.photos.models import Photo
from cunjing.questions.actions import ask
from cunjing.questions.models import Question
from cunjing.questions.rules import Doubt, Limits, Saved, Shot, Stay, behind, doubts, reused

Terms = dict[tuple[UUID, str], list[Term]]


def limits() -> Limits:
    """From where on this county asks."""
    said = settings.QUESTION_LIMITS
    return Limits(**{name: said[name] for name in Limits.__slots__})


def look(*, since: datetime) -> list[Question]:
    """Ask about what arrived since then, compared with the person's visits of the days before and
    with every earlier photo. Looking twice asks once.
    """
    actor = Actor.for_system("疑问")
    fresh = WorkRecord.objects.filter(received_at__gte=since, voided_at=None)
    new, earliest = set[UUID](), dict[UUID, date]()
    for record_id, staff_id, day in fresh.values_list("pk", "staff_id", "local_date"):
        new.add(record_id)
        earliest[staff_id] = min(day, earliest.get(staff_id, day))
    found: list[Doubt] = []
    for staff_id, day in sorted(earliest.items()):
        found += doubts(_stays(staff_id, first=day), limits=limits())
    asked = [one for one in found if _is_new(one, new=new)]
    return ask(actor=actor, doubts=[*asked, *reused(_photos(since=since))])


def look_at_clocks(*, shown: Mapping[UUID, datetime]) -> list[Question]:
    """Ask about visits by what their phones had heard of the server's time when they were saved, by
    record. Looking twice asks once."""
    visits = WorkRecord.objects.filter(
        pk__in=shown, kind=RecordKind.VILLAGE_VISIT, voided_at=None
    ).order_by("pk")
    saved = [Saved(key, at, shown[key]) for key, at in visits.values_list("pk", "recorded_at")]
    return ask(actor=Actor.for_system("疑问"), doubts=behind(saved, limits=limits()))


def _is_new(doubt: Doubt, *, new: set[UUID]) -> bool:
    # A batch begins with its first record, which may have come before the last look.
    return doubt.record_id in new or "count" in doubt.facts


def _photos(*, since: datetime) -> list[Shot]:
    """The photos of records promised since then, and every other of the same content. One of a
    record that was taken back may stand at the one entered in its place."""
    stands = Q(record__voided_at=None) | Q(record__superseded=True)
    every = Photo.objects.filter(stands, record__isnull=False)
    digests = every.filter(promised_at__gte=since).values("sha256")
    rows = every.filter(sha256__in=digests).values_list("record_id", "sha256", "promised_at")
    return [Shot(record, digest, at) for record, digest, at in rows if record is not None]


def _stays(staff_id: UUID, *, first: date) -> list[Stay]:
    """A person's visits from some time before the `first` day on."""
    back = timedelta(days=settings.QUESTION_LIMITS["look_back_days"])
    rows = WorkRecord.objects.filter(
        staff_id=staff_id,
        kind=RecordKind.VILLAGE_VISIT,
        local_date__gte=first - back,
        voided_at=None,
    ).select_related("village", "position")
    terms = _terms(staff_id)
    return [_stay(row, terms=terms) for row in rows]


def _stay(row: WorkRecord, *, terms: Terms) -> Stay:
    return Stay(
        record_id=row.pk,
        village_code=row.village_id,
        day=row.local_date,
        begins=row.occurred_at,
        ends=left_at(row.details),
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        text=str(row.details.get("log", "")),
        posted=_posted(terms.get((row.staff_id, row.village_id), []), day=row.local_date),
        place=_place(row),
    )


def _place(row: WorkRecord) -> tuple[float, float] | None:
    """Where it was saved, else where the village lies."""
    for at in (getattr(row, "position", None), row.village):
        if at is not None and at.longitude is not None and at.latitude is not None:
            return float(at.longitude), float(at.latitude)
    return None


def _terms(staff_id: UUID) -> Terms:
    found: Terms = {}
    for posting in Posting.objects.filter(staff_id=staff_id):
        term = Term(posting.valid_from, posting.valid_to)
        found.setdefault((staff_id, posting.village_id), []).append(term)
    return found


def _posted(terms: Iterable[Term], *, day: date) -> bool:
    return any(term.holds(day) for term in terms)
