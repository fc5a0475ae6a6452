"""One demo county and one browser a run; a fresh visitor for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.support.browser import DESKTOP, PHONE, chromium, page_of
from tests.support.site import Site, demo_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo county, served. Tests share it: each works in villages of its own."""
    with demo_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def desktop(browser: Browser, site: Site) -> Iterator[Page]:
    """An office computer's window, 1280 × 800."""
    with page_of(browser, base_url=site.url, viewport=DESKTOP) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone's window, 360 × 740, with touch."""
    with page_of(browser, base_url=site.url, viewport=PHONE) as page:
        yield page
