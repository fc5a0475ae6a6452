"""From a document seen as a picture to the evidence of one verdict, without a mouse."""

import re

from playwright.sync_api import Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.journeys import counting_taps, tab_to
from tests.support.site import Site
from tests.support.visitors import sign_in

PICTURE = "/policies/bozhou-2014/"
TILE = "a.tile.tone-share"


def test_a_tile_is_reached_by_keyboard_and_opens_its_clause(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-bureau")
    desktop.goto(f"{PICTURE}?by=result")
    tab_to(desktop, TILE)
    said = desktop.evaluate("document.activeElement.textContent")
    assert "达标" in said
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="落实这一条的规则")).to_be_visible()


def test_two_taps_lead_from_a_rules_figure_to_the_evidence(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-bureau")
    taps = counting_taps(phone)
    phone.goto(f"{PICTURE}rules/visit-days/")
    phone.locator("a[href*='verdict=pass#standing']").first.tap()
    phone.wait_for_url(re.compile(r"verdict=pass"))
    phone.locator("#standing").get_by_text("看依据").first.tap()
    expect(phone.get_by_text("依据的条款")).to_be_visible()
    assert taps() == 2
    assert_accessible(phone)


def test_the_picture_fits_a_phone_in_both_colourings_and_languages(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-bureau")
    for language in ("zh-hans", "en"):
        if language == "en":
            phone.get_by_role("button", name="English").tap()
            # The answer to the button is a page of its own: going on before it is there ends both.
            expect(phone.locator("html")).to_have_attribute("lang", "en")
        for query in ("", "?by=result"):
            phone.goto(f"{PICTURE}{query}")
            assert_no_sideways_scroll(phone)
            assert_accessible(phone)
            outside = phone.evaluate(
                "[...document.querySelectorAll('.tile')].filter(tile =>"
                " tile.scrollWidth > tile.clientWidth + 1).length"
            )
            assert outside == 0
