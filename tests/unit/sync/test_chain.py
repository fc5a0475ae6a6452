"""The chain of a device and the digest of a scope, by the vectors both sides share."""

import json
from typing import Any
from uuid import UUID

from tests.support.sync_vectors import FILE, vectors

from cunjing.sync import chain

SHARED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def test_the_vectors_are_those_of_this_code() -> None:
    # What gzip makes of the same text differs between versions of zlib.
    made = vectors()
    for key in ("device", "server", "genesis", "lines", "anchors", "scope", "changes", "handover"):
        assert made[key] == SHARED[key]


def test_each_hash_holds_all_lines_before_it() -> None:
    found = chain.genesis(UUID(SHARED["device"]["id"]))
    assert found.hex() == SHARED["genesis"]
    for line in SHARED["lines"]:
        salt, raw = bytes.fromhex(line["salt"]), line["line"].encode()
        inner = chain.inner_digest(salt=salt, line=raw)
        assert inner.hex() == line["inner"]
        found = chain.next_hash(previous=found, inner=inner)
        assert found.hex() == line["hash"]


def test_an_erased_line_keeps_the_chain() -> None:
    inners = [bytes.fromhex(line["inner"]) for line in SHARED["lines"]]
    found = chain.hashes(previous=bytes.fromhex(SHARED["genesis"]), inners=inners)
    assert [one.hex() for one in found] == [line["hash"] for line in SHARED["lines"]]


def test_the_digest_of_a_scope_knows_no_order_and_forgets_what_is_gone() -> None:
    rows = SHARED["scope"]["rows"]
    digests = [
        chain.row_digest(row_type=row["type"], row_id=row["id"], version=row["version"])
        for row in rows
    ]
    assert [one.hex() for one in digests] == [row["digest"] for row in rows]
    assert chain.scope_digest(digests).hex() == SHARED["scope"]["digest"]
    assert chain.scope_digest(reversed(digests)).hex() == SHARED["scope"]["digest"]
    assert chain.scope_digest([*digests, digests[0]]) == digests[1]
    assert chain.scope_digest([]).hex() == SHARED["scope"]["empty"]
