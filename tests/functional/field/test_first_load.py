"""What the app costs a slow link: each of its files once, packed, whoever asks for it first."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from tests.support.field_app import APP, kept_offline, phone_in
from tests.support.field_build import DIST
from tests.support.site import Site
from tests.support.slow_link import Link, linked

ASSETS = "/static/field/dist/assets/"
AROUND = 30 * 1024
"""Bytes of everything but these files: the page, the worker, twice the manifest, headers."""


def test_no_file_of_the_app_comes_twice(
    browser: Browser, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = Link()
    with linked(urlsplit(site.url).port or 0, link) as way:
        near = replace(site, url=f"http://127.0.0.1:{way}")
        with phone_in(browser, tmp_path / "phone", site=near) as page:
            page.goto(APP)
            page.get_by_role("heading", name="绑定").first.wait_for()
            kept_offline(page)
    asked = Counter(path.removeprefix(ASSETS) for path in link.asked if path.startswith(ASSETS))
    built = {path.name for path in (DIST / "assets").iterdir() if path.suffix in {".js", ".css"}}
    assert asked == dict.fromkeys(built, 1)
    packed = sum((DIST / f"assets/{name}.gz").stat().st_size for name in built)
    assert link.received < packed + AROUND
    with capsys.disabled():
        whole = sum((DIST / f"assets/{name}").stat().st_size for name in built)
        said = f"{link.received:,} bytes in {link.requests} requests, {whole:,} unpacked"
        print(f"\nfirst load: {said}")
