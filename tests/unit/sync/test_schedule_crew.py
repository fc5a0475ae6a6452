"""Several processes play schedules; what is kept of them stands in the order of seeds."""

import sys
from pathlib import Path

import pytest
from tests.schedules import crew, progress
from tests.schedules.playing import Block, blocks_to, keep_all
from tests.schedules.progress import Failure, Progress

PLAYER = """
import json, sys, time
for line in sys.stdin:
    first, size = json.loads(line)
    time.sleep(0.3 if first == 0 else 0)
    failures = [{"seed": 27, "message": "m", "steps": [{"do": "sync"}]}] if first == 25 else []
    block = {"first": first, "played": size, "failures": failures, "happened": {"sync": size}}
    print(json.dumps(block), flush=True)
"""
FAILURE = Failure(27, "m", [{"do": "sync"}])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Progress:
    """Progress that is saved in a folder of its own."""
    save = Progress.save
    monkeypatch.setattr(Progress, "save", lambda self: save(self, tmp_path))
    return Progress("sqlite")


def _players(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(crew, "ARGV", (sys.executable, "-c", program))


def test_what_is_left_is_dealt_in_blocks() -> None:
    assert blocks_to(60, played=3) == [(3, 25), (28, 25), (53, 7)]
    assert blocks_to(60, played=60) == []


def test_blocks_come_in_order_whoever_is_done_first(
    kept: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _players(monkeypatch, PLAYER)
    told: list[str] = []
    blocks = crew.play_together(blocks_to(110, played=0), workers=2)
    keep_all(blocks, kept, count=110, say=told.append)
    assert (kept.played, kept.failures, kept.happened) == (110, [FAILURE], {"sync": 110})
    assert progress.read("sqlite", tmp_path, tmp_path / "none") == kept
    assert told[-1].startswith("110 of 110 schedules")
    assert told[-1].endswith("1 failed")


def test_a_player_that_ends_is_told_and_what_was_played_stands(
    kept: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    _players(
        monkeypatch,
        PLAYER.replace("    time.sleep", "    first < 50 or sys.exit()\n    time.sleep"),
    )
    blocks = crew.play_together(blocks_to(110, played=0), workers=1)
    with pytest.raises(RuntimeError, match="seeds from 50 on"):
        keep_all(blocks, kept, count=110, say=str)
    assert kept.played == 50


def test_a_block_out_of_order_is_not_kept(kept: Progress) -> None:
    with pytest.raises(ValueError, match="seed 0 is next, not 25"):
        keep_all([Block(25, 25, [], {})], kept, count=50, say=str)
    assert kept.played == 0
