"""A push and an answer to a pull, cut at one byte after another: nothing of a part is ever kept."""

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from tests.schedules import bodies
from tests.schedules.violations import ViolationError
from tests.schedules.world import V1, system
from tests.support.driven_phones import served_here

from cunjing.places.actions.households import NewHousehold, add_households
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key
from cunjing.sync.models import Mutation, Quarantine

if TYPE_CHECKING:
    from tests.schedules.play import Game

NAME = "cut"
LINES = 500
HOUSES = 300
WRITES = ("INSERT", "UPDATE", "DELETE")
CUT = {40001, 40002, 40003}
Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Cuts:
    """How long what was cut is, in bytes, and at how many places it was cut."""

    what: str
    length: int
    places: int


def cut_all(game: "Game", *, every: int) -> list[Cuts]:
    """All kinds of cuts, at each `every`-th byte. Raises ViolationError."""
    return [cut_pushes(game, every=every), *cut_pulls(game, every=every)]


def cut_pushes(game: "Game", *, every: int) -> Cuts:
    """A push of 500 lines: refused without a trace wherever it is cut, taken when it is whole."""
    _begin(game)
    staff = game.world.people[0].staff
    visits = [bodies.visit(village=V1, staff=staff, text=bodies.LOG) for _ in range(LINES)]
    game.phones.act(NAME, "record_many", type="work_record", bodies=visits)
    headers, body = _caught(game)
    places = range(0, len(body), every)
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    for at in places:
        for announced in (at, len(body)):
            with _nothing_written(f"a push cut at {at} of {len(body)}"):
                status = _pushed(client, headers, body[:at], announced=announced)
            if status not in CUT:
                raise ViolationError(f"a push cut at {at} of {len(body)} is answered {status}")
    taken = Mutation.objects.filter(result="accepted", type="work_record")
    if taken.exists() or Quarantine.objects.exists():
        raise ViolationError("something of a cut push is kept")
    game.phones.serve = served_here
    if game.phones.act(NAME, "sync") != {"kind": "done", "sent": LINES}:
        raise ViolationError("the whole push is not taken")
    if taken.count() != LINES:
        raise ViolationError("not every line of the whole push is accepted")
    return Cuts(f"push of {LINES} lines", len(body), 2 * len(places))


def cut_pulls(game: "Game", *, every: int) -> Iterator[Cuts]:
    """A first pull: a phone keeps nothing of it wherever it is cut, packed or unpacked."""
    _begin(game)
    houses = [NewHousehold(address=f"演示路{number}号") for number in range(HOUSES)]
    add_households(actor=system(), village_code=V1, households=houses)
    whole: list[Answer] = []

    def keep(path: str, headers: Mapping[str, str], body: bytes) -> None:
        answer = served_here(path, headers, body)
        whole.extend([answer] if answer else [])

    game.phones.serve = keep
    game.phones.act(NAME, "sync")
    packed = whole[0][1]
    plain = gzip.decompress(packed)
    lines = plain.splitlines(keepends=True)
    ends = [sum(map(len, lines[:at])) for at in range(len(lines))]
    shorts = range(0, len(packed), every)
    yield _cut(game, "pull, packed", len(packed), (packed[:at] for at in shorts))
    yield _cut(game, "pull, unpacked", len(plain), (plain[:at] for at in _around(ends, every)))
    holes = (b"".join(lines[:at] + lines[at + 1 :]) for at in range(0, len(lines), every))
    yield _cut(game, "pull, a line missing", len(plain), holes)
    game.phones.serve = lambda *_: (200, plain)
    if game.phones.act(NAME, "sync")["kind"] != "done":
        raise ViolationError("the whole answer is not taken")
    if len(game.phones.act(NAME, "dump")["stored"]) < HOUSES:
        raise ViolationError("rows of the whole answer are missing")


def _around(ends: Iterable[int], every: int) -> list[int]:
    """Before, at and after the ends of lines, and in their middle."""
    near = {end + by for end in ends for by in (-1, 0, 1, 90) if end + by >= 0}
    return sorted(near)[::every]


def _cut(game: "Game", what: str, length: int, parts: Iterable[bytes]) -> Cuts:
    places = 0
    for part in parts:
        game.phones.serve = _empty_handed(part, what)
        outcome = game.phones.act(NAME, "sync")
        if outcome["kind"] == "done":
            raise ViolationError(f"{what}: a part of {len(part)} bytes is taken for the whole")
        places += 1
    return Cuts(what, length, places)


def _empty_handed(part: bytes, what: str) -> Callable[..., Answer]:
    """A server that gives a part of an answer to a phone that has kept nothing of those before."""

    def serve(path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if json.loads(body)["scopes"]:
            raise ViolationError(f"{what}: something of a part is kept")
        return 200, part

    return serve


def _begin(game: "Game") -> None:
    """A new phone of the first officer that has pulled nothing."""
    game.store.begin()
    game.phones.serve = served_here
    game.phones.act(NAME, "wipe")
    game.phones.act(NAME, "create")
    code = create_enrolment_code(actor=system(), user_id=game.world.people[0].user).secret
    game.phones.act(NAME, "enrol", code=code, fingerprint=server_key().fingerprint)


def _caught(game: "Game") -> tuple[Mapping[str, str], bytes]:
    """The push the phone would send."""
    sent: list[tuple[Mapping[str, str], bytes]] = []
    game.phones.serve = lambda path, headers, body: sent.append((headers, body))
    game.phones.act(NAME, "sync")
    return sent[0]


def _pushed(client: Client, headers: Mapping[str, str], body: bytes, *, announced: int) -> int:
    others = {name: text for name, text in headers.items() if name != "Content-Type"}
    answer = client.generic(
        "POST", "/sync/v1/push", data=b"", content_type=headers["Content-Type"], headers=others,
        **{"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(announced)},  # type: ignore[arg-type]
    )  # fmt: skip
    return int(answer.json()["type"].rpartition("#")[2])


@contextmanager
def _nothing_written(what: str) -> Iterator[None]:
    def look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            raise ViolationError(f"{what} leaves a trace: {sql[:80]}")
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield
