"""The server's own key towards devices, and the signed times (anchors) it makes with it.

ECDSA on P-256, because browsers on the phones in use verify it; made at first use, kept in the var
folder (mode 600).
"""

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from cunjing.base.clock import SHANGHAI
from cunjing.kernel.signing import kept_key
from cunjing.kernel.writing import canonical
from cunjing.sync.header import HALF, DeviceKey, to_base64url

FILE_NAME = "sync-key.pem"


class Anchor(BaseModel):
    """A time the server signed for one device: its `n`-th answer to that device, given `at`.

    Whoever shows it acted after it: evidence of *not before*.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    n: Annotated[int, Field(ge=1, le=2**53 - 1)]
    at: Annotated[str, Field(max_length=40)]
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]


class _Moment(BaseModel):
    at: AwareDatetime


@dataclass(frozen=True, slots=True)
class ServerKey:
    """The private key of this installation towards its devices."""

    private: ec.EllipticCurvePrivateKey

    @property
    def spki(self) -> bytes:
        """The public half as SPKI."""
        key = self.private.public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_key(self) -> str:
        """The public half as devices read it: SPKI in base64."""
        return base64.b64encode(self.spki).decode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public half, 64 hexadecimal digits: what the QR code shows."""
        return hashlib.sha256(self.spki).hexdigest()

    def sign(self, body: bytes) -> str:
        """The signature over `body`: r ‖ s in base64url."""
        algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
        r, s = utils.decode_dss_signature(self.private.sign(body, algorithm))
        return to_base64url(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))

    def anchor(self, *, device_id: UUID, n: int, at: datetime) -> Anchor:
        """A signed time for a device."""
        said = at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
        body = anchor_bytes(device_id=device_id, n=n, at=said)
        return Anchor(n=n, at=said, signature=self.sign(body))

    def time_of(
        self, anchor: Mapping[str, object] | None, *, device_id: UUID
    ) -> tuple[int, datetime] | None:
        """Number and time of an anchor this key made for this device; None for anything else."""
        try:
            said = Anchor.model_validate(anchor)
            moment = _Moment.model_validate({"at": said.at}).at
        except ValidationError:
            return None
        body = anchor_bytes(device_id=device_id, n=said.n, at=said.at)
        held = DeviceKey(self.private.public_key()).holds(body=body, signature=said.signature)
        return (said.n, moment) if held else None


def anchor_bytes(*, device_id: UUID, n: int, at: str) -> bytes:
    """What an anchor's signature covers."""
    return canonical({"at": at, "device": str(device_id), "n": n})


def server_key() -> ServerKey:
    """The key of this installation."""
    return _read(settings.VAR)


@functools.lru_cache(maxsize=4)
def _read(folder: Path) -> ServerKey:
    path = folder / FILE_NAME
    pem = kept_key(path, make=lambda: ec.generate_private_key(ec.SECP256R1()))
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path}: not a key on P-256")
    return ServerKey(private)
