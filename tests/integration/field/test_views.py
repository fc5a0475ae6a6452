"""The app is handed out to anybody, strictly fenced in, and never from a cache that may be old."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

PAGE = "/field/"


def test_the_page_needs_no_sign_in_and_allows_files_of_its_own_only() -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said["default-src"] == "'none'"
    assert {said[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.cookies == {}


def test_the_page_holds_no_script_and_no_style_of_its_own() -> None:
    text = Client().get(PAGE).content.decode()
    scripts = text.count("<script")
    assert scripts == text.count("<script type=") == text.count("></script>") > 0
    assert "<style" not in text
    assert "style=" not in text


def test_the_worker_speaks_for_the_apps_folder() -> None:
    answer = Client().get(f"{PAGE}sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer.headers["Cache-Control"]
    text = answer.content.decode()
    assert "__SHELL__" not in text
    assert '"/field/"' in text


def test_every_file_the_worker_keeps_is_served() -> None:
    text = Client().get(f"{PAGE}sw.js").content.decode()
    kept = [word for word in text.split('"') if word.startswith("/static/field/dist/")]
    assert len(kept) > 3
    missing = [name for name in kept if finders.find(name.removeprefix("/static/")) is None]
    assert missing == []


def test_the_manifest_makes_it_an_app() -> None:
    answer = Client().get(f"{PAGE}manifest.webmanifest")
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    said = answer.json()
    assert (said["start_url"], said["scope"], said["display"]) == (PAGE, PAGE, "standalone")
    icons = [icon["src"].removeprefix("/static/") for icon in said["icons"]]
    assert all(finders.find(name) for name in icons)


def test_without_a_bundle_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"run \./run setup"):
        Client().get(PAGE)


def test_nothing_but_reading_is_answered() -> None:
    assert Client().post(PAGE).status_code == 405


def test_the_icon_is_a_png() -> None:
    path = finders.find("field/dist/icon.png")
    assert path is not None
    assert Path(path).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
