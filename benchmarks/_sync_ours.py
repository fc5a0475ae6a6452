"""Ours: granian with the settings of production, phones that run the shipped core under Node."""

import base64
import gzip
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.support.driven_phones import Phones
from tools.runner import paths

from benchmarks._sync_build import said
from benchmarks._sync_measure import cpu_of
from benchmarks._sync_plan import BIG, LONG, MANY, SLOW, Plan, free_port

WAIT_SECONDS = 60


@dataclass(slots=True)
class Ours:
    """The server of a new county and the phones bound to it, by the names of their villages."""

    process: int
    port: int
    bound: dict[str, dict[str, str]]
    pushes: list[list[dict[str, str]]]
    folder: Path
    phones: dict[str, Phones] = field(default_factory=dict)

    def get_ready(self, plan: Plan, *, fast: int, slow: int) -> None:
        """Bind every phone, and let those that push record what they will push."""
        for name, who in self.bound.items():
            phones = self._phones(slow if name in {SLOW, LONG} else fast)
            phones.act(name, "create")
            phones.act(name, "enrol", code=who["code"], fingerprint=who["fingerprint"])
        for name, count in ((MANY, plan.many), (SLOW, plan.slow_push)):
            who = self.bound[name]
            bodies = [
                _with_id(said(datetime.now(UTC), village=who["village"], staff=who["staff"]))
                for _ in range(count)
            ]
            self._of(name).act(name, "record_many", type="work_record", bodies=bodies)

    def exchange(self, *names: str) -> None:
        """Let the phones exchange, one after the other. Raises RuntimeError where one cannot."""
        for name in names:
            outcome = self._of(name).act(name, "sync")
            if outcome["kind"] != "done":
                raise RuntimeError(f"{name}: {outcome}")

    def check(self, plan: Plan) -> None:
        """Everything is where it should be. Raises RuntimeError where it is not."""
        stored = self._of(BIG).act(BIG, "dump")["stored"]
        state = self._of(MANY).act(MANY, "dump")["state"]
        if len(stored) < plan.many or state["answered"] != plan.many:
            raise RuntimeError(f"{len(stored)} rows, {state['answered']} lines")

    def rate(self) -> tuple[int, float, float]:
        """Send the pushes that lie ready, a connection a phone: lines, seconds, processor time."""
        threads = [threading.Thread(target=self._send, args=(one,)) for one in self.pushes]
        before, begun = cpu_of(self.process), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
        lines = sum(len(one) for one in self.pushes) * 500
        return lines, seconds, cpu_of(self.process) - before

    def close(self) -> None:
        """End the phones."""
        for phones in self.phones.values():
            phones.close()

    def _send(self, pushes: list[dict[str, str]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        for push in pushes:
            headers = {key: push[key] for key in ("Authorization", "Cunjing-Push")}
            headers["Content-Type"] = "application/gzip"
            body = base64.b64decode(push["body"])
            connection.request("POST", "/sync/v1/push", body=body, headers=headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                said = gzip.decompress(said)
            results = json.loads(said).get("results", [])
            if {one["result"] for one in results} != {"accepted"}:
                wrong = next((one for one in results if one["result"] != "accepted"), None)
                raise RuntimeError(f"a push is answered {answer.status}: {wrong}")
        connection.close()

    def _phones(self, port: int) -> Phones:
        server = f"http://127.0.0.1:{port}"
        return self.phones.setdefault(server, Phones(self.folder / str(port), server=server))

    def _of(self, name: str) -> Phones:
        slow = name in {SLOW, LONG}
        return list(self.phones.values())[-1 if slow else 0]


@contextmanager
def serving(url: str, *, plan: Plan, folder: Path) -> Iterator[Ours]:
    """Build the county in a new database and serve it; the phones' order is fast ones first."""
    port = free_port()
    env = {
        **os.environ,
        "CUNJING_VAR": str(folder),
        "CUNJING_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "cunjing.config.settings",
        "PYTHONPATH": str(paths.ROOT),
    }
    sizes = [f"{name}={households}" for name, households in plan.villages().items()]
    build = [sys.executable, "-m", "benchmarks._sync_build", str(folder), *sizes]
    done = subprocess.run(build, cwd=paths.ROOT, env=env, stdout=subprocess.PIPE, check=True)
    flags = "--interface wsgi --host 127.0.0.1 --workers 2 --blocking-threads 4 --log-level warning"
    granian = [str(paths.BIN / "granian"), *flags.split(), "--port", str(port)]
    argv = [*granian, "cunjing.config.wsgi:application"]
    with ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(argv, cwd=paths.ROOT, env=env))
        stack.callback(process.terminate)
        _wait(port)
        pushes = json.loads((folder / "pushes.json").read_text("utf-8"))
        ours = Ours(process.pid, port, json.loads(done.stdout), pushes, folder)
        stack.callback(ours.close)
        yield ours


def _wait(port: int) -> None:
    for _ in range(WAIT_SECONDS * 10):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sync/v1/version")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the server did not answer")


def _with_id(body: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid4()), **body}
