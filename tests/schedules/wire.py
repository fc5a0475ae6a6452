"""The way from the phones to the server of this process; every answer is looked at to the byte.

What the model knows of rights is what the schedule did, not what the server thinks of it.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from tests.schedules import merges
from tests.schedules.tables import column, table
from tests.schedules.violations import ViolationError
from tests.schedules.world import OWNERS, World

from cunjing.places.models import Household
from cunjing.sync.models import Mutation

Request = tuple[str, Mapping[str, str], bytes]
TOKEN = re.compile(r"字(\d+)号([0-9])")
"""In every text a phone writes: number of the text, and whose it is."""


class KilledError(BaseException):
    """The server's process ends here."""


@dataclass(slots=True)
class Known:
    """What the model knows of the server; put back together with it."""

    rights: list[set[str]]
    owners: dict[UUID, int]
    revoked: set[UUID] = field(default_factory=set)
    results: dict[tuple[UUID, int], Any] = field(default_factory=dict)
    anchors: dict[UUID, int] = field(default_factory=dict)
    asked: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """By device the scopes it said to have, each with its epoch; less those it was told to drop."""
    applied: set[tuple[UUID, int]] = field(default_factory=set)
    """Lines that were not done, and then were by somebody's decision."""
    gone: set[str] = field(default_factory=set)
    """Villages that go on in others."""


@cache
def _client() -> Client:
    """One for all schedules: to read the middleware costs more than a request."""
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


def known_at_first(world: World) -> Known:
    """At the beginning of a schedule."""
    rights = [set(person.villages) for person in world.people]
    owners = dict(zip(world.devices, OWNERS, strict=True))
    return Known(rights, owners)


@dataclass(slots=True)
class Wire:
    """Serves requests; `death`: at which statement the server dies in the next one, 0: none."""

    known: Known
    death: int = 0
    deaths: int = 0
    lines: int = 0
    """How many lines the last pull brought before the closing one."""
    turn: bool = True
    """Whether requests come when a phone makes them, and not again or later."""
    same: bool = True
    """Whether the server is still the one the phones know, and not an older one."""
    log: list[Request] = field(default_factory=list)
    client: Client = field(default_factory=_client)

    def serve(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes] | None:
        """The answer to a request; None where the server died over it."""
        # A binding that comes twice within its ten minutes gives the phone another token, as it has
        # to where the answer was lost.
        if path != "enrol":
            self.log.append((path, headers, body))
        if path == "pull" and self.turn and self.same:
            self._look_at_question(headers, body)
        others = {name: text for name, text in headers.items() if name != "Content-Type"}
        before = _BEFORE[path](_device(headers), body) if path in _BEFORE else None
        try:
            with _mortal(self.death):
                answer = self.client.generic(
                    "POST", f"/sync/v1/{path}", data=body,
                    content_type=headers["Content-Type"], headers=others,
                )  # fmt: skip
        except KilledError:
            self.deaths += 1
            return None
        finally:
            self.death = 0
        content: bytes = answer.content
        self._look(path, headers, status=answer.status_code, content=content)
        if before is not None:
            before.check(answered=answer.status_code < 300)
        return answer.status_code, content

    def replay(self, pick: int) -> None:
        """Let the server have a request once more; nobody hears the answer."""
        if self.log:
            path, headers, body = self.log[pick % len(self.log)]
            with self.out_of_turn():
                self.serve(path, headers, body)
            self.log.pop()

    @contextmanager
    def out_of_turn(self) -> Iterator[None]:
        """Meanwhile requests come that were made before."""
        self.turn = False
        try:
            yield
        finally:
            self.turn = True

    def _look(self, path: str, headers: Mapping[str, str], *, status: int, content: bytes) -> None:
        if status >= 500:
            raise ViolationError(f"{path}: the server fails: {content.decode()}")
        if path not in _LOOKS or status != 200:
            return
        device = _device(headers)
        if (device in self.known.revoked) != (path == "handover"):
            raise ViolationError(f"{path}: a device is answered, revoked or not")
        if path == "pull":
            self.lines = gzip.decompress(content).count(b"\n") - 1
        known = self.known if self.turn and self.same else replace(self.known, asked={})
        _LOOKS[path](known, device, content)

    def _look_at_question(self, headers: Mapping[str, str], body: bytes) -> None:
        """A phone never needs to pull anew what it has: unless the server was put back."""
        try:
            scopes = json.loads(body)["scopes"]
        except ValueError:  # it was cut
            return
        has = {one["scope"]: one["epoch"] for one in scopes}
        device = _device(headers)
        if device in self.known.revoked:  # it has let go of everything, and may ask in vain
            return
        before = self.known.asked.setdefault(device, {})
        if missing := before.keys() - has.keys():
            raise ViolationError(f"the phone has dropped {missing}: its digest did not fit")
        self.known.asked[device] = has


