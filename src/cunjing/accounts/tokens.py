"""Keys for programs: made once, shown once, kept as a digest, expiring."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from cunjing.accounts.access import check_may_stand_in
from cunjing.accounts.models import ApiToken, User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.rules import check_token_expiry
from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.errors import FieldFault, Problem, ProblemKind, conflict, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing

MARK = "cj_"
PREFIX_LENGTH = 8
PERMISSION = Permission.USER_MANAGE


@dataclass(frozen=True, slots=True)
class NewToken:
    """A key just made: `secret` is shown this once and never again."""

    token: ApiToken
    secret: str


def create_token(*, actor: Actor, user_id: UUID, name: str, expires_on: date) -> NewToken:
    """Make a key that acts as the user until the end of the day before `expires_on`."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise not_found("没有这个账号，或者不在您的管理范围内。")
    check_may_stand_in(actor=actor, user=user)
    check_token_expiry(expires_on=expires_on, today=today())
    if not 1 <= len(name.strip()) <= 60:
        raise invalid("密钥没有建立。", FieldFault("name", "请写明用途，不超过60个字。"))
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        name=name.strip(),
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        expires_at=datetime.combine(expires_on, time(), tzinfo=SHANGHAI),
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        token.save(force_insert=True)
        write.note(token, AuditVerb.CREATED)
    return NewToken(token=token, secret=secret)


def revoke_token(*, actor: Actor, token_id: UUID, reason: str) -> ApiToken:
    """Stop a key at once; one's own, or one of a managed account."""
    token = ApiToken.objects.select_related("user").filter(pk=token_id).first()
    if token is None:
        raise not_found("没有这个密钥，或者不在您的管理范围内。")
    check_may_stand_in(actor=actor, user=token.user)
    if token.revoked_at is not None:
        raise conflict("这个密钥已经吊销。")
    token.revoked_at = now()
    with writing(actor=actor, permission=PERMISSION) as write:
        token.save(update_fields=["revoked_at"])
        write.note(token, AuditVerb.ENDED, reason=reason)
    return token


def authenticate_token(*, token: str) -> Actor:
    """The actor a key stands for. Raises Problem (401) for an unknown, expired or revoked key.

    The day of the last use is kept, with one audit entry a day, so an unused key can be found.
    """
    row = ApiToken.objects.select_related("user").filter(digest=digest_of(token)).first()
    if row is None or row.revoked_at is not None or not row.user.is_active:
        raise Problem(ProblemKind.NOT_SIGNED_IN, "密钥无效或已吊销，请换用有效的密钥。")
    if row.expires_at <= now():
        raise Problem(ProblemKind.NOT_SIGNED_IN, "密钥已过期，请登录后重新建立一个。")
    actor = actor_for(user=row.user)
    if row.last_used_on != today():
        _note_first_use(actor=actor, token=row)
    return actor


def digest_of(secret: str) -> str:
    """SHA-256 of a key. The key has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_first_use(*, actor: Actor, token: ApiToken) -> None:
    token.last_used_on = today()
    with writing(actor=actor, permission=PERMISSION) as write:
        token.save(update_fields=["last_used_on"])
        write.note(token, AuditVerb.CHANGED, reason="当日首次使用")
