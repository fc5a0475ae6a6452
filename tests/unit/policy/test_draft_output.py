"""Flips and changes written out."""

import json
from dataclasses import replace
from datetime import date

import pytest

from cunjing.policy.draft_output import (
    changes_json,
    changes_text,
    field_text,
    flips_csv,
    flips_json,
    flips_table,
)
from cunjing.policy.enums import SubjectKind, VerdictKind
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period
from cunjing.policy.revision import ChangeKind, FieldChange, PartChange
from cunjing.policy.whatif import Comparison, Flip

FLIP = Flip(
    rule="size",
    subject_kind=SubjectKind.GROUP,
    subject="=G1",
    village_code=None,
    staff_id=None,
    period="2026-09",
    before=None,
    after=VerdictKind.ADVICE,
    value_before=None,
    value_after=34,
    threshold_before=None,
    threshold_after=(7, 11),
)
ONE = Comparison(parse_period("2026-09"), {}, {}, (FLIP,))
TURN, LATER = date(2027, 1, 1), date(2028, 1, 1)


def test_what_is_missing_is_a_dash_in_the_table() -> None:
    row = flips_table([ONE]).splitlines()[1].split()
    assert row == ["size", "=G1", "2026-09", "-", "→", "34", "-", "→", "7..11", "-", "→", "advice"]
    assert "  size：没有→提示 1" in flips_table([ONE]).splitlines()


def test_what_is_missing_is_empty_in_the_csv_and_ids_are_harmless() -> None:
    row = flips_csv([ONE]).splitlines()[1]
    assert row == 'size,group,\'=G1,,,2026-09,,advice,,34,,"[7, 11]"'


def test_flips_stand_apart_from_their_sums() -> None:
    assert flips_table([ONE]).splitlines()[2:4] == ["", "共 1 处变化"]


def test_json_is_written_in_chinese() -> None:
    policy = load_policy("bozhou-2014")
    change = FieldChange("threshold", 2, 3, "2天", "3天", TURN, LATER)
    part = PartChange("rules", "days", "天数", ChangeKind.CHANGED, (change,))
    text = changes_json([part], before=policy, after=policy)
    assert '"title": "天数"' in text
    found = json.loads(text)
    assert (
        found["before"]
        == found["after"]
        == {
            "policy": policy.id,
            "policy_digest": policy.digest,
        }
    )
    (field,) = found["changes"][0]["fields"]
    assert (field["since"], field["until"]) == ("2027-01-01", "2028-01-01")
    strange = replace(FLIP, subject="甲", period="2026-09")
    flips = flips_json(
        [Comparison(parse_period("2026-09"), {}, {}, (strange,))],
        before=policy,
        after=policy,
        watermark="2026-12-01T00:00:00+08:00",
        engine="duckdb",
    )
    assert '"subject": "甲"' in flips
    assert flips.endswith("}\n")


def test_nothing_that_changed_is_said_below_the_names() -> None:
    policy = load_policy("bozhou-2014")
    assert changes_text([], before=policy, after=policy).splitlines() == [
        f"从 {policy.title}（{policy.id}，摘要 {policy.digest}）",
        f"到 {policy.title}（{policy.id}，摘要 {policy.digest}）",
        "",
        "内容没有不同",
    ]


@pytest.mark.parametrize(
    ("since", "until", "when"),
    [
        (None, None, ""),
        (TURN, None, "（2027-01-01起）"),
        (None, TURN, "（2027-01-01前）"),
        (TURN, LATER, "（2027-01-01起，2028-01-01前）"),
    ],
)
def test_a_threshold_names_its_stretch_of_time(
    since: date | None, until: date | None, when: str
) -> None:
    change = FieldChange("threshold", 2, 3, "2天", "3天", since, until)
    assert field_text(change, ChangeKind.CHANGED) == f"门槛{when}：2天 → 3天"


def test_a_side_that_says_nothing_is_said_to() -> None:
    change = FieldChange("note", "x", "", "x", "")
    assert field_text(change, ChangeKind.CHANGED) == "说明：x → 无"
    other = FieldChange("note", "", "x", "", "x")
    assert field_text(other, ChangeKind.CHANGED) == "说明：无 → x"


def test_a_part_that_is_new_or_gone_has_one_side() -> None:
    policy = load_policy("bozhou-2014")
    added = FieldChange("threshold", None, 3, "", "3天")
    removed = FieldChange("threshold", 3, None, "3天", "")
    parts = [
        PartChange("rules", "new", "新规则", ChangeKind.ADDED, (added,)),
        PartChange("rules", "old", "旧规则", ChangeKind.REMOVED, (removed,)),
        PartChange("document", "", "文件名", ChangeKind.CHANGED, ()),
    ]
    assert changes_text(parts, before=policy, after=policy).splitlines()[2:] == [
        "",
        "规则",
        "  ＋ new  新规则（新增）",
        "      门槛：3天",
        "  － old  旧规则（删去）",
        "      门槛：3天",
        "",
        "文件",
        "  ～ 文件名（改动）",
    ]
