"""Do something several times at the same moment, each in a thread with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

Result = TypeVar("Result")
START_SECONDS = 20


def runners() -> int:
    """How many at once: SQLite's test database lives in memory and has one writer."""
    return 8 if connection.vendor == "postgresql" else 1


def at_once(act: Callable[[int], Result]) -> list[Result]:
    """Call `act` with 0, 1, … from as many threads, all let go together; the results in order."""
    together = runners()
    barrier = Barrier(together)

    def run(number: int) -> Result:
        try:
            barrier.wait(timeout=START_SECONDS)
            return act(number)
        finally:
            connections.close_all()

    if together == 1:
        return [act(0)]
    with ThreadPoolExecutor(together) as pool:
        return list(pool.map(run, range(together)))
