"""The officers' app on a phone in real Chromium: bound, unlocked, killed and opened again.

A phone is a browser profile in a folder: whoever opens the same folder again has the same phone.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from tests.support.browser import FLAGS, PHONE
from tests.support.site import ROOT, Site

PASSPHRASE = "田间地头2026"
APP = "/field/"
# What a page without a network says; a journey asks for it.
LOST = re.compile(r"net::ERR_|with a status of [45]\d\d")

_INVITE = """
import django
django.setup()
from cunjing.accounts.models import User
from cunjing.kernel.access import Actor
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key
user = User.objects.get(username={username!r})
made = create_enrolment_code(actor=Actor.for_system("test"), user_id=user.pk)
print(f"#enrol={{made.secret}}.{{server_key().fingerprint}}")
"""


@contextmanager
def phone_in(
    browser: Browser, folder: Path, *, site: Site, dark: bool = False, percent: int = 100
) -> Iterator[Page]:
    """The phone whose profile is `folder`; `percent`: the text size its owner chose.

    Leaving closes the browser and fails if the page logged an error beyond lost connections.
    """
    flags = [*FLAGS, f"--blink-settings=defaultFontSize={16 * percent // 100}"]
    context = browser.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=flags,
        base_url=site.url,
        viewport=PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=True,
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
    )
    page = context.pages[0]
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _note(message, complaints))
    keep_storage(context, page, site=site)
    try:
        yield page
    finally:
        context.close()
    assert complaints == [], "the app complained:\n" + "\n".join(complaints)


def keep_storage(context: BrowserContext, page: Page, *, site: Site) -> None:
    """Let the browser promise lasting storage, as it does for an app on the home screen."""
    grant(context, page, site=site, name="persistent-storage")


def grant(context: BrowserContext, page: Page, *, site: Site, name: str) -> None:
    """Allow the app something for good, beside what it may already."""
    # Not detached: what was granted ends with the session.
    devtools = context.new_cdp_session(page)
    said = {"permission": {"name": name}, "setting": "granted", "origin": site.url}
    devtools.send("Browser.setPermission", said)


def invitation(site: Site, username: str) -> str:
    """What the QR code of an account adds to the app's address; good for ten minutes."""
    return on_site(site, _INVITE.format(username=username))


def on_site(site: Site, code: str) -> str:
    """Run Python of our own on the site's data and return what it printed."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("CUNJING_")}
    settings = {"CUNJING_VAR": str(site.var), "DJANGO_SETTINGS_MODULE": "cunjing.config.settings"}
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**mine, **settings, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def bind(page: Page, site: Site, *, username: str = "demo-officer", seconds: float = 20) -> None:
    """Bind the phone to an account and wait for its villages."""
    page.goto(APP + invitation(site, username))
    page.get_by_label("设一个口令").fill(PASSPHRASE)
    page.get_by_label("再输一遍").fill(PASSPHRASE)
    page.get_by_role("button", name="绑定", exact=True).tap()
    patience = seconds * 1000
    expect(page.get_by_role("heading", name="我的村")).to_be_visible(timeout=patience)
    expect(villages(page).first).to_be_visible(timeout=patience)


def unlock(page: Page) -> None:
    """Open the locked app by its passphrase."""
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="打开", exact=True).tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible(timeout=20_000)


def villages(page: Page) -> Locator:
    """The villages on today's screen, each a link."""
    mine = page.get_by_role("heading", name="我的村")
    return page.locator("section").filter(has=mine).get_by_role("link")


def kept_offline(page: Page) -> None:
    """Wait until the app's files are on the phone and the worker has the page."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def sync(page: Page) -> None:
    """Exchange with the server at once and wait until nothing is left."""
    page.get_by_role("button", name="立即同步").tap()
    expect(page.get_by_role("status").filter(has_text="都已上传")).to_be_visible(timeout=30_000)


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and LOST.search(message.text) is None:
        complaints.append(message.text)


def begin_visit(page: Page, *, village: int = 0) -> str:
    """From today's screen begin a visit to one of the villages; its id."""
    villages(page).nth(village).tap()
    page.get_by_role("button", name="现在到村，开始登记").tap()
    page.wait_for_url(re.compile(r"#/visit/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[-1]


def stored(site: Site, record_id: str) -> int:
    """How many records the server has of this id and of the parts of this visit."""
    with sqlite3.connect(site.var / "cunjing.sqlite3") as database:
        found = database.execute(
            "SELECT count(*) FROM fieldwork_workrecord WHERE id = ?1 OR visit_id = ?1",
            (record_id.replace("-", ""),),
        )
        return int(found.fetchone()[0])
