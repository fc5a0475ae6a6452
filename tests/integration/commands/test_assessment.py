"""`cunjing assessment` and `cunjing facts export` from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from tests.support.assessment_factories import COUNTY, frozen_september, september

from cunjing.assessment.models import Run
from cunjing.assessment.storage import facts_folder
from cunjing.cli import BAD_INPUT, DIFFERS, OUR_FAULT, main
from cunjing.policy.facts import open_facts

Printed = pytest.CaptureFixture[str]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    september()


def _said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_month_from_programme_to_replay() -> None:
    begun = _said(
        "assessment", "programme", "--county", COUNTY, "--policy", "bozhou-2014",
        "--from", "2026-01-01",
    )  # fmt: skip
    assert "bozhou-2014" in begun
    moment = "2026-10-02T09:00:00"
    said = _said("assessment", "run", "--county", COUNTY, "--period", "2026-09", "--as-of", moment)
    assert "暂评：免考 4，达标 6" in said
    run = str(Run.objects.get().pk)
    assert run in _said("assessment", "list", "--period", "2026-09")
    assert "定稿" in _said("assessment", "freeze", run)
    assert "第1次修订" in _said("assessment", "revise", run, "--reason", "迟到的预警")
    assert "核对相符" in _said("assessment", "replay", run)


def test_a_replay_that_differs_is_neither_bad_input_nor_our_fault(capsys: Printed) -> None:
    run = frozen_september()
    assert main(["assessment", "replay", str(run.pk)]) == 0
    run.results.filter(rule="coverage").update(value=7)
    assert main(["assessment", "replay", str(run.pk)]) == DIFFERS
    told = capsys.readouterr()
    assert "× coverage" in told.out
    assert told.err.endswith("核对不符：重算结果与保存的结果不一致。\n")


def test_what_was_kept_and_is_another_now_differs_as_well(capsys: Printed) -> None:
    run = frozen_september()
    path = facts_folder(run.facts_digest) / "events.parquet"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    assert main(["assessment", "replay", str(run.pk)]) == DIFFERS
    assert "已被改动，不能继续。请从备份恢复" in capsys.readouterr().err


@pytest.mark.parametrize("run", ["not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_a_run_that_is_not_there_is_bad_input(run: str) -> None:
    assert main(["assessment", "replay", run]) == BAD_INPUT


@pytest.mark.parametrize("words", [("assessment", "replay"), ("audit", "verify")])
def test_the_help_of_what_checks_says_how_it_ends(words: tuple[str, str], capsys: Printed) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"退出状态：0 相符，{DIFFERS} 不符，{BAD_INPUT} 输入有误，{OUR_FAULT} 程序出错。" in said


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--county", COUNTY, "--period", "2026-13"),
        ("run", "--county", COUNTY, "--period", "2026-09", "--as-of", "昨天"),
        ("run", "--county", "9901", "--period", "2026-09"),
        ("programme", "--county", COUNTY, "--policy", "bozhou-2014", "--from", "1月"),
        ("freeze", "not-an-id"),
        ("freeze", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_bad_input_ends_with_status_2(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        _said("assessment", *words)
    assert refused.value.returncode == 2


def test_facts_are_exported_and_sound(tmp_path: Path) -> None:
    out = tmp_path / "facts"
    said = _said("facts_export", "--out", str(out), "--period", "2026-09", "--county", COUNTY)
    assert "events 42 行" in said
    with open_facts(out) as facts:
        assert facts.has("sync")


def test_an_export_that_is_refused_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "facts"
    with pytest.raises(CommandError) as refused:
        _said("facts_export", "--out", str(out), "--period", "九月")
    assert refused.value.returncode == 2
    assert not out.exists()


def test_a_programme_is_ended_with_a_reason() -> None:
    given = ("--county", COUNTY, "--policy", "bozhou-2014", "--from", "2026-01-01")
    _said("assessment", "programme", *given)
    end = ("assessment", "end", "--county", COUNTY, "--on", "2099-01-01", "--reason")
    assert _said(*end, "归市局") == f"{COUNTY} 的 bozhou-2014 用到 2099-01-01 的前一天。\n"
    with pytest.raises(CommandError, match="请写明理由") as refused:
        _said(*end, " ")
    assert refused.value.returncode == 2
