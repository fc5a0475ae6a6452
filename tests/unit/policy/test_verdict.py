"""A verdict as others read it: the contract's keys, digest and watermark."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from tests.support.machine import elsewhere

from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.verdict import Verdict, evidence_digest, watermark_text

VERDICT = Verdict(
    policy="book",
    policy_digest="d",
    rule="visits",
    clause="1",
    subject_kind=SubjectKind.POSTING,
    subject="P1",
    village_code="532323100200",
    staff_id=None,
    period="2026-09",
    value=1,
    operator=Operator.AT_LEAST,
    threshold=2,
    threshold_full=3,
    verdict=VerdictKind.FAIL,
    evidence_count=1,
    evidence_digest="e",
    watermark="2026-10-01T00:00:00+08:00",
    engine="reference",
)


def test_a_verdict_has_the_contracts_keys_in_its_order() -> None:
    assert json.dumps(VERDICT.as_dict()) == (
        '{"policy": "book", "policy_digest": "d", "rule": "visits", "clause": "1", '
        '"subject_kind": "posting", "subject": "P1", "village_code": "532323100200", '
        '"staff_id": null, "period": "2026-09", "value": 1, "operator": ">=", "threshold": 2, '
        '"threshold_full": 3, "verdict": "fail", "evidence_count": 1, "evidence_digest": "e", '
        '"watermark": "2026-10-01T00:00:00+08:00", "engine": "reference"}'
    )


def test_a_range_is_a_list() -> None:
    shown = replace(VERDICT, threshold=(1, 3), threshold_full=(2, 4)).as_dict()
    assert (shown["threshold"], shown["threshold_full"]) == ([1, 3], [2, 4])


def test_the_digest_is_over_the_ids_sorted_each_on_its_line() -> None:
    wanted = hashlib.sha256(b"E1\nE10\nE2").hexdigest()
    assert evidence_digest(["E2", "E1", "E10"]) == wanted
    assert evidence_digest([]) == hashlib.sha256(b"").hexdigest()


def test_a_watermark_is_written_in_shanghai() -> None:
    moment = datetime(2026, 9, 30, 16, tzinfo=UTC)
    with elsewhere():
        assert watermark_text(moment) == "2026-10-01T00:00:00+08:00"
        assert watermark_text(moment.replace(microsecond=5)) == "2026-10-01T00:00:00.000005+08:00"
