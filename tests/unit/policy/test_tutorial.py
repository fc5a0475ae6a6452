"""The tutorial on a county's own policy, followed to the letter by somebody without a database."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cunjing.cli import main
from cunjing.policy.loader import load_policy

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "write-a-policy.md"


def _steps() -> Iterator[tuple[str, str, str]]:
    """What is said before, the file and what is written into it, or "" and commands, in order."""
    text = TUTORIAL.read_text(encoding="utf-8").split("## 5.")[0]
    for part in re.finditer(r"([^\n]*)\n\n```\w*\n(.*?)```", text, re.DOTALL):
        named = re.search(r"`([^`]+)`:$", part[1])
        yield part[1], (named[1] if named else ""), part[2]


def _change(path: Path, lines: str) -> None:
    """Write these lines in place of those with the same key, each of which is there once."""
    text = path.read_text(encoding="utf-8")
    for line in lines.splitlines():
        text, changed = re.subn(rf"(?m)^{line.split(':')[0]}:.*$", line, text)
        assert changed == 1
    path.write_text(text, encoding="utf-8")


def _follow(folder: Path) -> Iterator[tuple[str, int]]:
    """Do as the page says; each command with its exit status."""
    for before, file, text in _steps():
        path = folder / file
        if "Change these lines" in before:
            _change(path, text)
            continue
        if file:
            path.parent.mkdir(exist_ok=True)
            with path.open("a", encoding="utf-8") as opened:
                opened.write(text)
            continue
        for line in text.splitlines():
            program, *words = shlex.split(line)
            if program == "mkdir":
                (folder / words[0]).mkdir()
            else:
                yield line, main(words)


def test_the_tutorial_works_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {}
    for line, status in _follow(tmp_path):
        said[f"{len(said)} {line.split(' ', 1)[1]}"] = (status, *capsys.readouterr())
    new, refused, checked, extended, shown, facts, assessed, explained = said.values()
    assert new[0] == 0
    assert (refused[0], refused[1]) == (2, "")
    assert "“visit-days”规则：缺少这几类用例：boundary、fail、pass" in refused[2]
    assert "my-county/policy.yaml：没有问题，53 条条款，12 条规则" in checked[1]
    assert "my-county/policy.yaml：没有问题，55 条条款，13 条规则" in extended[1]
    assert "  drills  [每季度] 每季演练，不少于1次（由县里定），条款 补-1" in shown[1]
    assert (facts[0], assessed[0]) == (0, 0)
    assert re.search(r"visit-days +P1 +341302100201 +2 +>= +3 +fail", assessed[1])
    assert re.search(r"coverage-officer +341302100202 .* fail", assessed[1])
    cited, *_ = explained[1].splitlines()
    parent = load_policy("suzhou-2021")
    assert f"沿用《{parent.title}》第 五（一）-1 条：" in cited
    assert cited.endswith("本方案改为：2027-01-01前 不少于2天；2027-01-01起 不少于3天")
    assert "结论：未达标。1月还差1天进村" in explained[1]
    assert "E3：不是这个村的记录" in explained[1]
    assert {status for status, *_ in said.values()} == {0, 2}
