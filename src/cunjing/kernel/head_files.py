"""A signed head as a file: what a county hands out, and gets back, as witness of its chain."""

import json
from dataclasses import dataclass
from datetime import date

from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.audit import SignedHead, head_bytes
from cunjing.kernel.signing import ALGORITHM, SigningKey, key_id_of, signature_holds

FORMAT = "cunjing-audit-head/1"
_UNREADABLE = "这不是链头文件，或者文件已损坏。请使用“cunjing audit head”导出的原文件。"


@dataclass(frozen=True, slots=True)
class Witness:
    """A head read from a file whose own signature holds."""

    day: date
    sequence: int
    head: str
    key_id: str


def to_file(*, signed: SignedHead, key: SigningKey) -> str:
    """The file's text. Raises ValueError where `signed` was made with another key."""
    if signed.key_id != key.key_id:
        raise ValueError(f"the head was signed with key {signed.key_id}, not {key.key_id}")
    body = {
        "format": FORMAT,
        "day": signed.day.isoformat(),
        "sequence": signed.sequence,
        "head": signed.head,
        "final": signed.final,
        "algorithm": ALGORITHM,
        "key_id": signed.key_id,
        "public_key": key.public_key,
        "signature": signed.signature,
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def from_file(content: bytes) -> Witness:
    """Read a head file and check its signature.

    Raises 41501 for another kind of file and for one whose signature does not hold.
    """
    try:
        body = json.loads(content)
        day, sequence, head = date.fromisoformat(body["day"]), body["sequence"], body["head"]
        public_key, key_id, signature = body["public_key"], body["key_id"], body["signature"]
        signed = head_bytes(day=day, sequence=sequence, head=head, final=body["final"])
        known = body["format"] == FORMAT and isinstance(sequence, int) and isinstance(head, str)
        named = key_id_of(public_key) == key_id
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(ProblemKind.UNREADABLE_FILE, _UNREADABLE) from error
    if not known:
        raise Problem(ProblemKind.UNREADABLE_FILE, _UNREADABLE)
    if not (named and signature_holds(public_key=public_key, body=signed, signature=signature)):
        raise Problem(
            ProblemKind.UNREADABLE_FILE, "链头文件的签名不符，文件被改动过，请换用原文件。"
        )
    return Witness(day=day, sequence=sequence, head=head, key_id=key_id)
