"""A visit recorded without a network outlives page, browser and server, and arrives exactly once.

`setOffline` leaves service workers a network, so the server itself is stopped (B1, B2).
"""

from pathlib import Path

from playwright.sync_api import Browser
from tests.support.field_app import APP, bind, kept_offline, phone_in, unlock
from tests.support.field_journeys import (
    OFFICER,
    a_field,
    all_there,
    kill_browser,
    record_offline,
    wait_until,
)
from tests.support.site import Site
from tests.support.slow_link import Link

LOG = "断网时登记的一次进村"


def test_a_visit_outlives_page_browser_and_server(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    phone = tmp_path / "phone"
    with a_field(site, Link()) as here:
        with phone_in(browser, phone, site=here.site) as page:
            bind(page, here.site, username=OFFICER)
            kept_offline(page)
            here.web.kill()
            here.files.kill()
            left = record_offline(page, log=LOG, size=(320, 240))
            kill_browser(left, phone)
        assert here.stored(LOG)["visits"] == 0
        # The server dies when it has written and before its answer is out.
        here.web.start()
        here.files.start()
        here.link.lost = (b"POST /sync/v1/push", here.web.kill)
        with phone_in(browser, phone, site=here.site) as page:
            page.goto(APP)
            unlock(page)
            wait_until(lambda: here.web.process is None, seconds=30)
            assert here.stored(LOG)["visits"] == 1
            here.web.start()
            page.get_by_role("button", name="立即同步").tap()
            all_there(page, seconds=60)
        stored = here.stored(LOG)
        assert stored["parts"] == {"visits": 1, "calls": 1, "photos": 1, "kept": 1}
        assert [line for line in stored["lines"] if line[1] != "accepted"] == []
