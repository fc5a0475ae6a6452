"""Readings of names and what people type for them."""

import pytest

from cunjing.standards.pinyin import reading_of, typed


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("天台村", "tiantaicun", "ttc"),
        ("重庆", "chongqing", "cq"),
        ("朝阳村", "chaoyangcun", "cyc"),
        ("涡阳", "guoyang", "gy"),
        ("吕林", "lvlin", "ll"),
        ("红旗A1社区", "hongqia1shequ", "hqa1sq"),
        ("石桥·（东）村", "shiqiaodongcun", "sqdc"),
    ],
)
def test_names_are_read_as_places(name: str, pinyin: str, initials: str) -> None:
    reading = reading_of(name)
    assert (reading.pinyin, reading.initials) == (pinyin, initials)


def test_an_unknown_character_is_left_out() -> None:
    assert reading_of("\ue170村").pinyin == "cun"


@pytest.mark.parametrize("text", ["tian tai cun", "Tian'Tai Cun", "TIANTAICUN"])
def test_spaces_case_and_apostrophes_do_not_matter(text: str) -> None:
    assert typed(text) == reading_of("天台村").pinyin


def test_u_umlaut_may_be_typed_either_way() -> None:
    assert typed("lü lin") == typed("lv lin") == reading_of("吕林").pinyin
