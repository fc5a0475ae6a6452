"""Web server, files server and job worker live and die together."""

import re
import socket
import sys

import pytest
from tools.runner import serve
from tools.runner.failures import RunError

Argv = list[str]


def _web(port: int) -> Argv:
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]


def _python(code: str) -> Argv:
    return [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def _from_a_high_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PORT", 18000)
    monkeypatch.setattr(serve, "_server", _web)
    monkeypatch.setattr(serve, "_files", _web)
    monkeypatch.setenv("CUNJING_FILES_URL", "")


def _port_said(text: str) -> int:
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", text)
    assert found is not None, text
    return int(found[1])


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_worker_that_ends_by_itself_ends_the_run_and_the_web_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        serve, "_jobs", lambda: _python("import time, sys; time.sleep(2); sys.exit(3)")
    )
    with pytest.raises(RunError, match="the job worker ended by itself with status 3"):
        serve.run()
    assert not _is_open(_port_said(capsys.readouterr().out))


def test_an_interrupt_stops_both_and_counts_as_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "_jobs", lambda: _python("import time; time.sleep(60)"))

    def interrupt(children: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serve, "_watch", interrupt)
    assert serve.run() == 0
    assert not _is_open(_port_said(capsys.readouterr().out))


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve._free_port(port) > port
