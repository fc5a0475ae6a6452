"""How much of what a document states in figures is judged."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.spec.no_figures import LISTED, NO_FIGURE
from tests.support.rulebook import policy_of

from cunjing.policy.enums import Disposition
from cunjing.policy.figures import figure_share, with_figure
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import AgeViolations, HamletViolations, MoneyValue
from cunjing.policy.model import Between, ByGrade, Clause, Policy, Rule

_MEASURES = "名|个|人|天|次|条|户|岁|周岁|档|种|件|项|方|分之"
_STATED = re.compile(
    rf"[0-9]+|(?<!统)[一二两三四五六七八九十百]+(?:{_MEASURES})"
    "|每(?:月|季|年|天|日|旬|半年|次|个月)|年终|年底|定期|当天|分配到所有"
)


def _clause(number: str, disposition: Disposition, figure: str = "") -> Clause:
    return Clause(number=number, paraphrase="", disposition=disposition, note="", figure=figure)


def _policy(*clauses: Clause) -> Policy:
    return replace(policy_of(), clauses=clauses)


def test_only_clauses_with_a_figure_count_and_declined_ones_are_not_asked() -> None:
    policy = _policy(
        _clause("1", Disposition.EXECUTABLE, "每月1次"),
        _clause("2", Disposition.EXECUTABLE),
        _clause("3", Disposition.HUMAN, "当天"),
        _clause("4", Disposition.DECLINED, "每村1名"),
        _clause("5", Disposition.EXECUTABLE, "2天"),
    )
    assert [clause.number for clause in with_figure(policy)] == ["1", "3", "4", "5"]
    share = figure_share([policy])
    assert (share.stated, share.declined, share.executable, share.asked) == (4, 1, 2, 3)
    assert share.percent == 66


def test_shares_of_several_policies_add_up() -> None:
    good = _policy(_clause("1", Disposition.EXECUTABLE, "1次"))
    bad = _policy(_clause("1", Disposition.STRUCTURAL, "1次"))
    assert figure_share([good, bad, good]).percent == 66
    assert figure_share([_policy()]).percent == 100


def test_at_least_95_percent_of_the_figures_are_judged() -> None:
    share = figure_share(map(load_policy, shipped_policies()))
    assert 100 * share.executable >= 95 * share.asked


@pytest.mark.parametrize("name", shipped_policies())
def test_a_clause_with_a_number_states_its_figure_or_why_not(name: str) -> None:
    clauses = load_policy(name).clauses
    numbered = {clause.number for clause in clauses if _STATED.search(clause.paraphrase)}
    figures = {clause.number for clause in clauses if clause.figure}
    excused = NO_FIGURE[name].keys() | LISTED[name].keys()
    assert numbered == figures | excused
    assert not figures & excused


@pytest.mark.parametrize("name", shipped_policies())
def test_a_list_has_as_many_entries_as_its_clause_says(name: str) -> None:
    policy = load_policy(name)
    for number, entries in LISTED[name].items():
        (listing,) = (one for one in policy.listings if one.clause == number)
        assert len(listing.items) == entries, number


@pytest.mark.parametrize("name", shipped_policies())
def test_a_figure_is_the_number_of_its_rules(name: str) -> None:
    policy = load_policy(name)
    for clause in with_figure(policy):
        rules = policy.rules_of(clause.number)
        asked = {number for rule in rules for number in _numbers(rule)}
        stated = {
            int(number) for number in re.findall(r"(?<!\d)\d+(?!\d|年|月|档|名排长)", clause.figure)
        }
        assert not rules or stated - {1} <= asked, (clause.number, stated, asked)


def _numbers(rule: Rule) -> Iterator[int]:
    """The numbers a rule asks for, fen as yuan."""
    if isinstance(rule.measure, AgeViolations | HamletViolations):
        yield from (rule.measure.low, rule.measure.high)
    for dated in rule.thresholds:
        match dated.value:
            case int(number):
                yield number // 100 if isinstance(rule.measure, MoneyValue) else number
            case Between(low=low, high=high):
                yield from (low, high)
            case ByGrade(table=table):
                yield from (fen // 100 for fen in table.values())
