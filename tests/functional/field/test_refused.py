"""A visit the server does not take says what is wrong, is mended on the phone and arrives once."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import (
    APP,
    PASSPHRASE,
    begin_visit,
    bind,
    phone_in,
    stored,
    sync,
    unlock,
)
from tests.support.site import Site

from cunjing.base.clock import today

LONG_AGO_MS = 4000 * 86_400_000
A_DAY_MS = 86_400_000


def set_back(page: Page, milliseconds: int) -> None:
    """Let the phone's clock be behind by so much."""
    page.evaluate(
        "(behind) => { window.soundNow ??= Date.now; Date.now = () => window.soundNow() - behind }",
        milliseconds,
    )


def come_back(page: Page) -> None:
    """The clock is set right: as far as the app can tell nobody was there meanwhile: it locks."""
    set_back(page, 0)
    open_again(page)


def open_again(page: Page) -> None:
    """Unlock, and stand on the same screen."""
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="打开", exact=True).tap()
    expect(page.get_by_label("口令")).to_have_count(0)


def visit_long_ago(page: Page) -> str:
    """A visit of a day on which nobody had the village, with a hazard and a log; its id."""
    set_back(page, LONG_AGO_MS)
    visit = begin_visit(page)
    page.get_by_role("link", name="安全隐患").tap()
    page.get_by_text("路灯损坏").tap()
    page.get_by_label("地点").fill("桥头")
    page.get_by_label("情况").fill("路灯不亮")
    page.get_by_role("button", name="保存").tap()
    page.get_by_role("button", name="结束进村").tap()
    page.get_by_label("工作日志").fill("巡村一圈。")
    # The phone knows that it is later, so it asks; who insists is believed, and refused later.
    expect(page.get_by_text("请填实际的到村时间")).to_be_visible()
    then = page.evaluate(
        "new Date(Date.now() + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16)"
    )
    page.get_by_label("到村日期").fill(then.split()[0])
    page.get_by_label("到村时间").fill(then.split()[1])
    set_back(page, LONG_AGO_MS - 60_000)
    page.get_by_role("button", name="改时间").first.tap()
    page.get_by_role("button", name="保存").tap()
    come_back(page)
    return visit


