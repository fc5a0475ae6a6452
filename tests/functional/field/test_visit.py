"""An officer's visit on the phone: few taps, no typing, no network, nothing lost (B1, B2, B3)."""

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import (
    APP,
    begin_visit,
    bind,
    kept_offline,
    phone_in,
    stored,
    sync,
    unlock,
)
from tests.support.journeys import counting_taps
from tests.support.site import Site

MOST_TAPS = 6
MOST_SECONDS = 30


def test_a_visit_without_a_network_arrives_exactly_once(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        taps = counting_taps(page)
        bind(page, site)
        kept_offline(page)
        page.context.set_offline(True)
        visit = begin_visit(page)
        page.goto(f"{APP}#/")
        before, began = taps(), time.monotonic()
        call_on_the_first_household(page)
        spent, seconds = taps() - before, time.monotonic() - began
        print(f"\na household call: {spent} taps, {seconds:.1f} s of the machine's own")
        assert spent <= MOST_TAPS
        assert seconds <= MOST_SECONDS
        report_a_lamp(page)
    # The browser is gone, the network too: what was recorded is still there.
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        page.context.set_offline(True)
        page.goto(APP)
        unlock(page)
        page.get_by_role("button", name="结束进村").tap()
        page.get_by_label("工作日志").fill("巡村一圈，提醒用火安全。")
        page.get_by_role("button", name="保存").tap()
        expect(
            page.get_by_role("status").filter(has_text=re.compile(r"\d 条没有上传"))
        ).to_be_visible()
        assert stored(site, visit) == 0
        page.context.set_offline(False)
        sync(page)
        assert stored(site, visit) == 2
        sync(page)
        assert stored(site, visit) == 2
        expect(page.get_by_text("上次进村：今天")).to_be_visible()


def call_on_the_first_household(page: Page) -> None:
    """From today's screen, with a finding, until it is kept."""
    page.get_by_role("button", name="入户走访").tap()
    page.get_by_role("main").get_by_role("link").first.tap()
    page.get_by_text("用火用电用气", exact=True).tap()
    page.get_by_role("button", name="保存").tap()
    expect(page.get_by_role("heading", name="这次已记（1）")).to_be_visible()


def report_a_lamp(page: Page) -> None:
    """Add a hazard to the visit on the screen."""
    page.get_by_role("link", name="安全隐患").tap()
    page.get_by_text("路灯损坏").tap()
    page.get_by_label("地点").fill("桥头")
    page.get_by_label("情况").fill("路灯不亮，夜里看不见路")
    page.get_by_role("button", name="保存").tap()
    expect(page.get_by_role("heading", name="这次已记（2）")).to_be_visible()


def test_every_screen_can_be_read_and_reached_by_everybody(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site, percent=200) as page:
        bind(page, site, username="demo-auxiliary")
        visit = begin_visit(page)
        page.goto(f"{APP}#/visit/{visit}/call")
        page.get_by_role("main").get_by_role("link").first.tap()
        call = page.url
        for address in (call, *(f"{APP}#{path.format(visit=visit)}" for path in SCREENS)):
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            page.wait_for_load_state("networkidle")
            assert_accessible(page)
            assert_no_sideways_scroll(page)


SCREENS = (
    "/",
    "/visit/{visit}",
    "/visit/{visit}/call",
    "/visit/{visit}/information",
    "/visit/{visit}/session",
    "/visit/{visit}/warning",
    "/visit/{visit}/matter/dispute",
    "/visit/{visit}/finish",
    "/settings",
    "/settings/passphrase",
    "/settings/phone-lock",
)
