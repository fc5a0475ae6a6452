"""The page of the benchmark of sync, and whether its targets are met."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks._sync_measure import Taken
from benchmarks._sync_plan import Plan

PUSH, PULL, NOOP = "push", "pull", "nothing new"
SCOPED = "clients with scopes of their own"
PUSH_SLOW, PULL_SLOW, NOOP_SLOW = "slow: push", "slow: first pull", "slow: nothing new"
OURS = "Cunjing"
PER = 10_000
FASTEST = {"SQLite": 3000, "PostgreSQL": 1000}

Results = Mapping[str, Mapping[str, Taken]]
Rates = Sequence[tuple[str, int, float, float]]
"""Database, lines, seconds, seconds of processor."""

HEAD = """\
# Sync: how long exchanges take

Written by `./run bench sync`: {about}; load of the machine when it ended: {load:.1f}.

All under Node on one machine, one after the other, through the same relay, which counts requests
and bytes. Ours: granian with 2 workers × 4 threads on SQLite, durable (`synchronous=FULL`), the
shipped core of the phone, everything signed, chained and sealed at rest. PouchDB: a database a
scope, LevelDB at the server, memory at the client. RxDB: one collection, scopes by the server's
query modifier, memory on both sides, so nothing it takes is durable.
The slow link passes 200 kbit/s down and 80 kbit/s up with 600 ms there and back.

| Exchange | | Seconds | Server's processor, s | Requests | kB sent | kB received |
|---|---|---|---|---|---|---|
"""


def page(
    results: Results, *, rates: Rates, plan: Plan, about: str, load: float
) -> tuple[str, bool]:
    """The text, and whether all targets are met."""
    targets = list(_targets(results[OURS], rates=rates, plan=plan))
    lines = [*_rows(results, plan=plan), *_rate_lines(rates), *_target_lines(targets)]
    text = HEAD.format(about=about, load=load) + "".join(f"{line}\n" for line in lines)
    return text, all(met for *_, met in targets)


def _rows(results: Results, *, plan: Plan) -> Iterator[str]:
    sizes = {
        PUSH: f"{plan.many:,} records",
        PULL: f"{plan.many:,} records",
        SCOPED: f"{plan.clients} × {plan.of_client}",
        PUSH_SLOW: f"{plan.slow_push} records",
        PULL_SLOW: f"{plan.slow_pull:,} records",
    }
    for what in (PUSH, PULL, SCOPED, NOOP, PUSH_SLOW, PULL_SLOW, NOOP_SLOW):
        for name, taken in results.items():
            one = taken[what]
            label = f"{what}, {sizes[what]}" if what in sizes else what
            yield (
                f"| {label} | {name} | {one.seconds:.2f} | {one.cpu:.2f} | {one.requests} "
                f"| {one.sent / 1000:.1f} | {one.received / 1000:.1f} |"
            )


def _rate_lines(rates: Rates) -> Iterator[str]:
    yield ""
    yield "Pushes of 500 lines that lie ready, from four phones at once:"
    yield ""
    yield "| Database | Lines | Seconds | Lines a second | Lines per second of processor |"
    yield "|---|---|---|---|---|"
    for database, lines, seconds, cpu in rates:
        fast = lines / cpu if cpu else 0
        yield f"| {database} | {lines:,} | {seconds:.1f} | {lines / seconds:,.0f} | {fast:,.0f} |"
    yield ""
    yield "The processor time of PostgreSQL's own processes is not in it."


def _targets(
    ours: Mapping[str, Taken], *, rates: Rates, plan: Plan
) -> Iterator[tuple[str, str, str, bool]]:
    noop, pull, push = ours[NOOP_SLOW], ours[PULL_SLOW], ours[PUSH_SLOW]
    scoped = ours[SCOPED].cpu * PER / (plan.clients * plan.of_client)
    quiet = noop.requests == 1 and noop.seconds <= 1
    said = f"{noop.requests}, {noop.seconds:.2f} s"
    yield "nothing new on the slow link", "one request, ≤ 1 s", said, quiet
    yield "first pull on the slow link", "≤ 30 s", f"{pull.seconds:.1f} s", pull.seconds <= 30
    yield "push on the slow link", "≤ 10 s", f"{push.seconds:.1f} s", push.seconds <= 10
    what = "server's processor per 10,000 records of scoped clients"
    yield what, "≤ 0.5 s", f"{scoped:.2f} s", scoped <= 0.5
    for database, lines, seconds, _ in rates:
        least, found = FASTEST[database], lines / seconds
        yield (
            f"lines a second, {database}", f"≥ {least:,}", f"{found:,.0f}", found >= least
        )  # fmt: skip


def _target_lines(targets: Sequence[tuple[str, str, str, bool]]) -> Iterator[str]:
    yield ""
    yield "| Target | Wanted | Found | |"
    yield "|---|---|---|---|"
    for what, wanted, found, met in targets:
        yield f"| {what} | {wanted} | {found} | {'met' if met else '**MISSED**'} |"
