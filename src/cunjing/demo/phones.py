"""Two phones, a clash, a line nobody understood, and a question: what a station has to see to."""

import gzip
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from cunjing.accounts.models import User
from cunjing.base.clock import now, today
from cunjing.base.ids import new_id
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.writing import canonical
from cunjing.places.actions.households import HouseholdState, edit_household
from cunjing.places.models import Household
from cunjing.questions.actions import ask
from cunjing.questions.models import Question, QuestionKind
from cunjing.questions.rules import Doubt, similarity
from cunjing.sync import chain
from cunjing.sync.enrolment import Applicant, create_enrolment_code, enrol
from cunjing.sync.header import read_header, to_base64url
from cunjing.sync.keys import ServerKey, server_key
from cunjing.sync.models import Device
from cunjing.sync.pulling import PullRequest, answer_pull
from cunjing.sync.receiving import receive_push

OWNER, SECOND = "demo-officer", "demo-officer-2"
APP = "1.0.0"
_SCHEMA = 1
_COMPARED = 30

Said = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Phone:
    device: Device
    key: ServerKey


def leave_phones(*, actor: Actor) -> None:
    """Bind, push and pull as phones do, once; then ask a question about two records."""
    if Device.objects.filter(user__username__in=(OWNER, SECOND)).exists():
        return
    with transaction.atomic():
        _leave(actor=actor)


def _leave(*, actor: Actor) -> None:
    owner, second = (User.objects.get(username=name) for name in (OWNER, SECOND))
    phone = _bound(owner, actor=actor, platform="示例安卓手机 A")
    _push(phone, _lines(owner, actor=actor))
    _pull(phone.device, unsent=0)
    _pull(_bound(second, actor=actor, platform="示例安卓手机 B").device, unsent=7)
    _ask(owner, actor=actor)


def _bound(user: User, *, actor: Actor, platform: str) -> _Phone:
    key = ServerKey(ec.generate_private_key(ec.SECP256R1()))
    applicant = Applicant(
        device_id=new_id(), public_key=key.public_key, app=APP, schema=_SCHEMA, platform=platform
    )
    code = create_enrolment_code(actor=actor, user_id=user.pk)
    return _Phone(enrol(code=code.secret, applicant=applicant).device, key)


def _lines(owner: User, *, actor: Actor) -> list[Said]:
    """An address both sides changed, and a type of record that no server knows."""
    served = Posting.objects.filter(staff__user=owner, valid_to=None).order_by("village_id")
    home = Household.objects.filter(village_id=served[0].village_id, retired_on=None)[0]
    before = home.address
    state = HouseholdState(f"{before}甲", home.hamlet_id, home.visit_priority)
    edit_household(actor=actor, household_id=home.pk, version=home.version, state=state)
    change: dict[str, object] = {
        "village_code": home.village_id,
        "household_id": str(home.pk),
        "base_version": str(home.version),
        "fields": {"address": {"from": before, "to": f"{before}东侧"}},
    }
    unknown: dict[str, object] = {"village_code": home.village_id, "text": "冬季夜巡两小时"}
    return [("household_change", change), ("patrol", unknown)]


def _push(phone: _Phone, said: Sequence[Said]) -> None:
    raws, head = [], chain.genesis(phone.device.pk)
    for n, (type_name, body) in enumerate(said, start=1):
        salt = secrets.token_bytes(16)
        frame = {
            "n": n, "id": str(new_id()), "type": type_name, "schema": _SCHEMA, "salt": salt.hex(),
            "saved_at": now().isoformat(), "anchor": None, "body": body,
        }  # fmt: skip
        raw = json.dumps(frame, ensure_ascii=False).encode()
        head = chain.next_hash(previous=head, inner=chain.inner_digest(salt=salt, line=raw))
        raws.append(raw + b"\n")
    body_sent = gzip.compress(b"".join(raws))
    header = {
        "count": len(raws), "device": str(phone.device.pk), "first": 1, "head": head.hex(),
        "length": len(body_sent), "schema": _SCHEMA,
        "sha256": hashlib.sha256(body_sent).hexdigest(),
    }  # fmt: skip
    signed = {**header, "signature": phone.key.sign(canonical(header))}
    text = to_base64url(json.dumps(signed).encode())
    receive_push(
        device=phone.device,
        header=read_header(text),
        header_text=text,
        body=body_sent,
        key=server_key(),
    )


def _pull(device: Device, *, unsent: int) -> None:
    asked = {"schema": _SCHEMA, "scopes": [], "unsent": unsent, "app": APP}
    answer_pull(device=device, asked=PullRequest.model_validate(asked), key=server_key())


def _ask(owner: User, *, actor: Actor) -> None:
    """About the two of the owner's visits whose logs are most alike."""
    if Question.objects.filter(staff__user=owner).exists():
        return
    visits = list(
        WorkRecord.objects.filter(
            staff__user=owner, kind=RecordKind.VILLAGE_VISIT, voided_at=None,
            local_date__lte=today(),
        ).order_by("-local_date", "-id")[:_COMPARED]
    )  # fmt: skip
    pairs = [
        (similarity(str(late.details["log"]), str(early.details["log"])), late, early)
        for number, late in enumerate(visits)
        for early in visits[number + 1 :]
    ]
    percent, late, early = max(pairs, key=lambda one: one[0])
    doubt = Doubt(QuestionKind.COPIED_TEXT, late.pk, early.pk, {"percent": percent})
    ask(actor=actor, doubts=[doubt])
