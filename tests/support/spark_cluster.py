"""A standalone Spark master with workers on this machine, for the time of a test."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

from cunjing.policy.spark.java import java_home

HERE = "127.0.0.1"
_PATIENCE = 120.0
"""Seconds to wait for a start before it is given up."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The master's address, and the folder in which each worker works."""

    master: str
    workers: tuple[Path, ...]


@contextmanager
def cluster(home: Path, *, workers: int) -> Iterator[Cluster]:
    """A master and workers of one core each; all have ended afterwards, whatever happens."""
    port = _free_port()
    address = f"spark://{HERE}:{port}"
    folders = tuple(home / f"worker-{number}" for number in range(workers))
    with ExitStack() as running:
        flags = ["--host", HERE, "--port", str(port), "--webui-port", "0"]
        log = running.enter_context(_daemon(home, "master.Master", flags))
        _wait_for(log, "I have been elected leader", times=1)
        for folder in folders:
            flags = ["--host", HERE, "--webui-port", "0", "--cores", "1", "--memory", "1g"]
            flags += ["--work-dir", str(folder), address]
            running.enter_context(_daemon(home, "worker.Worker", flags))
        _wait_for(log, "Registering worker", times=workers)
        yield Cluster(address, folders)


@contextmanager
def _daemon(home: Path, name: str, flags: list[str]) -> Iterator[Path]:
    """One of Spark's own servers; yields its log."""
    script = Path(pyspark.__path__[0]) / "bin/spark-class"
    log = home / f"{name}-{len(list(home.iterdir()))}.log"
    env = {**os.environ, "JAVA_HOME": str(java_home(home)), "SPARK_LOCAL_IP": HERE}
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - Spark's own script
            [script, f"org.apache.spark.deploy.{name}", *flags],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=env,
        )
    try:
        yield log
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(log: Path, words: str, *, times: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while log.read_text("utf-8", "replace").count(words) < times:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{words!r} not {times} times in:\n{log.read_text('utf-8')}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])
