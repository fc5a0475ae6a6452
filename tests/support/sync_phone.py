"""A phone for tests of the server: keeps its chain, pushes bytes, applies what it pulls."""

import gzip
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.http import HttpResponse
from django.test import Client
from tests.support.accounts_factories import BEGAN
from tests.support.fieldwork_factories import V1, V2, County, at, county
from tests.support.places_factories import system

from cunjing.accounts.actions import grant_role
from cunjing.accounts.models import User
from cunjing.accounts.roles import Role
from cunjing.base.ids import new_id
from cunjing.fieldwork.details import QUESTIONS
from cunjing.sync import chain
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.header import to_base64url
from cunjing.sync.keys import ServerKey, server_key

ROOT = "/sync/v1/"
MOST_PULLS = 50
Row = dict[str, Any]


@dataclass(slots=True)
class Held:
    """A scope on the phone."""

    epoch: str = ""
    seq: int = 0
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The digest of its rows."""
        rows = self.rows.items()
        return chain.scope_digest(
            chain.row_digest(row_type=t, row_id=i, version=row["version"]) for (t, i), row in rows
        ).hex()


@dataclass(slots=True)
class Phone:
    """A device of a user. `lines` is its outbox, `hashes` its chain with h(0) first."""

    user: User
    id: UUID = field(default_factory=new_id)
    key: ServerKey = field(
        default_factory=lambda: ServerKey(ec.generate_private_key(ec.SECP256R1()))
    )
    token: str = ""
    anchor: dict[str, Any] | None = None
    lines: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    scopes: dict[str, Held] = field(default_factory=dict)

    def enrol(self, code: str = "", **changes: Any) -> Any:
        """Bind the phone; by a code of the user's own where none is given."""
        code = code or create_enrolment_code(actor=system(), user_id=self.user.pk).secret
        body = {
            "code": code, "device_id": str(self.id), "public_key": self.key.public_key,
            "app": "1.0.0", "schema": 1, "platform": "测试机", **changes,
        }  # fmt: skip
        answer = self.post("enrol", json.dumps(body).encode(), signed_in=False)
        if answer.status_code == 201:
            said = answer.json()
            self.token, self.anchor = said["token"], said["anchor"]
            self.hashes = self.hashes or [chain.genesis(self.id)]
        return answer

    def post(self, name: str, body: bytes, *, header: str = "", signed_in: bool = True) -> Any:
        """Send bytes; `header` is that of a push."""
        headers = {"Cunjing-Push": header} if header else {}
        if signed_in:
            headers["Authorization"] = f"Device {self.id}.{self.token}"
        client = Client(HTTP_HOST="localhost", raise_request_exception=False)
        path, kind = f"{ROOT}{name}", "application/octet-stream"
        answer = client.generic("POST", path, data=body, content_type=kind, headers=headers)
        if name == "push" and answer.headers.get("Content-Encoding") == "gzip":
            answer.content = gzip.decompress(answer.content)  # as every HTTP client does
        return answer

    def save(self, type_name: str, body: dict[str, Any], **changes: Any) -> bytes:
        """Write a mutation into the outbox."""
        n = len(self.lines) + 1
        line = {
            "n": n, "id": str(new_id()), "type": type_name, "schema": 1,
            "salt": hashlib.sha256(str(n).encode()).hexdigest()[:32],
            "saved_at": "2026-09-10T12:00:00+08:00", "anchor": self.anchor, "body": body, **changes,
        }  # fmt: skip
        raw = json.dumps(line, ensure_ascii=False).encode()
        self.lines.append(raw)
        inner = chain.inner_digest(salt=bytes.fromhex(line["salt"]), line=raw)
        self.hashes.append(chain.next_hash(previous=self.hashes[-1], inner=inner))
        return raw

    def packed(self, *, first: int = 1, last: int = 0) -> bytes:
        """The body of a push."""
        last = last or len(self.lines)
        return gzip.compress(b"".join(raw + b"\n" for raw in self.lines[first - 1 : last]), mtime=0)

    def header(self, body: bytes, *, first: int = 1, last: int = 0, **changes: Any) -> str:
        """The header of a push, signed."""
        last = last or len(self.lines)
        said = {
            "count": last - first + 1, "device": str(self.id), "first": first,
            "head": self.hashes[last].hex(), "length": len(body), "schema": 1,
            "sha256": hashlib.sha256(body).hexdigest(), **changes,
        }  # fmt: skip
        signed = json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
        sent = {**said, "signature": self.key.sign(signed)}
        return to_base64url(json.dumps(sent).encode())

    def push(self, *, first: int = 1, last: int = 0) -> Any:
        """Send lines of the outbox."""
        body = self.packed(first=first, last=last)
        header = self.header(body, first=first, last=last)
        answer = self.post("push", body, header=header)
        if answer.status_code == 200:
            self.anchor = answer.json()["anchor"]
        return answer

    def hand_over(self, *, first: int) -> Any:
        """Send lines of the outbox sealed to the server's key, as a withdrawn phone does."""
        body = self.packed(first=first)
        header = self.header(body, first=first)
        return self.post("handover", sealed(body, device=self.id), header=header)

    def results(self, **which: int) -> list[str]:
        """Push, and say what became of each line."""
        answer = self.push(**which)
        assert answer.status_code == 200, answer.content.decode()
        return [one["result"] for one in answer.json()["results"]]

    def pull(self) -> list[Row]:
        """Pull until nothing is left; the lines of all answers but their closing ones."""
        seen: list[Row] = []
        for _ in range(MOST_PULLS):
            answer = self.pull_once()
            assert answer.status_code == 200, answer.content.decode()
            *lines, closing = lines_of(answer)
            assert closing["lines"] == len(lines)
            self.anchor = closing["anchor"]
            seen += lines
            self.apply(lines)
            if not any(line.get("more") for line in lines):
                return seen
        raise AssertionError("a pull that never ends")

    def pull_once(self) -> Any:
        """One request for what changed."""
        scopes = [
            {"scope": code, "epoch": held.epoch, "seq": held.seq, "digest": held.digest}
            for code, held in self.scopes.items()
        ]
        return self.post("pull", json.dumps({"schema": 1, "scopes": scopes}).encode())

    def apply(self, lines: list[Row]) -> None:
        """Put pulled lines into the scopes, and compare the digests."""
        held, opened = Held(), Row()
        for line in lines:
            if "revoked" in line:
                del self.scopes[line["scope"]]
            elif "epoch" in line:
                opened = line
                if line["from"] == 0:
                    self.scopes[line["scope"]] = Held()
                held = self.scopes[line["scope"]]
                held.epoch, held.seq = line["epoch"], line["seq"]
            elif "row" in line:
                held.rows[line["row"], line["id"]] = line
            elif "gone" in line:
                held.rows.pop((line["gone"], line["id"]), None)
            else:
                assert line["scope_end"] == opened["scope"]
                assert opened["more"] or opened["digest"] == held.digest

    def ids(self, scope: str, row_type: str) -> set[str]:
        """The ids of what the phone holds of a type in a scope."""
        return {row_id for kind, row_id in self.scopes[scope].rows if kind == row_type}


