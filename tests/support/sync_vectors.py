"""The vectors that both sides of the device protocol are held to; `python -m` writes them anew.

Everything is fixed, signatures too (RFC 6979), so that the file only changes with the protocol.
"""

import base64
import gzip
import hashlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

FILE = Path(__file__).with_suffix(".json")
DEVICE = UUID("01932c4e-8a00-7c31-9d2f-5b1e6a7c8d90")
CURVE = ec.SECP256R1()


def vectors() -> dict[str, Any]:
    """One device's first push of three lines, the anchors in them, a scope's digest, a month."""
    from cunjing.sync import chain  # noqa: PLC0415 - settings are named first when run by itself
    from cunjing.sync.keys import ServerKey, anchor_bytes  # noqa: PLC0415 - as above

    device = ServerKey(ec.derive_private_key(0xC0FFEE, CURVE))
    server = ServerKey(ec.derive_private_key(0x5EA1, CURVE))
    began = datetime.fromisoformat("2026-11-22T09:00:00+08:00")
    anchors = [server.anchor(device_id=DEVICE, n=n, at=began + timedelta(hours=n)) for n in (1, 2)]
    raws = [_line(n, anchor=anchors[n > 2].model_dump()) for n in (1, 2, 3)]
    inners = [chain.inner_digest(salt=bytes.fromhex(_salt(n)), line=raws[n - 1]) for n in (1, 2, 3)]
    hashes = chain.hashes(previous=chain.genesis(DEVICE), inners=inners)
    return {
        "device": {
            "id": str(DEVICE), "public_key": device.public_key,
            "private_key": _pkcs8(device.private),
        },
        "server": {"public_key": server.public_key, "fingerprint": server.fingerprint},
        "genesis": chain.genesis(DEVICE).hex(),
        "lines": [
            {"line": raw.decode(), "salt": _salt(n), "inner": inner.hex(), "hash": done.hex()}
            for n, (raw, inner, done) in enumerate(zip(raws, inners, hashes, strict=True), start=1)
        ],
        "push": _push(raws, head=hashes[-1].hex(), key=device),
        "anchors": [
            {
                **one.model_dump(),
                "signed": anchor_bytes(device_id=DEVICE, n=one.n, at=one.at).decode(),
            }
            for one in anchors
        ],
        "scope": _scope(),
        **_more(server.private.public_key()),
    }  # fmt: skip


def _more(server: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """A month, changed fields, and what is handed over to the server with this key."""
    from tests.support.change_vectors import (  # noqa: PLC0415 - as above
        change_vectors,
        handover_vector,
    )
    from tests.support.month_vectors import month_vector  # noqa: PLC0415 - as above

    return {
        "month": month_vector(),
        "changes": change_vectors(),
        "handover": handover_vector(device=DEVICE, server=server, pkcs8=_pkcs8),
    }


def _push(raws: list[bytes], *, head: str, key: Any) -> dict[str, Any]:
    from cunjing.sync.header import to_base64url  # noqa: PLC0415 - as above

    body = gzip.compress(b"".join(raw + b"\n" for raw in raws), mtime=0)
    header = {
        "count": 3, "device": str(DEVICE), "first": 1, "head": head,
        "length": len(body), "schema": 1, "sha256": hashlib.sha256(body).hexdigest(),
    }  # fmt: skip
    signed = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    sent = json.dumps({**header, "signature": key.sign(signed)}, separators=(",", ":"))
    return {
        "body": base64.b64encode(body).decode(), "signed": signed.decode(),
        "header": to_base64url(sent.encode()),
    }  # fmt: skip


def _scope() -> dict[str, Any]:
    from cunjing.sync import chain  # noqa: PLC0415 - as above

    rows = [
        ("household", "01932c4e-0000-7000-8000-000000000001", "3"),
        ("village", "990201101201", "9f2c"),
    ]
    digests = [chain.row_digest(row_type=t, row_id=i, version=v) for t, i, v in rows]
    return {
        "rows": [
            {"type": t, "id": i, "version": v, "digest": one.hex()}
            for (t, i, v), one in zip(rows, digests, strict=True)
        ],
        "digest": chain.scope_digest(digests).hex(),
        "empty": chain.scope_digest([]).hex(),
    }


def _salt(n: int) -> str:
    return hashlib.sha256(f"salt {n}".encode()).hexdigest()[:32]


def _line(n: int, *, anchor: dict[str, Any]) -> bytes:
    """A line as a device keeps it: its own order of keys and its own spaces stay as they are."""
    line = {
        "n": n, "id": f"01932c4e-8a0{n}-7000-8000-00000000000{n}",
        "type": ("seen", "withdrawal", "seen")[n - 1], "schema": 1, "salt": _salt(n),
        "saved_at": f"2026-11-22T10:3{n}:00+08:00", "anchor": anchor,
        "body": ({"at": "2026-11-22T10:30:00+08:00"}, {"reason": "重复登记，桥头🌉", "record_id":
        "01932c4e-8a02-7000-8000-0000000000ff", "with_parts": False},
        {"at": "2026-11-22T11:30:00+08:00"})[n - 1],
    }  # fmt: skip
    return json.dumps(
        line, ensure_ascii=False, separators=(", ", ":") if n == 2 else (",", ":")
    ).encode()


def _pkcs8(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(der).decode()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunjing.config.settings")
    django.setup()
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
