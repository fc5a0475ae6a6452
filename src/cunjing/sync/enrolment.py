"""Binding a phone to a person: a code shown once, the device that brings it, its end."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cunjing.accounts.access import check_may_stand_in
from cunjing.accounts.queries import actor_for, user_of
from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, Problem, ProblemKind, conflict, forbidden, invalid
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.writing import writing
from cunjing.sync.chain import genesis
from cunjing.sync.header import read_public_key
from cunjing.sync.models import Device, DeviceProgress, EnrolmentCode
from cunjing.sync.queries import device_of

USE = Permission.DEVICE_USE
CODE_LIVES = timedelta(minutes=10)
SECRET_BYTES = 32
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code just made: `secret` is shown this once, as a QR code."""

    code: EnrolmentCode
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a phone says of itself when it enrols; the key is SPKI in base64."""

    device_id: UUID
    public_key: str
    app: str
    schema: int
    platform: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A bound device with its token, said this once."""

    device: Device
    token: str


def create_enrolment_code(*, actor: Actor, user_id: UUID) -> NewCode:
    """Make a code that binds one phone to the account within ten minutes.

    For oneself, or for an account one may stand in for. Raises 40301 where the account may not use
    a phone, 40401 where it is not the actor's to manage.
    """
    user = user_of(actor=actor, user_id=user_id)
    check_may_stand_in(actor=actor, user=user)
    _check_may_use(actor_for(user=user))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    code = EnrolmentCode(
        user=user, digest=digest_of(secret), created_by=actor.user_id, expires_at=now() + CODE_LIVES
    )
    with writing(actor=actor, permission=USE) as write:
        code.save(force_insert=True)
        write.note(code, AuditVerb.CREATED)
    return NewCode(code, secret)


def enrol(*, code: str, applicant: Applicant) -> Enrolled:
    """Bind a phone. It gets a new token by the same code, or, while it has sent nothing, by another
    of the same person: the answer before was lost.

    Raises 40302 for a code that is unknown, used by another phone or expired, 40303 where the code
    is good and the id another phone's or no longer free, 42201 for a key that is none, 40301 where
    the account may not use a phone any more.
    """
    _check_key(applicant.public_key)
    token = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        row = EnrolmentCode.objects.select_for_update().filter(digest=digest_of(code)).first()
        if row is None or row.expires_at <= now():
            raise _code_refused()
        actor = actor_for(user=row.user)
        _check_may_use(actor)
        device = Device.objects.filter(pk=applicant.device_id).first()
        if device is not None and _may_again(row, device=device, applicant=applicant):
            return Enrolled(_again(row, device=device, actor=actor, token=token), token)
        if row.device_id is not None:
            raise _code_refused()
        if device is not None:
            raise Problem(ProblemKind.DEVICE_TAKEN, "这台手机的设备编号已被占用。请重新绑定。")
        return Enrolled(_bound(row, actor=actor, applicant=applicant, token=token), token)


def revoke_device(*, actor: Actor, device_id: UUID, reason: str) -> Device:
    """Stop a device at once: one's own, or that of somebody whose phones one manages.

    It is told at its next contact. Raises 40401 for a stranger's, 40901 where it was revoked.
    """
    why = reason.strip()
    if not why or len(why) > REASON_LENGTH:
        detail = f"请写明停用理由，不超过{REASON_LENGTH}字。"
        raise invalid(detail, FieldFault("reason", detail))
    permission = _right_over(actor=actor, device_id=device_id)
    with writing(actor=actor, permission=permission) as write:
        device = Device.objects.select_for_update().get(pk=device_id)
        if device.revoked_at is not None:
            raise conflict("这台设备已经停用。")
        device.revoked_at, device.revoked_by, device.revoke_reason = now(), actor.user_id, why
        device.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        write.note(device, AuditVerb.ENDED, reason=why)
    return device


