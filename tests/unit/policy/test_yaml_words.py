"""Slips of somebody who writes YAML for the first time: each is told in Chinese, at its line."""

from pathlib import Path

import pytest

from cunjing.policy import yaml_words
from cunjing.policy.decode import compose
from cunjing.policy.errors import InputError

SLIPS = [
    ("a: 1\nissuer：县局\nb: 2\n", 2, "半角冒号"),
    ("a: 1\nissuer:县局\nb: 2\n", 2, "一个空格"),
    ("a: 1\n issuer: b\nc: 2\n", 2, "请检查缩进"),
    ("a: 1\ntitle: 制度: 试行\n", 2, "要用双引号括起来"),
    ("a: 1\nrules:\n\tx: 1\n", 3, "不能用制表符"),
    ("a: 1\nrules:\n  x: 1\n\ty: 1\n", 4, "不能用制表符"),
    ("rules:\n    x: 1\n  y: 2\n", 3, "没有对齐"),
    ('a: 1\ntitle: "本县"制度\nb: 2\n', 2, "引号后面还有字"),
    ("x:\n  - a\n  b: 1\n", 3, "每一项都以“- ”开头"),
    ("x: - a\n", 1, "另起一行"),
    ('a: 1\ntitle: "本县\nb: 2\n', 2, "引号没有配对"),
    ('a: 1\nscope: ["34"\nb: 2\n', 2, "方括号没有配对"),
    ('a: 1\nscope: ["34"，"35"]\n', 2, "不是半角逗号"),
    ("a: 1\nx: {b: 1\ny: 2\n", 2, "花括号没有配对"),
    ("a: 1\nx: ]\n", 2, "缺内容"),
    ('a: 1\ntitle: "a\\d"\n', 2, "改用单引号"),
    ("a: 1\ntitle: *重要*\n", 2, "以 *、& 开头的"),
    ("a: 1\ntitle: %制度\n", 2, "以 @、%、` 开头的"),
    ("a: 1\ntitle: !重要\n", 2, "以 ! 开头的"),
    ("a: 1\ntitle: >=2\n", 2, "以 >、| 开头的"),
    ("a: 1\n---\nb: 1\n", 2, "一份文件里只写一份政策"),
]


def refused(text: str, tmp_path: Path) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        compose(path)
    return str(caught.value).removeprefix(str(path))


@pytest.mark.parametrize(("text", "line", "words"), SLIPS)
def test_a_slip_is_told_in_chinese_at_the_line_to_change(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    said = refused(text, tmp_path)
    assert said.startswith(f"：第{line}行：YAML 写法有误：")
    assert words in said


def test_every_word_of_ours_is_said_of_a_slip(tmp_path: Path) -> None:
    said = [refused(text, tmp_path) for text, _, _ in SLIPS]
    for meant in yaml_words._MEANT.values():
        assert any(one.endswith(meant) for one in said), meant


def test_what_is_not_known_is_told_in_the_words_of_yaml(tmp_path: Path) -> None:
    said = refused("a: &x 1\nb: &x 2\nc: 3\n", tmp_path)
    assert said == "：第2行：YAML 写法有误：second occurrence"
