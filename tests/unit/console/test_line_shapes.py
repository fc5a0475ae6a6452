"""What a phone's line says, in words."""

from typing import Any

import pytest

from cunjing.console.line_shapes import (
    body_lines,
    fault_label,
    field_label,
    saved_text,
    type_label,
)

VILLAGE = "411526100201"
CALL: dict[str, Any] = {
    "id": "01a2",
    "household_id": "0f",
    "answers": {
        "security": {"chips": ["fraud", "traffic"], "text": "陌生来电多"},
        "help": {"chips": [], "text": ""},
        "topics": {"chips": ["of a later version"]},
    },
}


def test_a_visit_is_told_by_the_names_of_what_it_says() -> None:
    body = {
        "id": "01a2",
        "village_code": VILLAGE,
        "staff_id": "0e",
        "arrived_at": "2026-11-03T01:30:00Z",
        "log": "",
        "calls": [CALL],
        "information": [{"id": "1", "subkind": "theft", "place": "村口", "text": "电缆被剪"}],
        "matters": [{"id": "2", "kind": "hazard", "subkind": "traffic", "level": "township"}],
        "warning": {"id": "3", "published": ["board", "loudspeaker"]},
        "session": {"id": "4", "subkind": "traffic", "audience": ["pupils"], "audience_count": 31},
        "position": {"longitude": 115.05, "latitude": 32.13, "accuracy": 12.0},
    }
    assert body_lines(body, names={"village_code": {VILLAGE: "白店村"}}) == [
        ("村", "白店村"),
        ("到村", "2026-11-03 09:30"),
        ("入户1 · 住户", "0f"),
        ("入户1 · 治安状况", "防诈骗、出行安全；陌生来电多"),
        ("入户1 · 这里谁需要帮助", "问过，没有情况"),
        ("入户1 · 热点问题", "of a later version"),
        ("信息1 · 细类", "盗窃线索（物、处所）"),
        ("信息1 · 地点", "村口"),
        ("信息1 · 内容", "电缆被剪"),
        ("事项1 · 类别", "安全隐患"),
        ("事项1 · 细类", "道路交通"),
        ("事项1 · 层级", "乡镇"),
        ("预警 · 发布方式", "公告栏、大喇叭"),
        ("宣教 · 细类", "交通安全"),
        ("宣教 · 对象", "学生"),
        ("宣教 · 人数", "31"),
        ("位置 · 经度", "115.05"),
        ("位置 · 纬度", "32.13"),
        ("位置 · 误差（米）", "12.0"),
    ]


def test_a_work_record_says_its_subkind_after_its_kind() -> None:
    def said(kind: str) -> list[tuple[str, str]]:
        return body_lines({"kind": kind, "subkind": "fraud", "details": {"audience": ["cadres"]}})

    audience = ("详情 · 对象", "村干部")
    assert said("session") == [("类别", "宣传教育"), ("细类", "反诈宣传"), audience]
    assert said("information") == [("类别", "信息通报"), ("细类", "诈骗手法"), audience]
    corrected = body_lines({"reason": "写错", "record": {"kind": "session", "subkind": "fire"}})
    assert corrected[-1] == ("更正后 · 细类", "消防安全")


def test_the_answers_of_a_household_record_are_told_too() -> None:
    body = {"kind": "household_visit", "details": CALL["answers"]}
    assert ("详情 · 治安状况", "防诈骗、出行安全；陌生来电多") in body_lines(body)


def test_a_change_says_both_values_by_name_and_a_code_of_two_names_by_both() -> None:
    change = {"fields": {"subkind": {"from": "land", "to": "camera"}}}
    assert body_lines(change) == [
        ("改动 · 细类 · 原来", "土地山林水"),
        ("改动 · 细类 · 改成", "监控损坏"),
    ]
    # 道路交通 of a hazard, 交通事故 of a dispute.
    assert body_lines({"fields": {"subkind": {"to": "traffic"}}}) == [
        ("改动 · 细类 · 改成", "交通事故／道路交通")
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"calls": [CALL, "not a form"]},
        {"calls": "none"},
        {"kind": ["session"], "subkind": {"a": 1}},
        {"answers": {"help": "所有"}},
        {"security": {"chips": "fire", "text": 4}},
        {"village_code": 7, "audience": [{"a": []}]},
        {"at": "9999-12-31T23:59:59-12:00", "left_at": ["0001-01-01T00:00:00+14:00"]},
    ],
)
def test_what_no_form_has_is_shown_all_the_same(body: dict[str, Any]) -> None:
    assert body_lines(body)


def test_yes_and_no_are_words() -> None:
    said = body_lines({"with_parts": True, "of_a_later_version": [True, False]})
    assert said == [("连同其中各条", "是"), ("of_a_later_version", "是、否")]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_beyond_the_years_of_shanghai_is_shown_as_it_is(moment: str) -> None:
    assert saved_text(moment) == moment
    assert body_lines({"at": moment}) == [("时间", moment)]


def test_the_place_of_a_fault_is_named_as_the_lines_are() -> None:
    assert fault_label("calls.0.answers.help.chips.1") == "入户1 · 这里谁需要帮助 · 选项2"
    assert fault_label("occurred_at") == "发生"
    assert fault_label("of_a_later_version.3") == "of_a_later_version4"
    # What a line calls its fields is its own affair, and so is how long it does.
    assert fault_label(f"position.{'9' * 5000}") == f"位置 · {'9' * 5000}"


def test_types_and_fields_of_a_later_version_keep_their_own_names() -> None:
    assert "later" in str(type_label("later"))
    assert field_label("later") == "later"
