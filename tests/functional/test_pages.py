"""Every page, at both sizes: accessible, as wide as the window, readable at twice the size."""

import pytest
from playwright.sync_api import Page, ViewportSize
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.browser import DESKTOP
from tests.support.journeys import complaints, one_page_of_every_shape
from tests.support.site import Site
from tests.support.visitors import sign_in

READERS = [
    ("desktop", "demo-bureau"),
    ("phone", "demo-bureau"),
    ("phone", "demo-officer"),
]
# What the browser's zoom of 200 % leaves of the desktop window, in its own pixels.
HALF: ViewportSize = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
# What the two readers meet at the least; a page that no link leads to any more is noticed.
FEWEST = {"demo-bureau": 40, "demo-officer": 28}


@pytest.mark.parametrize(("window", "reader"), READERS)
def test_every_page_is_accessible_and_fits(
    request: pytest.FixtureRequest, site: Site, window: str, reader: str
) -> None:
    page: Page = request.getfixturevalue(window)
    sign_in(page, site, reader)
    wrong, met = [], []
    for path in one_page_of_every_shape(page):
        met.append(path)
        wrong += complaints(assert_accessible, page)
        wrong += complaints(assert_no_sideways_scroll, page)
        if window == "desktop":
            page.set_viewport_size(HALF)
            wrong += [f"200 %: {said}" for said in complaints(assert_no_sideways_scroll, page)]
            page.set_viewport_size(DESKTOP)
    assert wrong == [], "\n".join(wrong)
    assert len(met) >= FEWEST[reader], met
