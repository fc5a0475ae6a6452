"""The numbers planned by: shipped, a county's own file, a policy's rules."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cunjing.planning.month.options import (
    clock,
    default_options,
    options_for,
    parse_clock,
    read_options,
)
from cunjing.policy.enums import Role
from cunjing.policy.errors import InputError
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import SubPeriodKind

DAY = date(2026, 10, 1)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "county.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_two_days_and_one_in_each_ten() -> None:
    aim = default_options().aims["liaison_officer"]
    assert (aim.month_days, aim.part, aim.each_part) == (2, SubPeriodKind.TEN_DAYS, 1)


def test_without_a_policy_the_defaults_stay() -> None:
    assert options_for(None, on=DAY) == default_options()


def test_bozhous_rules_say_two_days_and_twenty_households() -> None:
    aim = options_for(load_policy("bozhou-2014"), on=DAY).aims["liaison_officer"]
    assert (aim.month_days, aim.households) == (2, 20)


def test_suzhous_spread_over_half_months_replaces_the_ten_days() -> None:
    aim = options_for(load_policy("suzhou-2021"), on=DAY).aims["liaison_officer"]
    assert (aim.month_days, aim.part, aim.each_part) == (2, SubPeriodKind.HALF_MONTH, 1)


def test_a_policy_without_such_rules_changes_nothing() -> None:
    assert options_for(load_policy("jilin-2019"), on=DAY) == default_options()


def test_a_changed_threshold_changes_the_aim_without_code() -> None:
    policy = load_policy("bozhou-2014")
    rules = tuple(
        replace(rule, thresholds=tuple(replace(dated, value=5) for dated in rule.thresholds))
        if rule.id == "visit-days"
        else rule
        for rule in policy.rules
    )
    aims = options_for(replace(policy, rules=rules), on=DAY).aims
    assert aims["liaison_officer"].month_days == 5


def test_a_role_only_the_policy_names_is_planned() -> None:
    policy = load_policy("bozhou-2014")
    rules = tuple(
        replace(rule, subject=replace(rule.subject, roles=(Role.SECURITY_DIRECTOR,)))
        for rule in policy.rules
    )
    assert "security_director" in options_for(replace(policy, rules=rules), on=DAY).aims


def test_a_countys_file_changes_what_it_names(tmp_path: Path) -> None:
    text = '[days]\nspacing = 6\nroles = ["beat_officer"]\n[hours]\nlunch_to = "13:30"\n'
    options = read_options(written(tmp_path, text))
    assert (options.spacing, options.lunch_to, tuple(options.aims)) == (6, 810, ("beat_officer",))
    assert options.start == default_options().start


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[days", "不是 TOML"),
        ("[day]\nmonth = 1\n", "“day”项：没有这一项"),
        ("[days]\nmonths = 1\n", "“days.months”项：没有这一项"),
        ("days = 1\n", "“days”项：没有这一项"),
        ('[days]\nmonth = "2"\n', "“days.month”项：应为整数"),
        ("[days]\nmonth = -1\n", "“days.month”项：应在 0 至"),
        ("[effort]\nseed = 99999999999999\n", "“effort.seed”项：应在 0 至"),
        ("[effort]\ncalendar = inf\n", "“effort.calendar”项：应在 0 至"),
        ("[days]\nspacing = 0\n", "“days.spacing”项：要大于0"),
        ("[days]\nroles = []\n", "“days.roles”项：应为下列角色的清单"),
        ('[days]\nroles = ["boss"]\n', "“days.roles”项：应为下列角色的清单"),
        ('[days]\npart = "week"\n', "“days.part”项：应为 ten_days 或 half_month"),
        ('[hours]\nstart = "8:30"\n', "“hours.start”项：应为 08:30 样子的时刻"),
        ('[hours]\nstart = "13:00"\n', "“hours”项：应依次为"),
        ("[effort]\ncalendar = true\n", "“effort.calendar”项：应为数"),
        ("[effort]\niterations = 1.5\n", "“effort.iterations”项：应为整数"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_options(written(tmp_path, text))
    assert message in str(refused.value)


def test_clocks_are_minutes_of_the_day() -> None:
    assert [parse_clock(text) for text in ("00:00", "08:30", "23:59")] == [0, 510, 1439]
    assert [clock(minutes) for minutes in (0, 510, 1439)] == ["00:00", "08:30", "23:59"]


@pytest.mark.parametrize("text", ["8:30", "24:00", "08:60", "0830", "08:30:00", "半点"])
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any way of not being a clock
        parse_clock(text)
