"""PouchDB with express-pouchdb, and RxDB with rxdb-server, as npm ships them, under Node."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from tools.runner import node_env, paths

from benchmarks._sync_plan import LONG, MANY, SLOW, Plan, free_port

SOURCE = paths.ROOT / "benchmarks/sync_peers"
HOME = paths.VAR / "bench/sync_peers"
LOCK = "package-lock.json"


@dataclass(slots=True)
class Peer:
    """A peer's server and its client, which is told what to do by lines of JSON."""

    process: int
    port: int
    client: "subprocess.Popen[str]"
    fast: str = ""
    slow: str = ""

    def get_ready(self, plan: Plan, *, fast: int, slow: int) -> None:
        """Put the records at the server, and at the clients that push."""
        self.fast, self.slow = f"http://127.0.0.1:{fast}", f"http://127.0.0.1:{slow}"
        direct = f"http://127.0.0.1:{self.port}"
        for scope, count in plan.villages().items():
            if count:
                docs = [_household(scope, at) for at in range(count)]
                self._tell(op="seed", url=direct, scope=scope, docs=docs)
        for name, count in ((MANY, plan.many), (SLOW, plan.slow_push)):
            docs = [_visit(name) for _ in range(count)]
            self._tell(op="fill", name=name, scope=name, docs=docs)

    def exchange(self, *names: str) -> None:
        """Let the clients replicate both ways, one after the other."""
        url = self.slow if names[0] in {SLOW, LONG} else self.fast
        self._tell(op="sync", names=names, url=url, scopes=names)

    def check(self, plan: Plan) -> None:
        """Everything is where it should be. Raises RuntimeError where it is not."""
        for name, count in plan.villages().items():
            if count and (found := self._tell(op="count", name=name)) != count:
                raise RuntimeError(f"{name}: {found} of {count}")

    def _tell(self, **command: Any) -> Any:
        there, back = _pipe(self.client.stdin), _pipe(self.client.stdout)
        there.write(json.dumps(command) + "\n")
        there.flush()
        answer = back.readline()
        if not answer:
            raise RuntimeError(f"the client ended at {command['op']}")
        return json.loads(answer)["value"]


@contextmanager
def serving(script: str, *, folder: Path) -> Iterator[Peer]:
    """A peer's server with nothing in it, and its client."""
    install()
    port = free_port()
    node = node_env.program("node")
    program = [node, str(HOME / script)]
    pipes: dict[str, Any] = {"cwd": HOME, "stdout": subprocess.PIPE, "text": True}
    with ExitStack() as stack:
        begin = [*program, "serve", str(port), str(folder)]
        server = stack.enter_context(subprocess.Popen(begin, **pipes))
        stack.callback(server.kill)
        while _pipe(server.stdout).readline().strip() != "ready":
            if server.poll() is not None:
                raise RuntimeError(f"{script} does not serve")
        client = stack.enter_context(
            subprocess.Popen([*program, "client"], stdin=subprocess.PIPE, **pipes)
        )
        stack.callback(client.kill)
        yield Peer(server.pid, port, client)


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("a process without the pipe it was started with")
    return stream


def install() -> None:
    """Bring the peers' packages to their lock, outside the product."""
    HOME.mkdir(parents=True, exist_ok=True)
    lock = HOME / LOCK
    known = lock.read_bytes() if lock.exists() else b""
    for path in SOURCE.iterdir():
        shutil.copy(path, HOME / path.name)
    shutil.copy(paths.ROOT / ".npmrc", HOME / ".npmrc")
    if known == lock.read_bytes() and (HOME / "node_modules").exists():
        return
    argv = [node_env.program("npm"), "ci", "--ignore-scripts", "--legacy-peer-deps"]
    subprocess.run(argv, cwd=HOME, check=True, stdout=subprocess.DEVNULL)


def _household(scope: str, number: int) -> dict[str, object]:
    return {
        "id": str(uuid4()), "row": "household", "village": scope, "hamlet": None,
        "address": f"演示路{number}号", "visit_priority": 0,
    }  # fmt: skip


def _visit(scope: str) -> dict[str, object]:
    return {
        "id": str(uuid4()), "kind": "village_visit", "village_code": scope,
        "staff_id": str(uuid4()), "occurred_at": "2026-11-20T09:00:00+08:00",
        "saved_at": "2026-11-20T12:00:00+08:00",
        "details": {
            "left_at": "2026-11-20T11:00:00+08:00", "log": "巡村一圈，查看路口护栏，走访两户。",
        },
    }  # fmt: skip
