"""An option that takes one value is refused when it is given twice, whatever its default."""

import argparse
from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError

from cunjing.base.once import Once
from cunjing.cli import build_parser, main
from cunjing.commands.management.commands.facts_export import Command


def _repeats(action: argparse.Action) -> bool:
    return isinstance(action, argparse._AppendAction)


def single_valued(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, argparse.ArgumentParser]]:
    """Every option of every command that takes a value and is not gathered into a list."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from single_valued(below, (*words, name))
        elif action.option_strings and action.nargs != 0 and not _repeats(action):
            yield words, action.option_strings[0], parser


OPTIONS = {
    " ".join([*words, name]): (name, parser)
    for words, name, parser in single_valued(build_parser())
}


def test_the_options_are_found() -> None:
    assert {
        "assess --as-of",
        "explain --policy",
        "policy whatif --draft",
        "match --role",
        "facts gather --out",
        "plan check --facts",
        "policy diff --format",
    } <= set(OPTIONS)


@pytest.mark.parametrize("command", OPTIONS)
def test_no_option_takes_a_second_value(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, parser = OPTIONS[command]
    (action,) = [one for one in parser._actions if name in one.option_strings]
    value = next(iter(action.choices)) if action.choices else "12"
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([name, value, name, value])
    assert ended.value.code == 2
    assert f"{name} 这里只能写一次" in capsys.readouterr().err


def test_a_value_that_is_the_default_counts(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["assess", "--policy", "bozhou-2014", "--facts", "x", "--period", "2026-09"]
    with pytest.raises(SystemExit):
        main([*asked, "--engine", "duckdb", "--engine", "reference"])
    assert "--engine 这里只能写一次" in capsys.readouterr().err


def test_what_may_be_repeated_still_may() -> None:
    words = ["assess", "--policy", "a", "--policy", "b", "--rule", "c", "--rule", "d"]
    found = build_parser().parse_args([*words, "--facts", "x", "--period", "2026-09"])
    assert (found.policy, found.rule) == (["a", "b"], ["c", "d"])


def test_what_stands_without_a_name_is_no_option() -> None:
    parser = argparse.ArgumentParser()
    parser.register("action", None, Once)
    parser.add_argument("folder")
    assert parser.parse_args(["a"]).folder == "a"


def test_the_export_from_the_database_is_held_to_the_same() -> None:
    parser = Command().create_parser("cunjing", "facts_export")
    assert parser.parse_args(["--out", "a", "--county", "1", "--county", "2"]).county == ["1", "2"]
    with pytest.raises(CommandError, match="--period 这里只能写一次"):
        parser.parse_args(["--out", "a", "--period", "2026-08", "--period", "2026-09"])
