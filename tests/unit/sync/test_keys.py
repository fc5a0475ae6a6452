"""The server's key towards devices: kept once, its signed times for one device only."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from cunjing.kernel.signing import kept_key
from cunjing.sync.header import read_public_key
from cunjing.sync.keys import FILE_NAME, ServerKey, server_key

DEVICE, OTHER = UUID(int=1), UUID(int=2)
AT = datetime(2026, 9, 10, 1, 2, 3, tzinfo=UTC)


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    with override_settings(VAR=tmp_path / "a"):
        first, second = server_key(), server_key()
    assert first.fingerprint == second.fingerprint
    assert stat.S_IMODE((tmp_path / "a" / FILE_NAME).stat().st_mode) == 0o600
    with override_settings(VAR=tmp_path / "b"):
        assert server_key().fingerprint != first.fingerprint


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    kept_key(tmp_path / FILE_NAME, make=Ed25519PrivateKey.generate)
    with override_settings(VAR=tmp_path), pytest.raises(ValueError, match="P-256"):
        server_key()


def test_a_signature_is_checked_by_the_public_half() -> None:
    key = ServerKey(ec.derive_private_key(7, ec.SECP256R1()))
    public = read_public_key(key.public_key)
    assert public.holds(body=b"body", signature=key.sign(b"body"))
    assert not public.holds(body=b"other", signature=key.sign(b"body"))
    assert not public.holds(body=b"body", signature="short")


def test_an_anchor_counts_for_its_device_and_as_it_was_signed() -> None:
    key = ServerKey(ec.derive_private_key(7, ec.SECP256R1()))
    anchor = key.anchor(device_id=DEVICE, n=3, at=AT).model_dump()
    assert anchor["at"] == "2026-09-10T09:02:03.000000+08:00"
    assert key.time_of(anchor, device_id=DEVICE) == (3, AT)
    others = ServerKey(ec.derive_private_key(8, ec.SECP256R1()))
    assert others.time_of(anchor, device_id=DEVICE) is None
    assert key.time_of(anchor, device_id=OTHER) is None
    for said in (None, {}, {**anchor, "n": 4}, {**anchor, "at": "2026-09-10T09:02:04+08:00"},
                 {**anchor, "at": "yesterday"}, {**anchor, "more": 1}):  # fmt: skip
        assert key.time_of(said, device_id=DEVICE) is None
