"""What waits for a person at the station: lines that were not done, whole pushes that were kept.

A line is read, and decided about, by who manages the phones of the village it speaks of; one that
speaks of no village by who manages that phone. Whose phone it is reads all of its lines.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.sync.lines import UnreadableLinesError, line_of, unpacked
from cunjing.sync.mending import lines_named
from cunjing.sync.models import NOT_DONE, DeviceProgress, Mutation, Quarantine
from cunjing.sync.queries import device_of, devices
from cunjing.sync.twins import came_twice
from cunjing.sync.whereabouts import villages_of

MANAGE = Permission.DEVICE_MANAGE
LINES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says: its type, the device's time, its body; empty where it was erased."""

    n: int
    type: str
    saved_at: str
    body: dict[str, Any]


def waiting_lines(*, actor: Actor) -> QuerySet[Mutation]:
    """The lines nobody has decided about that are the actor's to decide, oldest first."""
    rows = Mutation.objects.filter(result__in=NOT_DONE, decision=None)
    rows = rows.select_related("device__user__staff").defer("content")
    return rows.filter(_decidable(actor)).order_by("received_at", "id")


def waiting_twins(*, actor: Actor, line: Mutation) -> QuerySet[Mutation]:
    """What waits beside a line under the same id, brought by another phone of the same person."""
    rows = Mutation.objects.filter(_decidable(actor), result__in=NOT_DONE, decision=None)
    same = rows.filter(device__user=line.device.user_id, mutation_id=line.mutation_id)
    return same.exclude(pk=line.pk).select_related("device").order_by("received_at", "id")


@dataclass(frozen=True, slots=True)
class Listed:
    """The waiting lines as a list shows them: of those that say the same under one id, the first.
    `twice`: keys of those that came once more."""

    lines: QuerySet[Mutation]
    twice: frozenset[int]


def listed_lines(*, actor: Actor) -> Listed:
    """What a list of the actor's waiting lines shows, and a count counts."""
    rows = waiting_lines(actor=actor)
    found = came_twice(rows)
    return Listed(rows.exclude(pk__in=found.repeated), twice=found.shown)


def waiting_count(*, actor: Actor) -> int:
    """How many lines and pushes wait for the actor, as their list shows them."""
    return listed_lines(actor=actor).lines.count() + waiting_pushes(actor=actor).count()


def mended_from(*, actor: Actor, line: Mutation) -> list[Mutation]:
    """The lines that were not done and that a line says it stands for, with what was decided; of
    those the actor may read, the newest first."""
    rows = _of_author(line, actor=actor).filter(mutation_id__in=lines_named(line))
    return list(rows.defer("content"))


def mended_into(*, actor: Actor, line: Mutation) -> list[Mutation]:
    """The waiting lines that say they stand for a line, the newest first. Asked of what one person
    has waiting: of few."""
    rows = _of_author(line, actor=actor).filter(decision=None)
    return [row for row in rows if line.mutation_id in lines_named(row)]


def waiting_pushes(*, actor: Actor) -> QuerySet[Quarantine]:
    """The whole pushes nobody has decided about, of the phones one manages, oldest first."""
    rows = Quarantine.objects.filter(decision=None).select_related("device__user__staff")
    return rows.defer("body").filter(_managed(actor)).order_by("received_at", "id")


def not_done_of(*, actor: Actor, device_id: UUID) -> QuerySet[Mutation]:
    """The lines of a device that were not done and the actor may read, newest first, with what was
    decided."""
    device = device_of(actor=actor, device_id=device_id)
    rows = Mutation.objects.filter(_readable(actor), device=device, result__in=NOT_DONE)
    return rows.select_related("decision").defer("content").order_by("-n")


def elsewhere_of(*, actor: Actor, device_id: UUID) -> int:
    """How many lines of a device that were not done speak of villages that are not the actor's."""
    device = device_of(actor=actor, device_id=device_id)
    every = Mutation.objects.filter(device=device, result__in=NOT_DONE).count()
    return every - not_done_of(actor=actor, device_id=device_id).count()


