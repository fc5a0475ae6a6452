"""A long run of schedules goes on where it ended, on this machine or in a fresh checkout."""

from dataclasses import asdict
from pathlib import Path

import pytest
from tests.schedules import progress
from tests.schedules.cuts import Cuts
from tests.schedules.progress import Failure, Progress, Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record.json"


def _played(number: int) -> Progress:
    failure = Failure(3, "ViolationError: what was seen", [{"do": "sync"}], "a wrong model")
    return Progress("sqlite", [Run("abc", 0, number, 1.5, [failure])], {"sync": number})


def test_a_fresh_checkout_goes_on_from_what_is_recorded(folder: Path, record: Path) -> None:
    progress.write_record({"sqlite": asdict(_played(40))}, record)
    found = progress.read("sqlite", folder, record)
    assert found == _played(40)
    assert found.run_on("abc").played == 40
    assert progress.read("postgresql", folder, record).played == 0


@pytest.mark.parametrize(("here", "recorded"), [(50, 40), (40, 50)])
def test_what_is_further_counts(folder: Path, record: Path, here: int, recorded: int) -> None:
    _played(here).save(folder)
    progress.write_record({"sqlite": asdict(_played(recorded))}, record)
    assert progress.read("sqlite", folder, record).played == 50


def test_another_state_of_the_code_plays_the_seeds_after_those_played(folder: Path) -> None:
    run = _played(40).run_on("def")
    assert (run.first, run.played) == (40, 0)


def test_cuts_say_of_which_code_they_are(folder: Path, record: Path) -> None:
    progress.keep_cuts([Cuts("push", 10, 20)], folder)
    (kept,) = progress.read_cuts(folder, record)
    assert kept == {"what": "push", "length": 10, "places": 20, "code": progress.code_digest()}
    progress.write_record({"cuts": [kept]}, record)
    assert progress.read_cuts(folder / "none", record) == [kept]
