"""People of the demo county at the door."""

import re

from playwright.sync_api import Page, expect
from tests.support.site import Site


def sign_in(page: Page, site: Site, username: str) -> None:
    """Sign in with the password that `cunjing demo load` printed for this account."""
    found = re.search(rf"^ *{re.escape(username)} +(\S+)", site.log_ins, re.MULTILINE)
    assert found is not None, f"no demo account {username}"
    page.goto("/account/login/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(found[1])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="登录村警")).to_have_count(0)
