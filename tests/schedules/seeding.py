"""One fault put into the code, and the first schedule that finds it; each in a process of its own.

Schedules run in a child forked from a game that is made once; what the child changes it alone has.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count, islice
from types import FrameType, FunctionType, ModuleType
from typing import TYPE_CHECKING

from tests.schedules.faults import ALL, Fault
from tests.schedules.needs import NEEDS
from tests.schedules.playing import Say, failure_of
from tests.schedules.progress import FOLDER, RECORD, code_digest, read_kept
from tests.schedules.steps import PHONES, Step, schedule_by_seed
from tools.runner import node_env, paths

if TYPE_CHECKING:
    from tests.schedules.play import Game

MOST_SEEDS = 250
MOST_SECONDS = 60
SHARED = {"station", "snapshot", "restore", "merge", "split", "skew", "grant", "end_grant"}
"""What does not happen to one phone."""
COPY = paths.FIELD / "dist/faults"
FILE = FOLDER / "faults.json"


class TooLongError(Exception):
    """A schedule that does not end."""


@dataclass(frozen=True, slots=True)
class Found:
    """What found a fault: a seed and what was seen; nothing where `seed` < 0. `code` is the state
    of code and model then: with another model a seed is another schedule."""

    name: str
    file: str
    seed: int
    seen: str
    code: str = ""


def hunt(game: "Game", fault: Fault, *, most: int = MOST_SEEDS) -> Found:
    """Put a fault into a child of this process and let it play until something fails."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        with os.fdopen(theirs, "w") as answer:
            answer.write(json.dumps(_hunted(game, fault, most=most)))
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        seed, seen = json.loads(answer.read() or '[-1, "the child died"]')
    os.waitpid(child, 0)
    return Found(fault.name, fault.file, seed, seen, code_digest())


def hunt_all(game: "Game", *, say: Say, again: bool = False) -> list[Found]:
    """Every fault, those already found before aside; kept in `var/schedules`."""
    known = {} if again else read()
    for fault in ALL:
        if known.get(fault.name, Found("", "", -1, "")).seed < 0:
            known[fault.name] = hunt(game, fault)
            say(f"{fault.name}: {known[fault.name].seed} {known[fault.name].seen}")
            _keep(known)
    return [known[fault.name] for fault in ALL]


def read() -> dict[str, Found]:
    """What was found, by the names of the faults there are now."""
    names = {fault.name for fault in ALL}
    kept = read_kept(FILE) or read_kept(RECORD)
    said = [Found(**one) for one in kept.get("faults", ())]
    return {one.name: one for one in said if one.name in names}


def _keep(known: Mapping[str, Found]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    said = [asdict(one) for one in known.values()]
    FILE.write_text(json.dumps({"faults": said}, ensure_ascii=False, indent=1), "utf-8")


def _hunted(game: "Game", fault: Fault, *, most: int) -> tuple[int, str]:
    with faulty(fault):
        for seed in islice(_seeds(fault), most):
            with _limited():
                seen = failure_of(game, schedule_by_seed(seed))
            if seen:
                return seed, seen.splitlines()[0]
    game.phones.kill()
    return -1, "nothing"


def _seeds(fault: Fault) -> Iterator[int]:
    needs = NEEDS.get(fault.name, ())
    for seed in count():
        schedule = schedule_by_seed(seed)
        if any(_has(needs, schedule, phone=phone) for phone in range(PHONES)):
            yield seed


def _has(needs: Sequence[str], schedule: Sequence[Step], *, phone: int) -> bool:
    """Whether these happen in this order, to one phone or to none."""
    happening = iter(step for step in schedule if step["phone"] == phone or step["do"] in SHARED)
    return all(any(name in _names(step) for step in happening) for name in needs)


def _names(step: Step) -> tuple[str, str]:
    """What a step is called, without and with the versions it is about."""
    return step["do"], " ".join([step["do"], *map(str, step.get("range", ()))])


@contextmanager
def _limited() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError(f"more than {MOST_SECONDS} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def changed_text(fault: Fault) -> str:
    """The file with the fault in it. Raises ValueError where the place is not there once."""
    text = (paths.ROOT / fault.file).read_text("utf-8")
    if text.count(fault.old) != 1:
        raise ValueError(f"{fault.name}: stands {text.count(fault.old)} times in {fault.file}")
    return text.replace(fault.old, fault.new)


@contextmanager
def faulty(fault: Fault) -> Iterator[None]:
    """The fault is in this process's code, and in the phones it starts, until the end."""
    text = changed_text(fault)
    if fault.file.endswith(".ts"):
        phones = paths.PHONES
        vars(paths)["PHONES"] = _bundled(fault, text)
        try:
            yield
        finally:
            vars(paths)["PHONES"] = phones
        return
    _run(fault.file, text)
    try:
        yield
    finally:
        _run(fault.file, (paths.ROOT / fault.file).read_text("utf-8"))


def _run(file: str, text: str) -> None:
    """Run another text of a module in its place; whoever imported from it gets the new."""
    name = file.removeprefix("src/").removesuffix(".py").replace("/", ".")
    module = sys.modules[name]
    before = dict(vars(module))
    exec(compile(text, str(paths.ROOT / file), "exec"), vars(module))  # noqa: S102 - our own text
    renewed = {
        id(old): vars(module)[key]
        for key, old in before.items()
        if isinstance(old, FunctionType | type) and old.__module__ == name
    }
    for other in [one for key, one in sys.modules.items() if key.startswith(("cunjing", "tests"))]:
        _rebind(other, renewed)


def _rebind(module: ModuleType, renewed: Mapping[int, object]) -> None:
    for key, value in list(vars(module).items()):
        if id(value) in renewed:
            setattr(module, key, renewed[id(value)])


def _bundled(fault: Fault, text: str) -> "os.PathLike[str]":
    """The phones with the fault in them; the packages are found from within the checkout."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(paths.FIELD / "src", COPY / "src")
    shutil.copy(paths.FIELD / "vite.driver.config.ts", COPY)
    shutil.copy(paths.FIELD / "package.json", COPY)
    (COPY / fault.file.removeprefix("field/")).write_text(text, "utf-8")
    command = node_env.bundle_phones_command(COPY / "vite.driver.config.ts")
    subprocess.run(command, cwd=COPY, check=True, capture_output=True)  # noqa: S603 - our own
    return COPY / "dist/driver/driver.mjs"
