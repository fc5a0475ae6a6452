"""The key that signs daily heads: Ed25519, made at first use, kept in the var folder (mode 600)."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ALGORITHM = "ed25519"
FILE_NAME = "audit-key.pem"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the short name people know it by (`key_id`)."""

    private: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """The public half, 64 hexadecimal digits."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @property
    def key_id(self) -> str:
        """The short name of this key."""
        return key_id_of(self.public_key)

    def sign(self, body: bytes) -> str:
        """The signature over `body`, 128 hexadecimal digits."""
        return self.private.sign(body).hex()


def key_id_of(public_key: str) -> str:
    """The first 16 hexadecimal digits of SHA-256 over the public key."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def signature_holds(*, public_key: str, body: bytes, signature: str) -> bool:
    """Whether `signature` over `body` was made by the private half of `public_key`."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_key(*, folder: Path) -> SigningKey:
    """The key in `folder`, made on first use.

    Raises ValueError where the file holds something else than an Ed25519 key.
    """
    path = folder / FILE_NAME
    private = load_pem_private_key(kept_key(path, make=Ed25519PrivateKey.generate), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{path}: not an Ed25519 key")
    return SigningKey(private)


def kept_key(
    path: Path, *, make: Callable[[], Ed25519PrivateKey | EllipticCurvePrivateKey]
) -> bytes:
    """The private key in a file (PEM), which is made on first use and readable by its owner only.

    Of two processes that make it at once, one does and both read what that one kept.
    """
    if not path.exists():
        _keep(path, pem=make().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path.read_bytes()


def _keep(path: Path, *, pem: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
    try:
        path.hardlink_to(draft)  # fails where another process was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
