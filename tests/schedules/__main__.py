"""`./run schedules`: many schedules, one by its seed, or the page that tells of them."""

import argparse
import json
import os
import sys
from contextlib import suppress

from tests.schedules import crew, progress, report, seeding
from tests.schedules.ground import MEMORY, ground
from tests.schedules.playing import blocks_to, failure_of, fewest, keep_all
from tests.schedules.steps import schedule_by_seed
from tests.support.databases import create_database


def main() -> int:
    """0: nothing failed; 1: something did."""
    options = _options()
    if options.report:
        report.write()
        return 0
    if options.seed is None and not (options.cuts or options.faults or options.serve):
        return _many(options)
    named = os.environ.get("SCHEDULES_DATABASE_URL", "")
    url = create_database(named) if named else MEMORY
    with ground(url=url) as game:
        from tests.schedules.cuts import cut_all  # noqa: PLC0415 - needs settings

        if options.cuts:
            progress.keep_cuts(cut_all(game, every=1))
            report.write()
            return 0
        if options.faults:
            game.phones.close()
            found = seeding.hunt_all(game, say=_say)
            report.write()
            return 1 if any(one.seed < 0 for one in found) else 0
        if options.serve:
            # Broken off: whoever asked keeps what was played.
            with suppress(KeyboardInterrupt, BrokenPipeError):
                crew.serve(game, asked=sys.stdin, answers=sys.stdout, say=_say)
            return 0
        return _one(game, options.seed)


def _many(options: argparse.Namespace) -> int:
    """Play on until so many were played in all runs; what was played counts also where it is
    broken off."""
    kept = progress.read(options.database)
    left = blocks_to(options.count, played=kept.played)
    try:
        if left:
            blocks = crew.play_together(left, workers=options.workers)
            keep_all(blocks, kept, count=options.count, say=_say)
    except KeyboardInterrupt:
        _say(f"{kept.played} played")
    finally:
        report.write()
    return 1 if kept.failures else 0


def _one(game: "object", seed: int) -> int:
    schedule = schedule_by_seed(seed)
    message = failure_of(game, schedule)  # type: ignore[arg-type]
    steps = fewest(game, schedule) if message else schedule  # type: ignore[arg-type]
    _say(message or "nothing failed")
    for step in steps:
        sys.stdout.write(json.dumps(step) + "\n")
    return 1 if message else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run schedules")
    parser.add_argument("--count", type=int, default=1000, help="schedules in all runs together")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, help="play this one, in its fewest steps")
    parser.add_argument("--faults", action="store_true", help="put faults in; are they found?")
    parser.add_argument("--cuts", action="store_true", help="cut a push and a pull at every byte")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes that play")
    parser.add_argument(crew.SERVE, action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report", action="store_true", help="only write the page")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