def sealed(body: bytes, *, device: UUID) -> bytes:
    """Bytes that only the server can open: one-time point, nonce, ciphertext."""
    own = ec.generate_private_key(ec.SECP256R1())
    shape = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    point = own.public_key().public_bytes(*shape)
    shared = own.exchange(ec.ECDH(), server_key().private.public_key())
    derive = HKDF(algorithm=SHA256(), length=32, salt=point, info=b"cunjing handover 1").derive
    nonce = os.urandom(12)
    return point + nonce + AESGCM(derive(shared)).encrypt(nonce, body, str(device).encode())


def lines_of(answer: HttpResponse) -> list[Row]:
    """The lines of an answer to a pull."""
    return [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]


@dataclass(frozen=True, slots=True)
class World:
    """The made-up county, its officer with grants on both villages, and the officer's phone."""

    county: County
    user: User
    phone: Phone


def world() -> World:
    """An enrolled phone of the officer of two villages."""
    made = county()
    user = made.officer.user
    assert user is not None
    for village in (V1, V2):
        give(user, village)
    phone = Phone(user)
    assert phone.enrol().status_code == 201
    return World(made, user, phone)


def give(user: User, village: str, *, role: Role = Role.OFFICER) -> UUID:
    """A grant on a village since the beginning of the year."""
    grant = grant_role(
        actor=system(), user_id=user.pk, role=role, village_code=village, valid_from=BEGAN
    )
    return grant.pk


def visit(world: World, **changes: Any) -> dict[str, Any]:
    """A morning in the first village, as a body of `work_record`."""
    return {
        "id": str(new_id()), "kind": "village_visit", "village_code": V1,
        "staff_id": str(world.county.officer.pk), "occurred_at": _text(at(10)),
        "details": {"left_at": _text(at(10, 12)), "log": "巡村"}, **changes,
    }  # fmt: skip


def entry(world: World, **changes: Any) -> dict[str, Any]:
    """A whole visit with a call and a hazard, as a body of `visit_entry`."""
    return {
        "id": str(new_id()), "village_code": V1, "staff_id": str(world.county.officer.pk),
        "arrived_at": _text(at(10)), "left_at": _text(at(10, 12)), "log": "入户一家",
        "calls": [
            {"id": str(new_id()), "household_id": str(world.county.households[0]),
             "answers": {question: {} for question in QUESTIONS}}
        ],
        "matters": [
            {"id": str(new_id()), "kind": "hazard", "subkind": "lamp", "place": "桥头",
             "summary": "路灯不亮"}
        ], **changes,
    }  # fmt: skip


def _text(moment: datetime) -> str:
    return moment.isoformat()
