"""What journeys of the officers' app share: servers to kill, a visit, what arrived of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Page, expect
from tests.support.field_app import APP, unlock
from tests.support.field_servers import Server, web_and_files
from tests.support.photos_factories import picture
from tests.support.screenshots import screenshot
from tests.support.site import ROOT, Site, environment
from tests.support.slow_link import Link, linked

OFFICER = "demo-officer-2"
TAGGED = 0xE1
"""What phones put in front of a picture: where and when it was taken."""

_STORED = """
import django, json
django.setup()
from cunjing.fieldwork.models import WorkRecord
from cunjing.photos.models import Photo
from cunjing.photos import store
from cunjing.sync.models import Mutation
visits = list(WorkRecord.objects.filter(kind="village_visit", details__log={log!r}))
photos = Photo.objects.filter(record__in=visits)
print(json.dumps({{
  "visits": len(visits),
  "bytes": sum(photo.length for photo in photos),
  "parts": {{
    "visits": len(visits),
    "calls": WorkRecord.objects.filter(visit__in=visits, kind="household_visit").count(),
    "photos": photos.count(),
    "kept": sum(store.path_of(photo.sha256).exists() for photo in photos),
  }},
  "lines": sorted(Mutation.objects.filter(device__user__username={officer!r})
                    .values_list("type", "result")),
}}))
"""


@dataclass
class Field:
    """The servers behind their links, as one site for a phone."""

    site: Site
    web: Server
    files: Server
    link: Link

    def stored(self, log: str) -> Any:
        """What the station has of the visit with this log."""
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", _STORED.format(log=log, officer=OFFICER)],
            cwd=ROOT,
            env={
                **environment(self.site.var),
                "DJANGO_SETTINGS_MODULE": "cunjing.config.settings",
                "PYTHONPATH": str(ROOT / "src"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@contextmanager
def a_field(site: Site, link: Link) -> Iterator[Field]:
    """Servers of their own on the site's data, behind one link."""
    with (
        web_and_files(site.var) as (web, files),
        linked(web.port, link) as way,
        linked(files.port, link) as photos,
    ):
        web.settings["CUNJING_FILES_URL"] = f"http://127.0.0.1:{photos}/sync/v1/files"
        web.start()
        files.start()
        seen = Site(url=f"http://127.0.0.1:{way}", var=site.var, log_ins=site.log_ins)
        yield Field(seen, web, files, link)


def a_photo(size: tuple[int, int]) -> FilePayload:
    """What a camera gives: a picture with its place in front."""
    plain = picture(size=size)
    place = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPS 25.31N 101.54E"
    tag = bytes((0xFF, TAGGED)) + (len(place) + 2).to_bytes(2, "big") + place
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": plain[:2] + tag + plain[2:]}


def begin_visit(page: Page) -> None:
    """Go to the first village and begin."""
    page.get_by_role("heading", name="我的村").locator("..").get_by_role("link").first.tap()
    page.get_by_role("button", name="现在到村，开始登记").tap()
    expect(page.get_by_text("到村").first).to_be_visible()


def call_at_a_household(page: Page) -> None:
    """Log a call: nothing found."""
    page.get_by_role("link", name="入户走访").first.tap()
    page.get_by_role("main").get_by_role("link").filter(has_text="演示").first.tap()
    page.get_by_role("button", name="都问过，没有发现问题").tap()


def kill_browser(page: Page, folder: Path) -> None:
    """SIGKILL to every process of the browser with this profile, of which `page` is a page."""
    # Until the driver has heard of it, to close the context is an error.
    with page.context.expect_event("close"):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    said = (entry / "cmdline").read_bytes()
                    if f"--user-data-dir={folder}".encode() in said:
                        os.kill(int(entry.name), signal.SIGKILL)
                except OSError:
                    continue


def wait_until(done: Callable[[], bool], *, seconds: float) -> None:
    """Wait for what happens outside the page."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


def all_there(page: Page, *, seconds: float) -> None:
    """Everything is with the server."""
    expect(page.get_by_role("status").filter(has_text="都已上传")).to_be_visible(
        timeout=seconds * 1000
    )


def record_offline(page: Page, *, log: str, size: tuple[int, int]) -> Page:
    """A visit with a call and a photo, the page dying in the middle; returns the next page."""
    begin_visit(page)
    call_at_a_household(page)
    page.get_by_label("拍照").set_input_files(a_photo(size))
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible(timeout=20_000)
    screenshot(page, "field-visit-photos")
    again = page.context.new_page()
    page.close()
    again.goto(APP)
    unlock(again)
    again.get_by_role("button", name="记别的").tap()
    expect(again.get_by_role("img", name="第 1 张照片")).to_be_visible()
    again.get_by_role("button", name="结束进村").tap()
    again.get_by_label("工作日志").fill(log)
    again.get_by_role("button", name="保存", exact=True).tap()
    expect(again.get_by_role("status").filter(has_text="没有上传")).to_be_visible()
    return again
