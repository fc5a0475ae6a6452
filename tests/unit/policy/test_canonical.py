"""The form of a policy that its digest is taken of."""

import hashlib
import json
from dataclasses import replace
from datetime import date

from cunjing.policy.canonical import plain, with_digest
from cunjing.policy.enums import Disposition
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Between, Clause, DatedThreshold


def test_records_name_their_class_and_days_are_written_out() -> None:
    dated = DatedThreshold(Between(7, 11), valid_to=date(2027, 1, 1))
    assert plain(dated) == {
        "": "DatedThreshold",
        "value": {"": "Between", "low": 7, "high": 11},
        "valid_from": None,
        "valid_to": "2027-01-01",
    }


def test_tables_and_tuples_become_objects_and_lists() -> None:
    clause = Clause("一", "每天一次", Disposition.HUMAN, "")
    assert plain({"优秀": (clause.number, True, 3)}) == {"优秀": ["一", True, 3]}


def test_the_digest_is_of_the_canonical_text_without_any_digest() -> None:
    policy = load_policy("bozhou-2014")
    text = json.dumps(
        plain(replace(policy, digest="")), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert policy.digest == hashlib.sha256(text.encode()).hexdigest()
    assert with_digest(replace(policy, digest="x")) == policy


def test_a_changed_word_changes_the_digest() -> None:
    policy = load_policy("bozhou-2014")
    assert with_digest(replace(policy, title="另一份")).digest != policy.digest
