"""Running one program and seeing what it took."""

import os
import sys
from pathlib import Path

import pytest
from benchmarks._policy_process import Limits, Taken, TooMuchError, run

ROOMY = Limits(memory_bytes=2**32, seconds=60)


def _python(code: str, *, limits: Limits = ROOMY) -> Taken:
    return run([sys.executable, "-c", code], cwd=Path.cwd(), env=os.environ, limits=limits)


def test_output_processor_time_and_peak_memory_are_the_programs_own() -> None:
    hungry = _python("b = bytearray(1_200_000_000); sum(range(3_000_000)); print('done')")
    modest = _python("print('done')")
    assert hungry.output == modest.output == "done\n"
    # A child's peak begins at what its parent held: under pytest that is some hundred megabytes.
    assert hungry.peak_mb > max(1100, modest.peak_mb)
    assert hungry.cpu > modest.cpu > 0


def test_a_program_that_fails_is_quoted() -> None:
    with pytest.raises(RuntimeError, match="no such village"):
        _python("raise LookupError('no such village')")


def test_too_much_memory_ends_a_program() -> None:
    limits = Limits(memory_bytes=100 * 2**20, seconds=60)
    with pytest.raises(TooMuchError, match="out of memory"):
        _python("b = bytearray(200_000_000); import time; time.sleep(60)", limits=limits)


def test_too_much_time_ends_a_program() -> None:
    limits = Limits(memory_bytes=2**32, seconds=0.1)
    with pytest.raises(TooMuchError, match="out of time"):
        _python("import time; time.sleep(60)", limits=limits)
