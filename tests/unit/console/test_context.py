"""The menu offers what a reader may open, and marks where they are."""

import pytest
from tests.support.places_factories import actor_with

from cunjing.accounts.roles import Role
from cunjing.console.context import menu_of

LABELS = {
    Role.COUNTY_BUREAU: "今日 村庄 包村安排 匹配 日程 人员 台账 考评 请说明 设备 单位 账号 审计",
    Role.STATION_CHIEF: "今日 村庄 包村安排 匹配 日程 人员 台账 考评 请说明 设备",
    Role.OFFICER: "今日 村庄 包村安排 台账 考评",
    Role.AUXILIARY: "今日 村庄 包村安排 台账 考评",
    Role.AUDITOR: "今日 村庄 包村安排 人员 台账 考评 审计",
    Role.ADMINISTRATOR: "账号",
}


@pytest.mark.parametrize("role", Role)
def test_the_menu_of_each_role(role: Role) -> None:
    menu = menu_of(actor=actor_with(role, unit_code="990101"), path="/")
    assert [item.label for item in menu] == LABELS[role].split()


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "今日"),
        ("/villages/990101101201/entry/", "村庄"),
        ("/staff/add/", "人员"),
        ("/matching/vacancies/", "匹配"),
        ("/calendar/532323101/", "日程"),
        ("/policies/bozhou-2014/rules/visit-days/", "考评"),
    ],
)
def test_one_entry_is_active(path: str, label: str) -> None:
    menu = menu_of(actor=actor_with(Role.COUNTY_BUREAU, unit_code="990101"), path=path)
    assert [item.label for item in menu if item.active] == [label]