def is_readable(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def mend(page: Page) -> str:
    """Open the refused visit once more; its new id."""
    told = page.get_by_role("article", name="进村工作")
    expect(told.get_by_text("没有包这个村")).to_be_visible()
    is_readable(page)
    told.get_by_role("button", name="改好重新提交").tap()
    page.get_by_role("button", name="打开修改").tap()
    page.wait_for_url(re.compile(r"#/visit/[0-9a-f-]{36}$"))
    expect(page.get_by_text("没有包这个村")).to_be_visible()
    expect(page.get_by_text("路灯不亮")).to_be_visible()
    is_readable(page)
    return page.url.rsplit("/", 1)[-1]


def finish_yesterday(page: Page) -> None:
    page.get_by_role("button", name="结束进村").tap()
    expect(page.get_by_label("工作日志")).to_have_value("巡村一圈。")
    yesterday = (today() - timedelta(days=1)).isoformat()
    for label, value in (("到村日期", yesterday), ("离村日期", yesterday)):
        page.get_by_label(label).fill(value)
    for label, value in (("到村时间", "09:00"), ("离村时间", "10:00")):
        page.get_by_label(label).fill(value)
    is_readable(page)
    page.get_by_role("button", name="保存").tap()


def stands_beside_todays(page: Page, again: str) -> None:
    """What is mended is not the visit made now: another can be begun in the same village."""
    page.goto(f"{APP}#/")
    expect(page.get_by_role("heading", name="待改好的进村")).to_be_visible()
    expect(page.get_by_role("button", name="入户走访")).to_have_count(0)
    is_readable(page)
    assert begin_visit(page) != again
    page.get_by_role("button", name="误点了").tap()
    page.get_by_role("button", name="取消这次进村", exact=True).tap()
    page.get_by_role("button", name="打开修改").tap()
    page.wait_for_url(re.compile(f"#/visit/{again}$"))


def test_a_refused_visit_is_mended_and_arrives_once(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site, percent=200) as page:
        bind(page, site)
        visit = visit_long_ago(page)
        sync(page)
        assert stored(site, visit) == 0
        page.goto(f"{APP}#/records")
        again = mend(page)
        stands_beside_todays(page, again)
        finish_yesterday(page)
        sync(page)
        assert (stored(site, visit), stored(site, again)) == (0, 1)
        page.goto(f"{APP}#/records")
        expect(page.get_by_role("heading", name="我的记录")).to_be_visible()
        expect(page.get_by_role("article", name="进村工作")).to_have_count(0)


def test_a_visit_left_open_is_named_on_the_next_day(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site) as page:
        bind(page, site)
        begin_visit(page)
        set_back(page, -A_DAY_MS)
        open_again(page)
        page.goto(f"{APP}#/")
        expect(page.get_by_text("这次进村是昨天开始的，还没有结束")).to_be_visible()
        page.get_by_role("button", name="结束进村").tap()
        expect(page.get_by_text("请写明过夜的原因")).to_be_visible()


def test_a_visit_begun_while_the_clock_was_ahead_can_be_ended(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site, percent=200) as page:
        bind(page, site)
        set_back(page, -A_DAY_MS)
        unlock(page)
        visit = begin_visit(page)
        set_back(page, 0)
        page.get_by_role("button", name="结束进村").tap()
        expect(page.get_by_text("到村时间比手机现在的时间还晚")).to_be_visible()
        is_readable(page)
        yesterday = (today() - timedelta(days=1)).isoformat()
        page.get_by_label("到村日期").fill(yesterday)
        page.get_by_label("到村时间").fill("09:00")
        page.get_by_role("button", name="改时间").first.tap()
        page.get_by_label("离村日期").fill(yesterday)
        page.get_by_label("离村时间").fill("10:00")
        page.get_by_role("button", name="保存").tap()
        sync(page)
        assert stored(site, visit) == 1


def test_a_visit_begun_while_the_clock_was_years_behind_can_be_ended(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    """A phone that began again in 2014: nobody has to write 2014, nor to throw the visit away."""
    with phone_in(browser, tmp_path / "phone", site=site, percent=200) as page:
        bind(page, site)
        set_back(page, LONG_AGO_MS)
        visit = begin_visit(page)
        come_back(page)
        page.get_by_role("button", name="结束进村").tap()
        expect(page.get_by_text("请填实际的到村时间")).to_be_visible()
        expect(page.get_by_text("请选到村的日期和时间")).to_be_visible()
        is_readable(page)
        yesterday = (today() - timedelta(days=1)).isoformat()
        page.get_by_label("到村日期").fill(yesterday)
        page.get_by_label("到村时间").fill("09:00")
        page.get_by_role("button", name="改时间").first.tap()
        page.get_by_label("离村日期").fill(yesterday)
        page.get_by_label("离村时间").fill("10:00")
        page.get_by_role("button", name="保存").tap()
        sync(page)
        assert stored(site, visit) == 1


def test_a_visit_whose_end_the_server_would_call_still_to_come_is_not_saved_unsaid(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    with phone_in(browser, tmp_path / "phone", site=site, percent=200) as page:
        bind(page, site)
        set_back(page, -7 * 60_000)
        unlock(page)
        sync(page)
        expect(page.get_by_text("手机时间比实际快约7分钟，请在手机设置里校准")).to_be_visible()
        begin_visit(page)
        page.get_by_role("button", name="结束进村").tap()
        expect(page.get_by_text("马上上传可能会因为“时间还没有到”被退回")).to_be_visible()
        is_readable(page)
        set_back(page, 0)
        page.get_by_role("button", name="已经校准").tap()
        expect(page.get_by_text("马上上传可能会因为")).to_have_count(0)
