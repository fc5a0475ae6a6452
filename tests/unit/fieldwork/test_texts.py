"""Free text keeps no numbers that point to a person."""

import sys
import unicodedata

import pytest

from cunjing.fieldwork.texts import PERSONAL, UNSEEN, cleaned, fault_of


@pytest.mark.parametrize(
    "text",
    [
        "联系 13800138000",
        "电话138 0013 8000。",
        "电话138-0013-8000",
        "电话 1380 013 8000",
        "座机0564-5312345",
        "身份证11010519491231002X",
        "身份证110105 19491231 002X",
        "身份证 110105-19491231-002x",
        "老身份证110105491231002",
        "卡号6222020000000000000",
        "全角１３８００１３８０００",
        "长横138—0013—8000",
    ],
)
def test_numbers_of_people_are_found(text: str) -> None:
    assert fault_of(text) == PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9月10日8:30到村，12:00离村",
        "2026-09-10 至 2026-09-12 修路",
        "发放传单 1500 份，3 组 25 户",
        "报警电话110，防诈热线96110",
        "合同金额 12345678 元",
        "第一行\n第二行\t缩进",
        "网页上的\r\n两行，旧程序的\r两行",
    ],
)
def test_plain_text_passes(text: str) -> None:
    assert fault_of(text) == ""


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\ud800"])
def test_control_characters_are_refused(sign: str) -> None:
    assert "控制字符" in fault_of(f"护栏{sign}松动")


def test_text_is_kept_without_blanks_around_it() -> None:
    assert cleaned("　护栏松动\r\n待修 \n") == "护栏松动\n待修"


def test_every_control_character_is_found_and_nothing_else() -> None:
    for sign in map(chr, range(sys.maxunicode + 1)):
        unseen = unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"
        assert bool(UNSEEN.search(sign)) == unseen
