"""The header of a push: read, compared with the body, its signature checked."""

import base64
import hashlib
import json
from typing import Any

import pytest
from tests.support.sync_vectors import FILE

from cunjing.base.errors import Problem, ProblemKind
from cunjing.sync.header import (
    MOST_LINES,
    MOST_PACKED_BYTES,
    check_body,
    check_signature,
    from_base64url,
    read_header,
    read_public_key,
    to_base64url,
)

SHARED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
HEADER = SHARED["push"]["header"]
BODY = base64.b64decode(SHARED["push"]["body"])
KEY = read_public_key(SHARED["device"]["public_key"])


def changed(**changes: object) -> str:
    """The vectors' header with other fields; None leaves one out."""
    said = {**json.loads(from_base64url(HEADER)), **changes}
    kept = {key: value for key, value in said.items() if value is not None}
    return to_base64url(json.dumps(kept).encode())


def test_the_shared_push_is_whole_and_signed() -> None:
    header = read_header(HEADER)
    assert header.signed_bytes().decode() == SHARED["push"]["signed"]
    check_body(header=header, body=BODY)
    check_signature(header=header, key=KEY)
    assert (header.first, header.last) == (1, 3)
    assert str(header.device_id) == SHARED["device"]["id"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("first", 2), ("count", 2), ("schema", 2), ("head", "0" * 64), ("length", 553),
     ("sha256", "0" * 64), ("device", "01932c4e-8a00-7c31-9d2f-5b1e6a7c8d91")],
)  # fmt: skip
def test_a_header_changed_on_its_way_is_not_signed(name: str, value: object) -> None:
    with pytest.raises(Problem) as refused:
        check_signature(header=read_header(changed(**{name: value})), key=KEY)
    assert refused.value.kind is ProblemKind.WRONG_SIGNATURE


def test_the_signature_of_another_key_does_not_hold() -> None:
    other = read_public_key(SHARED["server"]["public_key"])
    with pytest.raises(Problem) as refused:
        check_signature(header=read_header(HEADER), key=other)
    assert refused.value.kind is ProblemKind.WRONG_SIGNATURE


def test_a_body_changed_in_any_byte_or_length_is_not_this_body() -> None:
    header = read_header(HEADER)
    others = [BODY[:-1], BODY + b"\n", b"", *(_flipped(place) for place in range(len(BODY)))]
    for body in others:
        with pytest.raises(Problem) as refused:
            check_body(header=header, body=body)
        assert refused.value.kind is ProblemKind.ALTERED


def _flipped(place: int) -> bytes:
    return BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]


@pytest.mark.parametrize(
    "text",
    ["", "=", "not json", HEADER[:-4], to_base64url(b"[]"), changed(more=1), changed(first=None),
     changed(first="1"), changed(first=0), changed(sha256="A" * 64), changed(device="nobody"),
     changed(signature="short"), to_base64url(b" " * 2000)],
)  # fmt: skip
def test_a_header_that_cannot_be_read(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_header(text)
    assert refused.value.kind is ProblemKind.BAD_REQUEST


@pytest.mark.parametrize(
    "text", [changed(count=MOST_LINES + 1), changed(length=MOST_PACKED_BYTES + 1)]
)
def test_a_header_of_too_much(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_header(text)
    assert refused.value.kind is ProblemKind.TOO_LARGE


def test_only_keys_on_p256_are_taken() -> None:
    assert (
        hashlib.sha256(base64.b64decode(SHARED["server"]["public_key"])).hexdigest()
        == (SHARED["server"]["fingerprint"])
    )
    ed25519 = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
    for text in ("", "no base64", ed25519):
        with pytest.raises(ValueError):  # noqa: PT011 - three ways to be no key
            read_public_key(text)
