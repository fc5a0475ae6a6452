"""My month and my records on a phone: offline work counts at once and can be put right (B1, B4)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import APP, bind, on_site, phone_in, sync
from tests.support.screenshots import screenshot
from tests.support.site import Site

USER = "demo-officer-2"
UNSENT = "条本机未发送"
_AWAY = """
import django
django.setup()
from cunjing.base.clock import today
from cunjing.kernel.access import Actor
from cunjing.staffing.actions import add_absence
from cunjing.staffing.models import AbsenceKind, Staff
add_absence(
    actor=Actor.for_system("test"),
    staff_id=Staff.objects.get(user__username={user!r}).pk,
    kind=AbsenceKind.LEAVE,
    date_from=today().replace(day=5),
    date_to=today().replace(day=15),
)
"""


def tab(page: Page, name: str) -> None:
    """Go to one of the places at the bottom."""
    page.get_by_role("navigation", name="主要页面").get_by_role("link", name=name).tap()


def days_card(page: Page) -> Locator:
    """The requirement of days in the village, in my month."""
    tab(page, "我的月")
    return page.get_by_role("link", name=re.compile("每月进村天数"))


def days_counted(page: Page) -> int:
    """How many records of visits count."""
    found = re.search(r"计入(\d+)条进村工作记录", days_card(page).inner_text())
    assert found is not None
    return int(found[1])


def visit_village(page: Page) -> None:
    """A visit on which nothing was found, begun and finished now."""
    tab(page, "今日")
    page.get_by_role("heading", name="我的村").locator("..").get_by_role("link").first.tap()
    page.get_by_role("button", name="现在到村，开始登记").tap()
    page.get_by_role("link", name="结束进村").or_(
        page.get_by_role("button", name="结束进村")
    ).first.tap()
    page.get_by_role("button", name="没有发现问题").tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()


def visits(page: Page) -> Locator:
    """The visits in the list of records."""
    return page.get_by_role("main").get_by_role("link", name=re.compile("进村工作"))


def looked_at(page: Page, name: str) -> None:
    """What every screen must be, and a picture of it, once nothing on it moves or fades."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter(one =>"
        " one.effect.getComputedTiming().iterations !== Infinity).map(one => one.finished))"
    )
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"field-{name}")


@pytest.fixture(scope="module")
def phone(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One phone for both: binding takes longer than what is asked of it."""
    on_site(site, _AWAY.format(user=USER))
    with phone_in(browser, tmp_path_factory.mktemp("month") / "phone", site=site) as page:
        bind(page, site, username=USER)
        yield page


def test_my_month_counts_what_stands_on_the_phone_alone(phone: Page) -> None:
    page = phone
    before = days_counted(page)
    page.context.set_offline(True)
    visit_village(page)
    expect(days_card(page)).to_contain_text(f"其中1{UNSENT}")
    assert days_counted(page) == before + 1
    looked_at(page, "month")
    days_card(page).tap()
    expect(page.get_by_text("本机未发送", exact=True)).to_have_count(1)
    expect(page.get_by_text(re.compile("本期共.+，在岗.+，应有"))).to_be_visible()
    looked_at(page, "rule")
    tab(page, "我的记录")
    page.get_by_text("未收到", exact=True).tap()
    # The phone has tried meanwhile, or not yet.
    expect(visits(page)).to_have_text(re.compile("未发送|等回执"))
    page.context.set_offline(False)
    sync(page)
    expect(page.get_by_text("没有这样的记录。")).to_be_visible()
    expect(days_card(page)).not_to_contain_text(UNSENT)
    assert days_counted(page) == before + 1


def test_a_record_is_corrected_and_taken_back_with_the_reason(phone: Page) -> None:
    page = phone
    before = days_counted(page)
    visit_village(page)
    page.context.set_offline(True)
    tab(page, "我的记录")
    looked_at(page, "records")
    visits(page).first.tap()
    page.get_by_role("button", name="更正").tap()
    save = page.get_by_role("button", name="保存更正")
    expect(save).to_be_disabled()
    page.get_by_label("工作日志").fill("巡村一圈，查看路口护栏。")
    page.get_by_role("button", name="内容有误").tap()
    looked_at(page, "correction")
    save.tap()
    expect(page.get_by_text("巡村一圈，查看路口护栏。")).to_be_visible()
    page.get_by_role("link", name=re.compile("更正前的记录")).tap()
    expect(page.get_by_text("已更正", exact=True)).to_be_visible()
    looked_at(page, "record")
    # Two versions of one visit are one visit.
    assert days_counted(page) == before + 1
    page.context.set_offline(False)
    tab(page, "我的记录")
    sync(page)
    page.goto(f"{APP}#/records")
    visits(page).filter(has_not_text="已更正").first.tap()
    page.get_by_role("button", name="撤回").tap()
    page.get_by_role("button", name="没有去成").tap()
    looked_at(page, "withdrawal")
    page.get_by_role("button", name="撤回这条记录").tap()
    expect(page.get_by_text("已作废", exact=True)).to_be_visible()
    assert days_counted(page) == before
    tab(page, "我的记录")
    sync(page)
    assert days_counted(page) == before
