"""The killed journey on a link of 200/80 kbit/s and 600 ms, its photo cut as well (B1, B2).

Bound where the network is good; the villages' link is slow from the first visit on.
"""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.support.field_app import APP, bind, kept_offline, phone_in, unlock
from tests.support.field_journeys import (
    OFFICER,
    Field,
    a_field,
    all_there,
    kill_browser,
    record_offline,
    wait_until,
)
from tests.support.site import Site
from tests.support.slow_link import Link

LOG = "慢网时登记的一次进村"
MOST_LOST = 256 * 1024
CUT_AT = 24 * 1024
MOST_WAIT = 30
"""Seconds until a photo that was cut goes on, on a link that works again."""
AROUND = 12 * 1024
"""Bytes of everything but the photo: lines, headers, what browsers ask before they send."""


def arrived(uploads: Path) -> int:
    """How many bytes of the photo under way lie there."""
    return sum(path.stat().st_size for path in uploads.glob("*") if path.suffix == "")


def record_without_network(browser: Browser, phone: Path, far: Field) -> None:
    """Bind at the station; out there page, browser and servers die."""
    with phone_in(browser, phone, site=far.site) as page:
        bind(page, far.site, username=OFFICER)
        kept_offline(page)
        far.web.kill()
        far.files.kill()
        far.link.slow_down(down_bits=200_000, up_bits=80_000, round_trip_ms=600)
        left = record_offline(page, log=LOG, size=(400, 300))
        kill_browser(left, phone)


def cut_the_photo(far: Field, uploads: Path) -> tuple[int, int, float]:
    """Kill the files server under the photo and wait until the phone goes on, nobody tapping.

    Bytes of the photo that had arrived, bytes sent until the server was back, seconds waited since.
    """
    wait_until(lambda: arrived(uploads) > CUT_AT, seconds=60)
    far.files.kill()
    had = arrived(uploads)
    far.files.start()
    # Chromium itself may have sent the piece once more by now, into the void.
    before, cut = far.link.sent, time.monotonic()
    wait_until(lambda: arrived(uploads) != had, seconds=MOST_WAIT)
    return had, before, time.monotonic() - cut


def test_a_visit_outlives_everything_on_a_slow_link(
    browser: Browser, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone, uploads = tmp_path / "phone", site.var / "photos/uploads"
    link = Link()
    with a_field(site, link) as far:
        record_without_network(browser, phone, far)
        far.web.start()
        far.files.start()
        link.forget()
        link.lost = (b"POST /sync/v1/push", far.web.kill)
        began = time.monotonic()
        with phone_in(browser, phone, site=far.site) as page:
            page.goto(APP)
            unlock(page)
            wait_until(lambda: far.web.process is None, seconds=30)
            far.web.start()
            # The phone may be at it already, and its button be off until all has arrived.
            page.get_by_role("button", name="立即同步").tap(force=True)
            had, before, waited = cut_the_photo(far, uploads)
            all_there(page, seconds=60)
        took = time.monotonic() - began
        stored = far.stored(LOG)
    assert stored["parts"] == {"visits": 1, "calls": 1, "photos": 1, "kept": 1}
    assert [line for line in stored["lines"] if line[1] != "accepted"] == []
    # What had arrived is not sent again: the phone asks first.
    assert link.sent - before < stored["bytes"] - had + AROUND
    lost = link.sent - stored["bytes"]
    assert lost <= MOST_LOST
    with capsys.disabled():
        said = (
            f"{stored['bytes']} bytes, {had} of them before the cut, "
            f"on again after {waited:.1f} s, {lost} sent beside or twice"
        )
        print(f"\nslow link: visit and photo in {took:.1f} s, two servers killed ({said})")
