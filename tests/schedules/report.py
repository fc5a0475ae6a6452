"""What the tests of sync have shown: docs/reference/sync-tests.md, and beside it in JSON what the
next run goes on from.
"""

from collections.abc import Iterator
from dataclasses import asdict

from tests.schedules import seeding
from tests.schedules.faults import ALL
from tests.schedules.progress import Progress, read, read_cuts, write_record
from tools.runner import paths

PAGE = paths.ROOT / "docs/reference/sync-tests.md"
DATABASES = ("sqlite", "postgresql")
INTRODUCTION = """\
# What the tests of sync have shown

Written by `./run schedules`, which goes on from [what is recorded](sync-tests.json); the figures
are of the runs named here. The model's SQLite is in memory: it asks what is committed, not what a
disk keeps.
Why and how: [the phone's core](../explanation/the-phones-core.md).

A schedule is up to twelve things that happen to three phones of two officers, a station and a
server: records, visits begun and finished, refused ones taken up and sent mended, changed
households and matters, answers to questions, photos sent in pieces, beacons; exchanges over a
network that drops, cuts, repeats, holds back and
lets go in another order; phones that die before or after any commit or request; a server that dies
at any statement, is put back to a backup, or reads other schema versions and casts older bodies
into them; clocks set years to either side; rights that end and come back; households that move,
villages that merge and part; a station that changes the same fields, asks, briefs, settles and
decides; phones that are withdrawn, hand over, and are bound anew. The phones are the shipped core
under Node. After it everything heals, the station comes round to what waits for it, and then holds:

- every mutation said to be saved stands in the outbox or at the server, its work done once;
- each result is the one first answered; the chain verifies from its lines, signature included;
- a phone holds the rows of its villages as the domains' tables have them, and no others;
- no answer, to the byte, held a row, a household or a text outside the jurisdiction of the moment;
- what was recorded under a right held to the end is accepted; nothing refused has left a record;
- pulled rows are not read after 72 hours of anything that counts time;
- a field that one side changed has that side's value; one that both did keeps the station's, both
  values reach somebody with a name, and the one chosen is written once and over nothing newer;
- what a withdrawn phone hands over does nothing without a decision, and then does it once;
- of a refused visit and what it was mended to at most one is there, and then nobody is asked about
  the other;
- a question has the one answer that was taken; an older body is cast into the present form once;
- a photo is at the server to the byte or on the phone with the reason; a cut costs 256 KiB at most;
- a beacon gives nothing, and nothing counts as arrived by it.
"""


def write() -> None:
    """Write the page, and what stands beside it, from what is kept in `var/schedules`."""
    faults = [asdict(one) for one in seeding.read().values()]
    runs = {name: asdict(read(name)) for name in DATABASES}
    write_record({**runs, "cuts": read_cuts(), "faults": faults})
    PAGE.write_text(INTRODUCTION + "".join(f"{line}\n" for line in _lines()), "utf-8")


def _lines() -> Iterator[str]:
    yield ""
    yield "## Schedules"
    yield ""
    yield "| Database | State of the code | Seeds | Played | A second | Failed |"
    yield "|---|---|---|---|---|---|"
    kept = [read(name) for name in DATABASES]
    for progress in kept:
        for run in progress.runs:
            rate = run.played / run.seconds if run.seconds else 0
            seeds = f"{run.first}–{run.first + run.played - 1}"
            yield (
                f"| {progress.database} | {run.code} | {seeds} | {run.played} | {rate:.1f} "
                f"| {len(run.failures)} |"
            )
    for progress in kept:
        yield from _found(progress)
    yield from _cuts()
    yield from _faults()


def _cuts() -> Iterator[str]:
    cuts = read_cuts()
    if not cuts:
        return
    yield ""
    yield "## Cuts"
    yield ""
    yield "A push cut short is refused without a write, whether its length says so or not, and the"
    yield "whole is taken after it. Of an answer cut short, or with a line missing, a phone keeps"
    yield "nothing. Unpacked answers are cut before, at and after the end of each line and in it."
    yield ""
    yield "| What | Bytes | Cut or holed | State of the code |"
    yield "|---|---|---|---|"
    for one in cuts:
        yield f"| {one['what']} | {one['length']:,} | {one['places']:,} times | {one['code']} |"


def _faults() -> Iterator[str]:
    known = seeding.read()
    if not known:
        return
    found = [one for one in known.values() if one.seed >= 0]
    yield ""
    yield "## Faults put into the code"
    yield ""
    yield f"{len(found)} of {len(ALL)} found, each by the schedule of the seed named, as the model"
    yield "makes it at that state of the code; those without a seed were not found, or not looked"
    yield "for yet. Texts: `tests/schedules/faults.py`."
    yield ""
    yield "| Fault | File | Seed | State of the code | Seen |"
    yield "|---|---|---|---|---|"
    for fault in ALL:
        one = known.get(fault.name)
        seed = str(one.seed) if one and one.seed >= 0 else ""
        seen = _short(one.seen) if one and one.seed >= 0 else ""
        code = one.code if one and one.seed >= 0 else ""
        yield f"| {fault.name} | `{fault.file}` | {seed} | {code} | {seen} |"


def _short(seen: str) -> str:
    """What was seen, without the ids that are others every time."""
    plain = seen.partition(": ")[2] or seen
    return plain.split("{")[0].split("[")[0].strip().rstrip(":").replace("|", "/")[:80]


def _found(progress: Progress) -> Iterator[str]:
    if not progress.failures:
        return
    yield ""
    yield f"Found on {progress.database}:"
    yield ""
    for failure in progress.failures:
        cause = f" — {failure.cause}" if failure.cause else ""
        yield f"- seed {failure.seed}: {failure.message.splitlines()[0]}{cause}"
