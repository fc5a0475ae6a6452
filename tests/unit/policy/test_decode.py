"""A dataclass is its own schema: what is read, and what is said at which line about the rest."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from yaml.nodes import Node, SequenceNode

from cunjing.policy.decode import BadValueError, Decoder, compose, file_of, line_of
from cunjing.policy.errors import InputError


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Part:
    file: str
    line: int
    id: str
    size: int = 1


@dataclass(frozen=True)
class Whole:
    name: str
    part: Part | None = None
    count: int | None = None
    wanted: bool = False
    since: date | None = None
    colour: Colour = Colour.RED
    colours: tuple[Colour, ...] = ()
    parts: tuple[Part, ...] = field(default_factory=tuple)
    sizes: Mapping[str, int] | None = None
    tables: Mapping[Colour, Mapping[str, int]] | None = None
    anything: Node | None = None


@dataclass(frozen=True)
class Raw:
    node: Node


def _file(folder: Path, text: str) -> Path:
    path = folder / "whole.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _read(folder: Path, text: str) -> Whole:
    return Decoder().record(compose(_file(folder, text)), Whole)


def _said(folder: Path, text: str) -> list[str]:
    """All findings without the file's name, which each of them begins with."""
    path, decoder = _file(folder, text), Decoder()
    with pytest.raises(BadValueError):
        decoder.record(compose(path), Whole)
    with pytest.raises(InputError) as caught:
        decoder.raise_findings()
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}：") for line in lines)
    return [line.removeprefix(f"{path}：") for line in lines]


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    assert _read(tmp_path, "name: 甲\n") == Whole(name="甲")


def test_every_type_is_read(tmp_path: Path) -> None:
    text = """\
name: "  甲 "
part: {id: p, size: -3}
count: 12
wanted: true
since: 2026-09-01
colour: green
colours: [green, red]
parts:
  - {id: a}
  - id: b
    size: 2
sizes: {one: 1, two: 2}
tables: {red: {a: 1}, green: {}}
"""
    place = str(tmp_path / "whole.yaml")
    assert _read(tmp_path, text) == Whole(
        name="甲",
        part=Part(place, 2, "p", -3),
        count=12,
        wanted=True,
        since=date(2026, 9, 1),
        colour=Colour.GREEN,
        colours=(Colour.GREEN, Colour.RED),
        parts=(Part(place, 9, "a"), Part(place, 10, "b", 2)),
        sizes={"one": 1, "two": 2},
        tables={Colour.RED: {"a": 1}, Colour.GREEN: {}},
    )


@pytest.mark.parametrize("null", ["", "~", "null"])
def test_an_optional_key_may_be_null(tmp_path: Path, null: str) -> None:
    found = _read(tmp_path, f"name: 甲\ncount: {null}\nsince: {null}\nsizes: {null}\n")
    assert found == Whole(name="甲")


def test_false_is_false(tmp_path: Path) -> None:
    assert _read(tmp_path, "name: 甲\nwanted: false\n").wanted is False


def test_a_node_is_handed_over(tmp_path: Path) -> None:
    node = Decoder().record(compose(_file(tmp_path, "node:\n\n  [1]\n")), Raw).node
    assert isinstance(node, SequenceNode)
    assert (line_of(node), file_of(node)) == (3, str(tmp_path / "whole.yaml"))


TEXT = "应是不空的文字"
WHOLE_NUMBER = "应是整数"
DATE = "应是真实存在的日期，写作 2026-09-01"


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('name: ""', "name", f"“”不对，{TEXT}"),
        ('name: " "', "name", f"“ ”不对，{TEXT}"),
        ("name:", "name", f"“”不对，{TEXT}"),
        ("name: ~", "name", f"“~”不对，{TEXT}"),
        ("name: null", "name", f"“null”不对，{TEXT}"),
        ("name: [甲]", "name", TEXT),
        ("count: 1.5", "count", f"“1.5”不对，{WHOLE_NUMBER}"),
        ("count: 0x10", "count", f"“0x10”不对，{WHOLE_NUMBER}"),
        ("count: １２", "count", f"“１２”不对，{WHOLE_NUMBER}，要用半角数字"),
        ("since: ２026-01-01", "since", f"“２026-01-01”不对，{DATE}，要用半角数字"),
        ('count: "12"', "count", f"“12”不对，{WHOLE_NUMBER}"),
        ("count: {a: 1}", "count", WHOLE_NUMBER),
        ("wanted: yes", "wanted", "“yes”不对，应是true 或 false"),
        ('wanted: "true"', "wanted", "“true”不对，应是true 或 false"),
        ("wanted: 1", "wanted", "“1”不对，应是true 或 false"),
        ("since: 2026-9-1", "since", f"“2026-9-1”不对，{DATE}"),
        ('since: "2026-09-01"', "since", f"“2026-09-01”不对，{DATE}"),
        ("since: 2026-02-30", "since", f"“2026-02-30”不对，{DATE}"),
        ("since: 2026-09-01T08:00:00", "since", f"“2026-09-01T08:00:00”不对，{DATE}"),
        ("colour: blue", "colour", "“blue”不认识，应为以下之一：red、green"),
        ("colour: [red]", "colour", TEXT),
        ("colours: red", "colours", "应是一个列表"),
        ("colours: [red, blue]", "colours", "“blue”不认识，应为以下之一：red、green"),
        ("part: p", "part", "应是“键: 值”"),
        ("part: {size: 1}", "id", "缺少这个键，请补上"),
        ("part: {id: p, line: 3}", "line", "没有这个键，可用的键：id、size"),
        ("parts: [{id: a, size: b}]", "size", f"“b”不对，{WHOLE_NUMBER}"),
        ("sizes: [1]", "sizes", "应是“键: 值”"),
        ("sizes: {one: 一}", "one", f"“一”不对，{WHOLE_NUMBER}"),
        ("tables: {blue: {}}", "blue", "“blue”不认识，应为以下之一：red、green"),
        ("tables: {red: {a: b}}", "a", f"“b”不对，{WHOLE_NUMBER}"),
        ("tables: {red: 1}", "red", "应是“键: 值”"),
    ],
)
def test_a_bad_value_is_named_by_line_and_key(
    tmp_path: Path, line: str, key: str, words: str
) -> None:
    before = "anything: 1\n" if line.startswith("name") else "name: 甲\n"
    assert _said(tmp_path, f"{before}{line}\n") == [f"第2行，“{key}”键：{words}"]