def _device(headers: Mapping[str, str]) -> UUID:
    return UUID(headers["Authorization"].removeprefix("Device ").partition(".")[0])


@contextmanager
def _mortal(statement: int) -> Iterator[None]:
    if not statement:
        yield
        return
    left = statement

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise KilledError
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield


def _look_at_push(known: Known, device: UUID, content: bytes) -> None:
    said = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    for one in said["results"]:
        key = (device, one["n"])
        before = known.results.setdefault(key, one)
        if before != one:
            raise ViolationError(f"a result changes: {before} becomes {one}")
    if said["results"] and said["last"] < said["results"][-1]["n"]:
        raise ViolationError("answered lines above the last line received")
    stored = column(Mutation, "device_id").count(device)
    if stored != said["last"]:
        raise ViolationError(f"last is {said['last']}, {stored} lines are stored")
    _look_at_anchor(known, device, said["anchor"])


def _look_at_pull(known: Known, device: UUID, content: bytes) -> None:
    raw = gzip.decompress(content)
    *lines, closing = [json.loads(line) for line in raw.splitlines()]
    owner = known.owners[device]
    rights = known.rights[owner]
    scope = ""
    for line in lines:
        if "revoked" in line:
            known.asked.get(device, {}).pop(line["scope"], None)
            continue
        scope = line.get("scope", scope)
        if line.get("from") == 0 and known.asked.get(device, {}).get(scope) == line["epoch"]:
            raise ViolationError(f"{scope} starts anew: its digest did not fit")
        if scope not in rights:
            raise ViolationError(f"a scope outside the jurisdiction: {scope}")
        if "row" in line and line.get("village", line["id"]) != scope:
            raise ViolationError(f"a row of another village in {scope}: {line}")
    _look_at_bytes(raw.decode(), owner=owner, rights=rights)
    _look_at_anchor(known, device, closing["anchor"])


def _look_at_bytes(text: str, *, owner: int, rights: set[str]) -> None:
    """No text of another person, no address or id of a household elsewhere, wherever it stands."""
    for token in TOKEN.finditer(text):
        if token[2] != str(owner):
            raise ViolationError(f"the text of another person: {token[0]}")
    rows = [line for line in text.splitlines() if '"gone"' not in line]
    inside = "\n".join(rows)
    for village, key, address in table(Household, "village_id", "pk", "address"):
        if village in rights:
            continue
        if f'"address":"{address}"' in inside or f'"id":"{key}"' in inside:
            raise ViolationError(f"a household outside the jurisdiction: {address}")


def _look_at_anchor(known: Known, device: UUID, anchor: Mapping[str, Any]) -> None:
    if anchor["n"] <= known.anchors.get(device, 0):
        raise ViolationError("an anchor is given twice")
    known.anchors[device] = anchor["n"]


_LOOKS: Mapping[str, Callable[[Known, UUID, bytes], None]] = {
    "push": _look_at_push,
    "handover": _look_at_push,
    "pull": _look_at_pull,
}
_BEFORE: Mapping[str, Callable[[UUID, bytes], merges.Before]] = {
    "push": merges.before_push,
    "handover": merges.before_handover,
    "beacon": merges.before_beacon,
}
