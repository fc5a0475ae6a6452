"""What holds for every test: no network, and passwords that hash fast."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from xdist.scheduler import LoadScopeScheduling

TESTS = Path(__file__).parent
LOOPBACK = ["127.0.0.1", "::1", "localhost"]
# Only these talk to a server, and only to one on this machine.
TALKING = {"integration", "functional"}

# Many small questions, each asked once, on a driver, a master and workers that live for a minute:
# what Java's second compiler saves it costs three times; what its collectors do beside the program
# they take from another test; and the classes Spark comes with need not be verified each time.
SHORT_LIVED = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
os.environ.setdefault("SPARK_DAEMON_JAVA_OPTS", SHORT_LIVED)
os.environ.setdefault(
    "PYSPARK_SUBMIT_ARGS",
    f"--driver-java-options '{SHORT_LIVED}' "
    f"--conf 'spark.executor.extraJavaOptions={SHORT_LIVED}' pyspark-shell",
)

# Thousands of tests make much that lives on: looking through it less often saves 8 % of the time.
gc.set_threshold(100_000, 50, 1_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the least network its folder needs: none, or loopback."""
    for item in items:
        area = item.path.relative_to(TESTS).parts[0]
        if area in TALKING or item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
        else:
            item.add_marker(pytest.mark.disable_socket)
        if area == "functional":
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("spark") and _dealt_out_with(item.nodeid) != "spark":
            raise pytest.UsageError(f"{item.nodeid} is marked spark: it needs the word in its name")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Any:
    """Deal tests out one by one, all of Spark's to one worker: a second Java would have to warm up
    for its half. None: as the command line says.

    xdist's own groups lose their names under pytest 9.2, which keeps a test's address elsewhere.
    """
    if config.getvalue("dist") != "load":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _dealt_out_with
    return scheduler


def _dealt_out_with(nodeid: str) -> str:
    return "spark" if "spark" in nodeid else nodeid


@pytest.fixture(autouse=True, scope="session")
def _test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A var folder of its own, and a hasher for tests: Argon2 takes 0.4 s a password by design.

    Static files are looked up when one is asked for: every `Client()` would look through them all
    first, which was half of the time of the tests of pages.
    """
    with override_settings(
        VAR=tmp_path_factory.mktemp("var"),
        WHITENOISE_AUTOREFRESH=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield
