"""The lines of a push: unpacked within limits, framed, numbered."""

import base64
import gzip
import json
from typing import Any

import pytest
from tests.support.sync_vectors import FILE

from cunjing.base.errors import Problem, ProblemKind
from cunjing.sync.header import read_header
from cunjing.sync.lines import MOST_BYTES, UnreadableLinesError, inners, read_lines, unpacked

SHARED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
HEADER = read_header(SHARED["push"]["header"])
BODY = base64.b64decode(SHARED["push"]["body"])
RAWS = [line["line"].encode() for line in SHARED["lines"]]


def text_of(raws: list[bytes]) -> bytes:
    """Lines as they stand in a body."""
    return b"".join(raw + b"\n" for raw in raws)


def with_changed(place: int, **changes: object) -> bytes:
    """The shared text with other fields in one line; None leaves one out."""
    said = {**json.loads(RAWS[place]), **changes}
    kept = {key: value for key, value in said.items() if value is not None}
    raws = [*RAWS[:place], json.dumps(kept).encode(), *RAWS[place + 1 :]]
    return text_of(raws)


def test_the_shared_lines_are_read_byte_for_byte() -> None:
    lines = read_lines(header=HEADER, text=unpacked(BODY))
    assert [line.raw for line in lines] == RAWS
    assert [one.hex() for one in inners(lines)] == [line["inner"] for line in SHARED["lines"]]
    assert [line.n for line in lines] == [1, 2, 3]
    assert lines[1].form.body["reason"] == "重复登记，桥头🌉"


def test_a_body_cut_anywhere_is_no_body() -> None:
    for length in range(len(BODY)):
        with pytest.raises(UnreadableLinesError):
            unpacked(BODY[:length])


def test_nothing_follows_the_body() -> None:
    for more in (b"\n", gzip.compress(b"")):
        with pytest.raises(UnreadableLinesError):
            unpacked(BODY + more)


def test_a_small_body_does_not_become_a_large_one() -> None:
    bomb = gzip.compress(bytes(MOST_BYTES + 1))
    assert len(bomb) < 20_000
    with pytest.raises(Problem) as refused:
        unpacked(bomb)
    assert refused.value.kind is ProblemKind.TOO_LARGE
    assert len(unpacked(gzip.compress(bytes(MOST_BYTES)))) == MOST_BYTES


@pytest.mark.parametrize(
    "text",
    [
        text_of(RAWS)[:-1],
        text_of(RAWS[:2]),
        text_of([*RAWS, RAWS[2]]),
        text_of([RAWS[1], RAWS[0], RAWS[2]]),
        text_of([RAWS[0], RAWS[1], b"{}"]),
        text_of([RAWS[0], RAWS[1], b"[" * 100_000]),
        text_of([RAWS[0], RAWS[1], b"\xff"]),
        with_changed(2, n=4),
        with_changed(2, n="3"),
        with_changed(0, id="nobody"),
        with_changed(0, salt="00"),
        with_changed(0, body=[]),
        with_changed(0, type="DROP TABLE"),
        with_changed(0, more=1),
        with_changed(0, saved_at=None),
    ],
)
def test_lines_a_sound_device_never_sends(text: bytes) -> None:
    with pytest.raises(UnreadableLinesError):
        read_lines(header=HEADER, text=text)
