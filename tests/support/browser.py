"""Real Chromium from the system, never one that a test tool downloads."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

# No look-ups of its maker's hosts at start: tests have no network.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless browser process; every launch has an empty profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, *, base_url: str, viewport: ViewportSize) -> Iterator[Page]:
    """A fresh Chinese visitor; leaving fails if the page logged an error or broke its policy."""
    context = browser.new_context(
        base_url=base_url,
        viewport=viewport,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=viewport == PHONE,
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _note(message, complaints))
    yield page
    context.close()
    assert complaints == [], "the browser complained:\n" + "\n".join(complaints)


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A refused form is a 4xx answer the journey asked for; everything else is a defect.
    refused = re.search(r"with a status of 4\d\d|^Response Status Error Code 4\d\d", message.text)
    if message.type == "error" and refused is None:
        complaints.append(message.text)
