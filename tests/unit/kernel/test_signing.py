"""The signing key: made once, kept from others, its signatures checked."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cunjing.kernel.signing import FILE_NAME, key_id_of, load_key, signature_holds


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, second = load_key(folder=tmp_path / "new"), load_key(folder=tmp_path / "new")
    assert first.public_key == second.public_key
    files = list((tmp_path / "new").iterdir())
    assert [file.name for file in files] == [FILE_NAME]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_a_signature_holds_for_its_key_and_its_bytes_only(tmp_path: Path) -> None:
    mine, other = load_key(folder=tmp_path / "a"), load_key(folder=tmp_path / "b")
    signature = mine.sign(b"head")
    assert signature_holds(public_key=mine.public_key, body=b"head", signature=signature)
    assert not signature_holds(public_key=other.public_key, body=b"head", signature=signature)
    assert not signature_holds(public_key=mine.public_key, body=b"tail", signature=signature)
    assert not signature_holds(public_key="no hex", body=b"head", signature=signature)
    assert mine.key_id == key_id_of(mine.public_key) != other.key_id


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    pem = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / FILE_NAME).write_bytes(pem)
    with pytest.raises(ValueError, match="Ed25519"):
        load_key(folder=tmp_path)
