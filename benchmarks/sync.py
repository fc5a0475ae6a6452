"""Exchanges of phones beside PouchDB and RxDB, in one run on one machine.

`./run bench sync [BY]`: with BY everything is that many times smaller and nothing is written.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.support.databases import create_database
from tests.support.slow_link import Link, linked
from tools.runner import paths, postgres

from benchmarks import _sync_ours, _sync_peers
from benchmarks._machine import about
from benchmarks._sync_measure import Taken, measured
from benchmarks._sync_plan import BIG, LONG, MANY, SLOW, Plan, smaller
from benchmarks._sync_report import NOOP, NOOP_SLOW, PULL, PULL_SLOW, PUSH, PUSH_SLOW, SCOPED, page

REPORT = paths.ROOT / "docs/reference/sync-performance.md"
PEERS = (("PouchDB ↔ express-pouchdb", "pouch.mjs"), ("RxDB ↔ rxdb-server", "rx.mjs"))
DOWN_BITS, UP_BITS, ROUND_TRIP_MS = 200_000, 80_000, 600

Results = dict[str, Taken]
Contender = _sync_ours.Ours | _sync_peers.Peer


@dataclass(frozen=True, slots=True)
class Rate:
    """How many lines a second a server takes from several phones at once."""

    database: str
    lines: int
    seconds: float
    cpu: float


def main() -> int:
    """Measure everybody; 1 where a target is missed."""
    # Ended from outside, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    by = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    plan = smaller(Plan(), by=by) if by > 1 else Plan()
    results: dict[str, Results] = {}
    rates = []
    with _folder() as folder:
        url = f"sqlite:///{folder / 'cunjing.sqlite3'}"
        with _sync_ours.serving(url, plan=plan, folder=folder) as ours:
            results["Cunjing"] = _exchanged("Cunjing", ours, plan)
            rates.append(Rate("SQLite", *ours.rate()))
    for name, script in PEERS:
        with _folder() as folder, _sync_peers.serving(script, folder=folder) as peer:
            results[name] = _exchanged(name, peer, plan)
    rates += list(_on_postgresql(plan))
    load = os.getloadavg()[1]
    text, met = page(results, rates=[(r.database, r.lines, r.seconds, r.cpu) for r in rates],
                     plan=plan, about=about(), load=load)  # fmt: skip
    print(text)
    if by == 1:
        REPORT.write_text(text, "utf-8")
    return 0 if met else 1


def _on_postgresql(plan: Plan) -> Iterator[Rate]:
    installation = postgres.find()
    if installation is None:
        print("no PostgreSQL here: its rate is not measured")
        return
    tiny = smaller(plan, by=max(plan.many, 1))
    with (
        postgres.server(installation, durable=True) as url,
        _folder() as folder,
        _sync_ours.serving(create_database(url), plan=tiny, folder=folder) as ours,
    ):
        yield Rate("PostgreSQL", *ours.rate())


def _exchanged(name: str, contender: Contender, plan: Plan) -> Results:
    link, slow = Link(), Link(DOWN_BITS, UP_BITS, ROUND_TRIP_MS)
    steps = (
        (PUSH, link, [MANY]), (NOOP, link, [MANY]), (PULL, link, [BIG]),
        (SCOPED, link, plan.scoped()), (PUSH_SLOW, slow, [SLOW]), (NOOP_SLOW, slow, [SLOW]),
        (PULL_SLOW, slow, [LONG]),
    )  # fmt: skip
    results: Results = {}
    with ExitStack() as stack:
        fast_port = stack.enter_context(linked(contender.port, link))
        slow_port = stack.enter_context(linked(contender.port, slow))
        contender.get_ready(plan, fast=fast_port, slow=slow_port)
        for what, way, names in steps:
            work = partial(contender.exchange, *names)
            taken = measured(work, server=contender.process, link=way)
            print(f"{name}: {what}: {taken}", flush=True)
            results[what] = taken
        contender.check(plan)
    return results


@contextmanager
def _folder() -> Iterator[Path]:
    home = paths.VAR / "bench"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as name:
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main())
