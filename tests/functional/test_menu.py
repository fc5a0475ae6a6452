"""Every page a menu offers opens, passes axe and fits the window, for each kind of person."""

import pytest
from playwright.sync_api import Page
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.screenshots import screenshot
from tests.support.site import Site
from tests.support.visitors import sign_in

PEOPLE = ["demo-bureau", "demo-chief", "demo-officer", "demo-auxiliary", "demo-auditor"]


@pytest.mark.parametrize("username", PEOPLE)
def test_at_the_desk(desktop: Page, site: Site, username: str) -> None:
    _visit_every_page(desktop, site, username, "desktop")


@pytest.mark.parametrize("username", PEOPLE)
def test_on_the_phone(phone: Page, site: Site, username: str) -> None:
    _visit_every_page(phone, site, username, "phone")


def _visit_every_page(page: Page, site: Site, username: str, window: str) -> None:
    sign_in(page, site, username)
    addresses = page.eval_on_selector_all(
        "nav a", "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )
    assert len(addresses) > 1
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        screenshot(page, f"{username}-{window}{address.rstrip('/').replace('/', '-')}")
