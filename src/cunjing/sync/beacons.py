"""What a phone says when its page is left: that it lives, and how much of it is not here yet.

It is a claim, not data: nobody's work counts as arrived by it (`SyncState` does not move), and it
gives the phone nothing, no signed time and no longer lease.
"""

from typing import Annotated

from django.db import transaction
from pydantic import Field

from cunjing.api.fields import Strict
from cunjing.base.clock import now
from cunjing.sync.models import Device, DeviceProgress


class BeaconIn(Strict):
    """Number and hash of the last line made on the phone; h(0) where there is none."""

    made: Annotated[int, Field(ge=0, le=2**31 - 1)]
    head: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def note_beacon(*, device: Device, said: BeaconIn) -> None:
    """Note what the phone said. Where its last line is the last we have, nothing is missing."""
    with transaction.atomic():
        progress = DeviceProgress.objects.select_for_update().get(pk=device.pk)
        moment = now()
        progress.last_contact_at = moment
        progress.unsent = max(said.made - progress.last_n, 0)
        if (said.made, said.head) == (progress.last_n, progress.head):
            progress.complete_at = moment
        progress.save(update_fields=["last_contact_at", "unsent", "complete_at"])
