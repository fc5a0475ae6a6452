"""The secret address of one's own calendar feed: made, shown once, revoked."""

import hashlib
import secrets
from dataclasses import dataclass

from cunjing.base.clock import now
from cunjing.base.errors import conflict, forbidden
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import why_not
from cunjing.rostering.models import FeedAddress
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry

PERMISSION = Permission.PLAN_OWN
_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed just opened: `token` is shown this once and never again."""

    feed: FeedAddress
    token: str


def open_feed(*, actor: Actor) -> NewFeed:
    """Make the address of the actor's own feed; an address made before stops at once."""
    staff = _own(actor)
    token = secrets.token_urlsafe(_BYTES)
    feed = FeedAddress(staff=staff, digest=digest_of(token))
    with writing(actor=actor, permission=PERMISSION) as write:
        for before in FeedAddress.objects.filter(staff=staff, revoked_at=None):
            before.revoked_at = write.at
            before.save(update_fields=["revoked_at"])
            write.note(before, AuditVerb.ENDED, scopes=(staff.unit_id,))
        feed.save(force_insert=True)
        write.note(feed, AuditVerb.CREATED, scopes=(staff.unit_id,))
    return NewFeed(feed=feed, token=token)


def revoke_feed(*, actor: Actor) -> FeedAddress:
    """Stop the actor's own feed."""
    staff = _own(actor)
    feed = FeedAddress.objects.filter(staff=staff, revoked_at=None).first()
    if feed is None:
        raise conflict("没有正在使用的日历地址。")
    feed.revoked_at = now()
    with writing(actor=actor, permission=PERMISSION) as write:
        feed.save(update_fields=["revoked_at"])
        write.note(feed, AuditVerb.ENDED, scopes=(staff.unit_id,))
    return feed


def digest_of(token: str) -> str:
    """SHA-256 of a token. It has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _own(actor: Actor) -> Staff:
    if refusal := why_not(actor=actor, permission=PERMISSION):
        raise forbidden(refusal)
    staff = own_entry(actor=actor)
    if staff is None:
        raise forbidden("您的账号没有关联人员。请联系县局。")
    return staff