def authenticate(*, device_id: UUID, token: str) -> Device:
    """The device a token belongs to, with its user. Raises 40102 for none, 40103 if revoked."""
    device = authenticate_any(device_id=device_id, token=token)
    if is_withdrawn(device):
        detail = "这台设备或它的账号已停用，本机数据将清除，没有上传的记录会保留。请联系派出所。"
        # Put back to a backup, we may have fewer lines than were answered: it hands those over.
        last = DeviceProgress.objects.values_list("last_n", flat=True).get(pk=device.pk)
        raise Problem(ProblemKind.DEVICE_REVOKED, detail, data={"last": last})
    return device


def is_withdrawn(device: Device) -> bool:
    """Whether the device, or the account of its person, was stopped."""
    return device.revoked_at is not None or not device.user.is_active


def authenticate_any(*, device_id: UUID, token: str) -> Device:
    """The device a token belongs to, withdrawn or not: for handing over only."""
    device = next(iter(_devices(device_id=device_id)), None)
    digest = device.token_digest if device else ""
    if device is None or not hmac.compare_digest(digest_of(token), digest):
        detail = "这台设备没有绑定，或者令牌无效。请在网页上取得绑定码后重新绑定。"
        raise Problem(ProblemKind.DEVICE_UNKNOWN, detail)
    return device


@prepared
def _devices(*, device_id: UUID) -> QuerySet[Device]:
    return Device.objects.select_related("user").filter(pk=device_id)


def digest_of(secret: str) -> str:
    """SHA-256 of a code or token. It has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _bound(row: EnrolmentCode, *, actor: Actor, applicant: Applicant, token: str) -> Device:
    device = Device(
        id=applicant.device_id,
        user=row.user,
        public_key=applicant.public_key,
        token_digest=digest_of(token),
        platform=applicant.platform,
    )
    with writing(actor=actor, permission=USE) as write:
        device.save(force_insert=True)
        DeviceProgress.objects.create(
            device=device,
            head=genesis(device.pk).hex(),
            app=applicant.app,
            schema=applicant.schema,
        )
        _used(row, device=device)
        write.note(device, AuditVerb.CREATED)
        write.note(row, AuditVerb.ENDED)
    return device


def _may_again(row: EnrolmentCode, *, device: Device, applicant: Applicant) -> bool:
    """Whether the phone that is here already may have another token by this code."""
    same = (device.user_id, device.public_key, device.revoked_at) == (
        row.user_id,
        applicant.public_key,
        None,
    )
    if row.device_id is not None:
        return same and row.device_id == device.pk
    # One that has sent lines is in use. Whoever shows up with its id and key has a copy of it.
    return same and DeviceProgress.objects.filter(device=device, last_n=0).exists()


def _again(row: EnrolmentCode, *, device: Device, actor: Actor, token: str) -> Device:
    """The answer to an earlier request was lost: the device gets another token."""
    device.token_digest = digest_of(token)
    with writing(actor=actor, permission=USE) as write:
        device.save(update_fields=["token_digest"])
        write.note(device, AuditVerb.CHANGED)
        if row.device_id is None:
            _used(row, device=device)
            write.note(row, AuditVerb.ENDED)
    return device


def _used(row: EnrolmentCode, *, device: Device) -> None:
    row.used_at, row.device = now(), device
    row.save(update_fields=["used_at", "device"])


def _right_over(*, actor: Actor, device_id: UUID) -> Permission:
    device = device_of(actor=actor, device_id=device_id)
    return USE if device.user_id == actor.user_id else Permission.DEVICE_MANAGE


def _check_may_use(actor: Actor) -> None:
    if not actor.holds(USE):
        raise forbidden("这个账号没有“使用警务手机”的权限，请先安排包村或联系县局。")


def _check_key(public_key: str) -> None:
    try:
        read_public_key(public_key)
    except ValueError as error:
        fault = FieldFault("public_key", "应为 P-256 公钥（SPKI，base64）。")
        raise invalid("设备密钥读不出来，没有绑定。请更新应用后重试。", fault) from error


def _code_refused() -> Problem:
    return Problem(
        ProblemKind.CODE_REFUSED, "绑定码不对、已用过或已过期。请在网页上重新取得绑定码。"
    )
