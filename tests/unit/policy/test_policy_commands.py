"""`policy list`, `check` and `new`, `facts check`: as functions, without a process of their own."""

import shutil
from pathlib import Path

import pytest

from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.loader import SHIPPED, load_policy, shipped_policies
from cunjing.policy.starter import STARTER

from .asked import told
from .folders import sound_folder


@pytest.fixture
def bozhou(tmp_path: Path) -> Path:
    """A copy of Bozhou's policy with its cases, one of which says otherwise."""
    folder = tmp_path / "bozhou"
    shutil.copytree(SHIPPED / "bozhou-2014", folder)
    return folder / "policy.yaml"


def spoil(path: Path) -> None:
    """Let one case of a policy say what is not so."""
    cases = path.parent / "cases" / "safety-warning.yaml"
    text = cases.read_text(encoding="utf-8")
    text = text.replace("value: 1", "value: 7", 1)
    cases.write_text(text, encoding="utf-8")


def refused(*words: str | Path) -> list[str]:
    """What is said of every finding."""
    with pytest.raises(InputError) as caught:
        told(*words)
    return [str(item) for item in caught.value.findings]


def test_the_list_has_a_line_for_each_policy() -> None:
    lines = told("policy", "list").splitlines()
    assert [line.split("\t")[0] for line in lines] == list(shipped_policies())
    first = load_policy(shipped_policies()[0])
    assert lines[0] == f"{first.id}\t{first.title}\t{first.document_number}"


def test_a_sound_policy_has_a_line_with_its_clauses_and_rules() -> None:
    policies = [load_policy(name) for name in ("bozhou-2014", "mouding-2020")]
    assert told("policy", "check", "bozhou-2014", "mouding-2020") == "".join(
        f"{item.id}：没有问题，{len(item.clauses)} 条条款，{len(item.rules)} 条规则\n"
        for item in policies
    )


def test_every_finding_of_every_file_is_named(tmp_path: Path, bozhou: Path) -> None:
    """Those of files that cannot be read, and of the cases of one that can."""
    (bozhou.parent / "cases" / "coverage.yaml").unlink()
    broken = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path in broken:
        path.write_text("id: x\nnot_a_key: 1\n", encoding="utf-8")
    said = refused("policy", "check", broken[0], bozhou, broken[1], "bozhou-2014")
    for path in (*broken, bozhou):
        assert any(line.startswith(f"{path}：") for line in said)
    assert any("“coverage”规则：缺少这几类用例" in line for line in said)


def test_cases_are_run_where_that_is_asked_for(
    bozhou: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "没有问题" in told("policy", "check", bozhou, "--run")
    assert capsys.readouterr().err == "正在运行 bozhou-2014 的用例……\n"
    spoil(bozhou)
    assert "没有问题" in told("policy", "check", bozhou)
    assert capsys.readouterr().err == ""
    (said,) = refused("policy", "check", bozhou, "--run")
    assert "值 1" in said
    (bozhou.parent / "cases" / "coverage.yaml").unlink()
    both = refused("policy", "check", bozhou, "--run")
    assert len(both) == 2
    assert "缺少这几类用例" in both[0]


def test_what_is_still_to_fill_in_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    assert told("policy", "new") == STARTER
    said = told("policy", "new", "--out", path)
    assert said == f"已写好 {path}，改好后用 cunjing policy check {path} 检查\n"
    assert path.read_text(encoding="utf-8") == STARTER
    lines = told("policy", "check", path).splitlines()
    assert lines[0].startswith(f"{path}：没有问题，")
    assert len(lines) == 4
    assert all("还没有填" in line for line in lines[1:])


def test_a_new_policy_takes_no_files_place(tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text("id: ours\n", encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        told("policy", "new", "--out", path)
    assert str(caught.value) == f"命令：“{path}”已经存在，请换个名字"
    assert path.read_text(encoding="utf-8") == "id: ours\n"


def test_a_sound_folder_is_noted_where_that_is_asked_for(tmp_path: Path) -> None:
    folder = sound_folder(tmp_path)
    assert told("facts", "check", folder) == f"{folder}：没有问题\n"
    assert not (folder / "checked.json").exists()
    assert told("facts", "check", folder, "--remember") == f"{folder}：没有问题\n"
    assert (folder / "checked.json").exists()
    sound_folder(tmp_path, staff="staff_id,role\nS1,liaison_officer\nS1,liaison_officer\n")
    (said,) = refused("facts", "check", folder)
    assert "“S1”与第2行重复" in said
