"""Phones as the station sees them: enrolled, with a line that was refused and a push kept whole."""

import gzip
import json
from dataclasses import dataclass
from uuid import UUID

from tests.support.photos_factories import picture

from cunjing.accounts.models import User
from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.sync.chain import genesis
from cunjing.sync.models import (
    ConflictSubject,
    Device,
    DeviceProgress,
    FieldConflict,
    HeldPhoto,
    Mutation,
    MutationResult,
    Quarantine,
)

REFUSED = {"title": "填写有误", "detail": "1 处填写有误，这一条没有采纳。", "errors": []}


@dataclass(frozen=True, slots=True)
class MadeDevice:
    """A phone with one refused line (number 1), a refused photo whose content is held (number 2),
    one push that was kept and one clash."""

    device: UUID
    line: tuple[UUID, int]
    photo_line: tuple[UUID, int]
    push: UUID
    conflict: UUID


def make_device(
    user: User, *, body: dict[str, object], household: UUID, mark: str = ""
) -> MadeDevice:
    """A phone of `user` with a refused line (a work record with this body) and a clash."""
    device = Device.objects.create(
        id=new_id(), user=user, public_key="-", token_digest="-", platform=f"示例机{mark}"
    )
    DeviceProgress.objects.create(
        device=device,
        head=genesis(device.pk).hex(),
        last_n=2,
        app="1.0.0",
        synced_at=now(),
        unsent=2,
    )
    village = str(body["village_code"])
    raw = line_bytes(n=1, type_name="work_record", body=body)
    _refused(device, n=1, type_name="work_record", raw=raw, village=village)
    promised = line_bytes(n=2, type_name="photo", body={"record_id": body["id"]})
    line = _refused(device, n=2, type_name="photo", raw=promised, village=village)
    HeldPhoto.objects.create(mutation=line, content=picture())
    push = Quarantine.objects.create(
        device=device, reason="fork", sha256="0" * 64, header="-", body=gzip.compress(raw + b"\n")
    )
    clash = _clash(device, household=household, village=village, mark=mark)
    return MadeDevice(device.pk, (device.pk, 1), (device.pk, 2), push.pk, clash.pk)


def _refused(device: Device, *, n: int, type_name: str, raw: bytes, village: str) -> Mutation:
    return Mutation.objects.create(
        device=device,
        n=n,
        mutation_id=new_id(),
        type=type_name,
        schema=1,
        inner="0" * 64,
        hash="0" * 64,
        result=MutationResult.REJECTED,
        problem=REFUSED,
        content=raw,
        village_code=village,
    )


def _clash(device: Device, *, household: UUID, village: str, mark: str) -> FieldConflict:
    """The address of a household, changed by both sides."""
    return FieldConflict.objects.create(
        device=device,
        n=2,
        subject=ConflictSubject.HOUSEHOLD,
        record_id=household,
        village_code=village,
        field="address",
        base=f"{mark}路0号",
        station=f"{mark}路1号",
        said=f"{mark}路2号",
    )


def line_bytes(*, n: int, type_name: str, body: dict[str, object]) -> bytes:
    """A line as a phone writes it."""
    frame = {
        "n": n, "id": str(new_id()), "type": type_name, "schema": 1, "salt": "0" * 32,
        "saved_at": now().isoformat(), "anchor": None, "body": body,
    }  # fmt: skip
    return json.dumps(frame, ensure_ascii=False).encode()
