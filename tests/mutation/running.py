"""mutmut with the tests collected once: `python -m tests.mutation.running [names of mutants]`.

mutmut starts pytest for every mutant, which takes longer than the tests do. Here its fork server
collects once and its children run what is collected, the likeliest and shortest first.
"""

import sys
from collections.abc import Iterable, Sequence

import mutmut.__main__ as mutmut
import pytest
from _pytest.config import get_config
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers.isolation import ForkServerRunner, MutantRunner
from tests.mutation.order import SECONDS, in_order, within

KILLED = 1
SURVIVED = 0
NOT_RUN = 35
"""mutmut's word for what it cannot make out: an error of ours would count as endless, as caught."""


UNCHANGED = "unchanged.nothing"
CONTROL_SECONDS = 3600


class Collected(PytestRunner):
    """Runs in the fork server: what `warm_up` collects is there in every child."""

    def warm_up(self) -> None:
        """Collect all tests, as pytest does before it runs them.

        pytest has no public way to collect and to run later: its own steps, one by one.
        """
        # What mutmut leaves open itself would fail the first test of every mutant: 8,500 counted as
        # caught before that was seen.
        plain = ["-p", "no:unraisableexception"]
        arguments = ["--rootdir=.", "-q", "-x", *plain, *self._pytest_add_cli_args]
        with change_cwd("mutants"):
            config = get_config()
            config.parse([*arguments, *self._pytest_add_cli_args_test_selection])
            config._do_configure()
            session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=session)
            config.hook.pytest_collection(session=session)
        self._items = {item.nodeid: item for item in session.items}

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """Run them until one fails; without a mutant, as mutmut does."""
        if mutant_name is None:
            return super().run_tests(mutant_name=mutant_name, tests=tests)
        try:
            took = state().duration_by_test
            names = in_order(tests, mutant=mutant_name, took=took)
            if mutant_name != UNCHANGED:
                names = within(names, seconds=SECONDS, took=took)
            items = [self._items[name] for name in names]
            with change_cwd("mutants"):
                return KILLED if _one_fails(items) else SURVIVED
        except Exception:
            return NOT_RUN


def _one_fails(items: list[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return True
    return False


class Runner(ForkServerRunner):
    """Runs all tests with nothing changed first, the way those of a mutant are run: where they
    fail, every mutant would count as caught."""

    _all: Sequence[str] = ()

    def run_clean_tests(self, tests: Iterable[str]) -> int:
        """Leave them to `startup`: the fork server is not there yet. None are named: all."""
        self._all = list(tests) or list(state().duration_by_test)
        return 0

    def startup(self) -> None:
        """Raises SystemExit where a test fails with nothing changed."""
        super().startup()
        self.submit(UNCHANGED, list(self._all), CONTROL_SECONDS, 0)
        result = self.wait_for_result()
        if not self._all or result.exit_code != SURVIVED:
            self.shutdown()
            raise SystemExit(f"tests fail with nothing changed (status {result.exit_code})")


def _runner(max_workers: int) -> MutantRunner:
    return Runner(max_workers=max_workers, test_runner_class=Collected, test_runner_args={})


def _module(mutant: str) -> str:
    """What mutants are sorted by: a run that is stopped leaves whole modules behind it."""
    return mutant.rpartition(".")[0]


def main(names: list[str]) -> None:
    """Make the mutants, see which tests reach them, and run those named or all not run yet."""
    mutmut.get_mutant_runner = _runner
    mutmut.estimated_worst_case_time = _module
    mutmut.run.main([*names], prog_name="mutmut")


if __name__ == "__main__":
    main(sys.argv[1:])
