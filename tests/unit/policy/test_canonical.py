"""The form of a policy that its digest is taken of."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from cunjing.policy.canonical import ADDED_LATER, plain, with_digest
from cunjing.policy.enums import Disposition
from cunjing.policy.loader import load_policy
from cunjing.policy.model import (
    Between,
    Clause,
    DatedThreshold,
    Listing,
    Parameter,
    Policy,
    Rule,
)


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


def test_a_policy_kept_by_the_first_version_keeps_its_digest() -> None:
    """Frozen results cite this digest. A field of the model that is new belongs in ADDED_LATER."""
    kept = load_policy(str(Path(__file__).parent / "kept"))
    assert kept.digest == "5869cf0cc6b51e5f93da04ec5742bca94a5975d0ddca76d79439f40119660004"


def test_a_later_field_counts_as_soon_as_it_says_something() -> None:
    clause = Clause("一", "每天一次", Disposition.HUMAN, "")
    assert "figure" not in plain(clause)
    assert plain(replace(clause, figure="每天一次"))["figure"] == "每天一次"


def test_later_fields_are_fields_of_the_model() -> None:
    classes: tuple[Any, ...] = (Clause, Listing, Policy, Rule, Parameter)
    names = {f"{kind.__name__}.{field.name}" for kind in classes for field in fields(kind)}
    assert names >= ADDED_LATER
