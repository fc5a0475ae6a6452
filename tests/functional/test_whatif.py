"""A station chief tries a threshold: with htmx, with a thumb, and without any script."""

import re

from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.browser import DESKTOP
from tests.support.site import Site
from tests.support.visitors import sign_in

TRIAL = "这只是试算：结果不保存，不作为对任何人的考评"


def test_a_rule_is_chosen_and_tried_without_leaving_the_page(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-chief")
    desktop.goto("/assessments/")
    desktop.get_by_role("link", name="试算门槛").click()
    desktop.get_by_label("规则").select_option(value="household-visits")
    expect(desktop.get_by_label("新门槛（户）")).to_have_value("20")
    desktop.get_by_label("规则").select_option(value="visit-days")
    expect(desktop.get_by_label("新门槛（天）")).to_have_value("2")
    desktop.get_by_label("新门槛（天）").fill("3")
    desktop.get_by_role("button", name="试算", exact=True).click()
    expect(desktop.get_by_text("个结论会变")).to_be_visible(timeout=20_000)
    expect(desktop.get_by_text(TRIAL)).to_be_visible()
    expect(desktop).to_have_url(re.compile(r"low=3&"))
    assert_accessible(desktop)
    desktop.locator("#flips .trial-flips a").first.click()
    expect(desktop.get_by_text("依据的条款")).to_be_visible()


def test_a_trial_fits_a_phone(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-chief")
    phone.goto("/assessments/whatif/?rule=visit-days&low=3&months=12")
    expect(phone.get_by_text("会变的村")).to_be_visible()
    assert_accessible(phone)
    assert_no_sideways_scroll(phone)


def test_a_threshold_is_tried_without_script(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "demo-chief")
    page.goto("/assessments/whatif/?rule=visit-days")
    page.get_by_label("规则").select_option(value="household-visits")
    page.get_by_label("新门槛（天）").fill("19")
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.get_by_label("新门槛（户）")).to_have_value("19")
    expect(page.get_by_text("2026")).not_to_have_count(0)
    expect(page.locator(".trial-bar")).not_to_have_count(0)
    context.close()