def line_of_device(*, actor: Actor, device_id: UUID, n: int) -> Mutation:
    """A line that was not done, with device, person, decision and photo. Raises 40401 for any that
    the actor may not read."""
    rows = Mutation.objects.select_related("device__user__staff", "decision", "held_photo")
    rows = rows.filter(_readable(actor), result__in=NOT_DONE)
    line = rows.filter(device=device_id, n=n).first()
    if line is None:
        raise not_found("没有这一条待查看的记录，或者它说的村不在您的辖区内。")
    return line


def push_of(*, actor: Actor, push_id: UUID) -> Quarantine:
    """A kept push with device, person and decision. Raises 40401 for a stranger's."""
    rows = Quarantine.objects.select_related("device__user__staff", "decision")
    push = rows.filter(pk=push_id, device__in=devices(actor=actor)).first()
    if push is None:
        raise not_found("没有这一次推送，或者不在您的管理范围内。")
    return push


def said_by(line: Mutation) -> Said:
    """What a line says."""
    if line.content is None:
        return Said(line.n, line.type, "", {})
    return _said(bytes(line.content), n=line.n)


def lines_in(push: Quarantine, *, actor: Actor) -> list[Said | None]:
    """What can be read of a kept push, its first lines; nothing where it is no gzip. None stands
    for a line that speaks of a village which is not the actor's."""
    try:
        raws = unpacked(bytes(push.body)).split(b"\n")
    except UnreadableLinesError:
        return []
    said = [_said(raw, n=0) for raw in raws[:LINES_SHOWN] if raw]
    if actor.system or push.device.user_id == actor.user_id:
        return [*said]
    return list(_within(said, device_id=push.device_id, actor=actor))


def _within(said: list[Said], *, device_id: UUID, actor: Actor) -> Iterator[Said | None]:
    area = jurisdiction_of(actor=actor, permission=MANAGE)
    places = villages_of([one.body for one in said], device_id=device_id)
    for one, code in zip(said, places, strict=True):
        yield one if not code or area.covers(code) else None


def versions(*, actor: Actor) -> list[tuple[str, int, int]]:
    """Version of the app, version of the form, how many devices in use have them; newest first."""
    rows = DeviceProgress.objects.filter(device__in=devices(actor=actor), device__revoked_at=None)
    counted = Counter(rows.values_list("app", "schema"))
    return [(app, schema, count) for (app, schema), count in sorted(counted.items(), reverse=True)]


def _said(raw: bytes, *, n: int) -> Said:
    try:
        form = line_of(raw).form
    except UnreadableLinesError:
        return Said(n, "", "", {"?": raw.decode(errors="replace")})
    return Said(form.n, form.type, form.saved_at, form.body)


def _decidable(actor: Actor) -> Q:
    if actor.system:
        return Q()
    area = jurisdiction_of(actor=actor, permission=MANAGE)
    return area.q("village_code") | (Q(village_code="") & _managed(actor))


def _readable(actor: Actor) -> Q:
    if actor.system:
        return Q()
    return _decidable(actor) | Q(device__user_id=actor.user_id)


def _of_author(line: Mutation, *, actor: Actor) -> QuerySet[Mutation]:
    """What else of its person was not done, of the type of a line, as far as the actor reads it."""
    rows = Mutation.objects.filter(_readable(actor), result__in=NOT_DONE, type=line.type)
    rows = rows.filter(device__user=line.device.user_id).exclude(pk=line.pk)
    return rows.select_related("device", "decision").order_by("-received_at", "-id")


def _managed(actor: Actor) -> Q:
    if actor.system:
        return Q()
    area = jurisdiction_of(actor=actor, permission=MANAGE)
    return area.unit_q("device__user__staff__unit_id") | area.unit_q("device__user__unit_code")
