"""The header of a push: what it says, that it fits the body, that the device signed it."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.writing import canonical

NAME = "Cunjing-Push"
MOST_LINES = 500
MOST_PACKED_BYTES = 2 * 1024 * 1024
LONGEST_HEADER = 2000
HALF = 32

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=1, le=2**53 - 1)]


class PushHeader(BaseModel):
    """What a device says about the lines it sends. `length` and `sha256` are of the body as sent,
    `head` is the hash of the last line, `signature` r ‖ s over the others in base64url.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    device: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    schema_: Annotated[int, Field(alias="schema", ge=1, le=2**31 - 1)]
    first: Number
    count: Annotated[int, Field(ge=1, le=MOST_LINES)]
    length: Annotated[int, Field(ge=1, le=MOST_PACKED_BYTES)]
    sha256: Digest
    head: Digest
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]

    @property
    def device_id(self) -> UUID:
        """The device that sends."""
        return UUID(self.device)

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + self.count - 1

    def signed_bytes(self) -> bytes:
        """What the signature covers: every other field, keys in order, no spaces."""
        return canonical(self.model_dump(by_alias=True, exclude={"signature"}))


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The public half of a device's key: ECDSA on P-256."""

    public: ec.EllipticCurvePublicKey

    def holds(self, *, body: bytes, signature: str) -> bool:
        """Whether `signature` (r ‖ s, base64url) over `body` was made by the private half."""
        try:
            raw = from_base64url(signature)
            r, s = (int.from_bytes(part, "big") for part in (raw[:HALF], raw[HALF:]))
            der = utils.encode_dss_signature(r, s)
            self.public.verify(der, body, ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


def read_public_key(text: str) -> DeviceKey:
    """A device's public key (SPKI in base64). Raises ValueError for any other kind."""
    key = load_der_public_key(base64.b64decode(text, validate=True))
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise ValueError("not a public key on P-256")
    return DeviceKey(key)


def read_header(text: str) -> PushHeader:
    """The header of a push. Raises 40001 for one that cannot be read, 41301 for too much."""
    try:
        if len(text) > LONGEST_HEADER:
            raise ValueError("too long")
        return PushHeader.model_validate_json(from_base64url(text))
    except ValidationError as error:
        if any(fault["loc"] in {("count",), ("length",)} for fault in error.errors()):
            raise too_large() from error
        raise _unreadable() from error
    except ValueError as error:
        raise _unreadable() from error


def check_body(*, header: PushHeader, body: bytes) -> None:
    """Raise 40003 unless the body is what the header says, to the byte."""
    digest = hashlib.sha256(body).hexdigest()
    if len(body) != header.length or not hmac.compare_digest(digest, header.sha256):
        detail = "内容在传输中有变，什么都没有保存。请原样再发送一次。"
        raise Problem(ProblemKind.ALTERED, detail)


def check_signature(*, header: PushHeader, key: DeviceKey) -> None:
    """Raise 40004 unless the device signed the header."""
    if not key.holds(body=header.signed_bytes(), signature=header.signature):
        detail = "设备签名核对不上，什么都没有保存。请在应用中重新绑定这台设备。"
        raise Problem(ProblemKind.WRONG_SIGNATURE, detail)


def too_large() -> Problem:
    """The refusal of a push that is more than one answer can deal with."""
    return Problem(
        ProblemKind.TOO_LARGE, f"一次最多{MOST_LINES}条、2 MB，什么都没有保存。请分几次发送。"
    )


def to_base64url(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding. Raises ValueError for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error


def _unreadable() -> Problem:
    return Problem(
        ProblemKind.BAD_REQUEST, f"{NAME} 头读不出来，什么都没有保存。请更新应用后重发。"
    )
