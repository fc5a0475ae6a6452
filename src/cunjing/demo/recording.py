"""The script becomes records, through the same actions that take everybody's work."""

from collections.abc import Callable
from itertools import islice

from cunjing.demo.script import Script
from cunjing.fieldwork.actions import correct_record, record_many, withdraw_record
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.matters.actions import open_many

_AT_ONCE = 2000


def record_script(*, actor: Actor, script: Script, progress: Callable[[int, int], None]) -> None:
    """Record, correct, withdraw. Repeated, it finds everything there and writes nothing."""
    waiting = iter(script.items)
    done = 0
    while items := list(islice(waiting, _AT_ONCE)):
        received = {item.id: script.arrivals[item.id] for item in items}
        record_many(actor=actor, items=items, received=received)
        done += len(items)
        progress(done, len(script.items))
    open_many(
        actor=actor,
        items=script.matters,
        received={item.id: script.arrivals[item.id] for item in script.matters},
    )
    for correction in script.corrections:
        correct_record(
            actor=actor,
            record_id=correction.record_id,
            item=correction.item,
            reason=correction.reason,
            received_at=correction.at,
        )
    ids = [withdrawal.record_id for withdrawal in script.withdrawals]
    void = set(
        WorkRecord.objects.filter(pk__in=ids).exclude(voided_at=None).values_list("pk", flat=True)
    )
    for withdrawal in script.withdrawals:
        if withdrawal.record_id not in void:
            withdraw_record(
                actor=actor,
                record_id=withdrawal.record_id,
                reason=withdrawal.reason,
                at=withdrawal.at,
            )