def test_every_bad_key_is_reported_at_once(tmp_path: Path) -> None:
    text = "count: 一\nunknown: 1\nparts:\n  - {id: a, size: b}\n  - {}\n  - {id: c, size: d}\n"
    known = "name、part、count、wanted、since、colour、colours、parts、sizes、tables、anything"
    assert _said(tmp_path, text) == [
        f"第1行，“count”键：“一”不对，{WHOLE_NUMBER}",
        f"第2行，“unknown”键：没有这个键，可用的键：{known}",
        f"第4行，“size”键：“b”不对，{WHOLE_NUMBER}",
        "第5行，“id”键：缺少这个键，请补上",
        f"第6行，“size”键：“d”不对，{WHOLE_NUMBER}",
        "第1行，“name”键：缺少这个键，请补上",
    ]


def test_a_key_occurs_once(tmp_path: Path) -> None:
    assert _said(tmp_path, "name: 甲\ncount: 1\nname: 乙\n") == [
        "第3行，“name”键：同一个键写了两次，请删去一处"
    ]


def test_a_key_is_a_word(tmp_path: Path) -> None:
    assert _said(tmp_path, "name: 甲\n? [a]\n: 1\n")[0].startswith("第2行，“?”键：没有这个键")


def test_nothing_wrong_raises_nothing() -> None:
    Decoder().raise_findings()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: [1\n", "：第1行：YAML 写法有误：方括号没有配对，或者两项之间不是半角逗号"),
        (b"- 1\n", "：第1行：应是“键: 值”组成的文件"),
        (b"", "：第1行：应是“键: 值”组成的文件"),
        ("name: 甲".encode("gb18030"), "：不是 UTF-8 编码，请另存"),
        (b"name: \x01\n", "：含有不允许的字符"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "whole.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        compose(path)
    assert str(caught.value) == f"{path}{said}"


@pytest.mark.parametrize("depth", [51, 60_000])
@pytest.mark.parametrize(
    ("before", "opening", "closing"),
    [("name: ", "[", "]"), ("name: ", "{a: ", "}"), ("", "{a: ", "}"), ("name:\n  ", "- ", "")],
)
def test_what_is_nested_too_deep_is_refused_at_its_line(
    tmp_path: Path, depth: int, before: str, opening: str, closing: str
) -> None:
    # In a process of its own: a stack that overflows would end the tests.
    path = tmp_path / "whole.yaml"
    path.write_text(f"{before}{opening * depth}1{closing * depth}\n", encoding="utf-8")
    line = 1 + before.count("\n")
    command = [sys.executable, "-c", _COMPOSED, str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own program
    assert done.stdout == f"{path}：第{line}行：YAML 写法有误：一层套一层太深，最多 50 层\n"


_COMPOSED = """
import sys
from pathlib import Path
from cunjing.policy.decode import compose
from cunjing.policy.errors import InputError
try:
    compose(Path(sys.argv[1]))
except InputError as error:
    print(error)
"""


def test_fifty_levels_are_not_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    path.write_text(f"name: {'[' * 48}1{']' * 48}\n" * 2, encoding="utf-8")
    assert len(compose(path).value) == 2


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    whole = "name: " + "a" * (4 * 1024 * 1024 - 7) + "\n"
    path.write_text(whole, encoding="utf-8")
    assert len(compose(path).value) == 1
    path.write_text(whole + "#", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        compose(path)
    assert str(caught.value) == f"{path}：太长了，最多 4 MB，请检查是不是给错了文件"


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"
    with pytest.raises(InputError) as caught:
        compose(path)
    assert str(caught.value) == f"{path}：文件打不开，请检查路径"


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    path.write_text("name: 甲\n", encoding="utf-8-sig")
    assert Decoder().record(compose(path), Whole) == Whole(name="甲")
