"""The door: readable on both screens, closed to a wrong password, and it says so."""

import pytest
from playwright.sync_api import Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.screenshots import screenshot


@pytest.fixture(params=["desktop", "phone"])
def window(request: pytest.FixtureRequest) -> Page:
    page: Page = request.getfixturevalue(request.param)
    return page


def test_the_sign_in_page_is_accessible_and_fits_the_window(
    window: Page, request: pytest.FixtureRequest
) -> None:
    window.goto("/")
    expect(window.get_by_role("heading", name="登录村警")).to_be_visible()
    assert_accessible(window)
    assert_no_sideways_scroll(window)
    picture = screenshot(window, f"sign-in-{request.node.callspec.params['window']}")
    assert picture.stat().st_size > 0


def test_a_wrong_password_is_refused_aloud_and_reveals_nothing(desktop: Page) -> None:
    said = []
    for name in ("nobody-of-that-name", "still-nobody"):
        desktop.goto("/account/login/")
        desktop.get_by_label("登录名").fill(name)
        desktop.get_by_label("密码").fill("not the password")
        desktop.get_by_role("button", name="登录", exact=True).click()
        said.append(desktop.get_by_role("alert").inner_text())
        assert_accessible(desktop)
    assert said[0] == said[1]
    expect(desktop).to_have_title("登录 · 村警")
