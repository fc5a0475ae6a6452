"""The parts of the protocol's vectors that are about changed fields and about handing over."""

import base64
import hashlib
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GROUP, OTHER = "01932c4e-0000-7000-8000-00000000000a", "01932c4e-0000-7000-8000-00000000000b"
HOUSE = {"address": "村东1号", "hamlet": None, "visit_priority": 0}
MATTER = {"place": "桥头", "summary": "路灯不亮", "subkind": "lamp"}
Case = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]
CASES: tuple[Case, ...] = (
    ("nobody else changed it", "household", HOUSE, {"address": "村东2号", "hamlet": GROUP}, {}),
    ("another field", "household", HOUSE, {"visit_priority": 3}, {"address": "村西1号"}),
    (
        "the same field, and another", "household", HOUSE,
        {"address": "村东2号", "visit_priority": 2}, {"address": "村西1号"},
    ),
    ("the same end", "household", HOUSE, {"address": "村西1号"}, {"address": "村西1号"}),
    ("no group", "household", HOUSE | {"hamlet": GROUP}, {"hamlet": None}, {"hamlet_id": OTHER}),
    ("what is as it was is not said", "matter", MATTER, {"place": "桥头", "summary": "灯坏了"}, {}),
    ("a matter of both", "matter", MATTER, {"summary": "灯坏了"}, {"summary": "两盏灯坏了"}),
)  # fmt: skip
"""What it is about, which row, how the phone shows it, what its officer makes of it, and what the
station has made of it meanwhile."""
SAID_AS = {"hamlet": "hamlet_id"}


def change_vectors() -> list[dict[str, Any]]:
    """Each with the fields as sent, the values to write and the clashes."""
    from cunjing.base.merging import FieldEdit, merge  # noqa: PLC0415 - as in `sync_vectors`

    made = []
    for about, row, shown, edit, meanwhile in CASES:
        before = {SAID_AS.get(name, name): value for name, value in shown.items()}
        wanted = {SAID_AS.get(name, name): value for name, value in edit.items()}
        fields = {
            name: {"from": before[name], "to": to}
            for name, to in wanted.items() if to != before[name]
        }  # fmt: skip
        edits = {name: FieldEdit(one["from"], one["to"]) for name, one in fields.items()}
        station = before | meanwhile
        merged = merge(current=station, edits=edits)
        clashes = [[one.field, one.base, one.station, one.device] for one in merged.clashes]
        made.append({
            "about": about, "row": row, "shown": shown, "edit": edit, "fields": fields,
            "station": station, "values": dict(merged.values), "clashes": clashes,
        })  # fmt: skip
    return made


def handover_vector(
    *, device: UUID, server: ec.EllipticCurvePublicKey, pkcs8: Any
) -> dict[str, str]:
    """Bytes sealed to the server's key with a one-time key and a nonce that are told."""
    own = ec.derive_private_key(0xBEEF, ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = hashlib.sha256(b"nonce").digest()[:12]
    body = "交回的记录".encode()
    shared = own.exchange(ec.ECDH(), server)
    key = HKDF(algorithm=SHA256(), length=32, salt=point, info=b"cunjing handover 1").derive(shared)
    sealed = point + nonce + AESGCM(key).encrypt(nonce, body, str(device).encode())
    return {
        "private_key": pkcs8(own), "point": point.hex(), "nonce": nonce.hex(),
        "body": body.decode(), "sealed": base64.b64encode(sealed).decode(),
    }  # fmt: skip
