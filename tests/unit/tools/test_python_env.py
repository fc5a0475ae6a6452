"""uv is told what pip is set to on this machine."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from tools.runner import paths, python_env

Configure = Callable[[str], None]


@pytest.fixture
def pip_says(monkeypatch: pytest.MonkeyPatch) -> Configure:
    for name in (
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_CERT",
        "SSL_CERT_FILE",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_INDEX_STRATEGY",
        "UV_FIND_LINKS",
    ):
        monkeypatch.delenv(name, raising=False)

    def configure(text: str) -> None:
        monkeypatch.setattr(python_env, "_output", lambda argv: text)

    return configure


def test_pips_index_certificate_and_links_are_passed_on(pip_says: Configure) -> None:
    pip_says(
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='file:///one file:///two'\n"
        "install.find-links='/a /b'\n"
        "global.cert='/etc/ssl/county.pem'\n"
    )
    env = python_env.uv_environment()
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["UV_INDEX"] == "file:///one file:///two"
    assert env["UV_FIND_LINKS"] == "/a,/b"
    assert env["SSL_CERT_FILE"] == "/etc/ssl/county.pem"
    assert env["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_nothing_set_means_nothing_passed_on(pip_says: Configure) -> None:
    pip_says("")
    env = python_env.uv_environment()
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"} & set(env)
    assert env["UV_SYSTEM_CERTS"] == "1"


def test_an_environment_variable_wins_over_the_file(
    pip_says: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_says("global.index-url='https://file.example/simple'\n")
    monkeypatch.setenv("PIP_INDEX_URL", "https://variable.example/simple")
    assert python_env.uv_environment()["UV_DEFAULT_INDEX"] == "https://variable.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert python_env.uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_an_environment_beside_is_made_once_for_each_lock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: list[list[str]] = []
    venv, lock = tmp_path / "venv", tmp_path / "requirements" / "peers.txt"

    def step(_: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
        steps.append(list(argv))
        if "venv" in argv:
            (venv / "bin").mkdir(parents=True, exist_ok=True)
            (venv / "bin" / "python").touch()

    monkeypatch.setattr(python_env, "step", step)
    monkeypatch.setattr(python_env, "uv_environment", dict)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(paths, "REQUIREMENTS", lock.parent)
    lock.parent.mkdir()
    lock.write_text("pandas==1.0\n")
    for _ in range(2):
        python = python_env.ensure_beside(venv=venv, lock="peers")
    assert python == venv / "bin" / "python"
    assert [argv[-1] for argv in steps] == [str(venv), str(lock)]
    assert "--require-hashes" in steps[1]
    lock.write_text("pandas==2.0\n")
    python_env.ensure_beside(venv=venv, lock="peers")
    assert len(steps) == 4


def test_what_the_environment_once_has_it_keeps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: list[list[str]] = []

    def step(_: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
        steps.append(list(argv))

    for name in ("_ensure_venv", "_ensure_uv"):
        monkeypatch.setattr(python_env, name, lambda: None)
    monkeypatch.setattr(python_env, "step", step)
    monkeypatch.setattr(python_env, "uv_environment", dict)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(paths, "REQUIREMENTS", tmp_path)
    for name in ("core.txt", "dev.txt", "build.txt", "uv.txt", "spark.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    python_env.ensure(level="dev", extras=["spark"])
    (tmp_path / "spark.txt").write_text("newer")
    python_env.ensure(level="core", extras=[])
    synced = [[Path(word).name for word in argv if word.endswith(".txt")] for argv in steps[::2]]
    assert synced == [["dev.txt", "build.txt", "uv.txt", "spark.txt"]] * 2
