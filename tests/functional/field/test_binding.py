"""A phone is bound, locked and opened again, with and without the server."""

from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import (
    APP,
    PASSPHRASE,
    bind,
    invitation,
    kept_offline,
    phone_in,
    unlock,
    villages,
)
from tests.support.site import Site

ENROL = "**/sync/v1/enrol"


def test_a_phone_is_bound_locked_and_opened_without_a_network(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        bind(page, site)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        kept_offline(page)
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        page.context.set_offline(True)
        page.goto(APP)
        unlock(page)
        expect(villages(page).first).to_be_visible()


def test_a_binding_whose_answer_is_lost_is_made_good_by_the_next_code(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        page.route(ENROL, _unheard)
        page.goto(APP + invitation(site, "demo-officer"))
        page.get_by_label("设一个口令").fill(PASSPHRASE)
        page.get_by_label("再输一遍").fill(PASSPHRASE)
        _press_bind(page)
        expect(page.get_by_role("alert")).to_contain_text("没有连上服务器")
        page.unroute(ENROL)
        _open_link(page, site)
        _press_bind(page)
        expect(villages(page).first).to_be_visible(timeout=20_000)
        # A phone that is bound loses nothing by such an answer: it goes on as it was.
        page.route(ENROL, _unheard)
        _open_link(page, site)
        page.get_by_role("link", name="用它绑定这台手机").tap()
        _press_bind(page)
        expect(page.get_by_role("alert")).to_contain_text("没有连上服务器")
        page.goto(f"{APP}#/")
        expect(villages(page).first).to_be_visible()
        page.unroute(ENROL)
        _open_link(page, site)
        page.get_by_role("link", name="用它绑定这台手机").tap()
        _press_bind(page)
        expect(villages(page).first).to_be_visible(timeout=20_000)


def _unheard(route: Route) -> None:
    """The server answers, and nobody hears it."""
    assert route.fetch().status == 201
    route.abort()


def _open_link(page: Page, site: Site) -> None:
    """A link that is opened where the app runs already."""
    page.evaluate("link => void (location.hash = link)", invitation(site, "demo-officer"))


def _press_bind(page: Page) -> None:
    page.get_by_role("button", name="绑定", exact=True).tap()


def test_a_browser_that_may_forget_is_refused_with_the_reason(browser: Browser, site: Site) -> None:
    # A private window promises no lasting storage.
    context = browser.new_context(base_url=site.url, locale="zh-CN")
    page = context.new_page()
    link = invitation(site, "demo-officer")
    page.goto(APP + link)
    expect(page.get_by_role("alert")).to_contain_text("现在不能绑定")
    expect(page.get_by_text("不保证长期保存")).to_be_visible()
    expect(page.get_by_role("button", name="绑定", exact=True)).to_have_count(0)
    assert_accessible(page)
    # The app on the home screen begins without the link: it is taken along.
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制绑定链接").click()
    expect(page.get_by_text("已复制。")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == site.url + APP + link
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    page.get_by_role("button", name="复制绑定链接").click()
    field = page.get_by_label("绑定链接")
    expect(field).to_have_value(site.url + APP + link)
    chosen = field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen == site.url + APP + link
    assert_accessible(page)
    context.close()
