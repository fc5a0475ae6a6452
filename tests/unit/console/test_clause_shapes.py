"""The document as tiles: in order, in parts, never by colour alone; shares that add up."""

from collections.abc import Mapping

import pytest

from cunjing.assessment.standing import Standing
from cunjing.console.clause_shapes import (
    Share,
    Tile,
    chapter_of,
    history_chart,
    legend,
    picture,
    rule_lines,
    share_of,
    totals,
)
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import Policy
from cunjing.policy.periods import parse_period

BOZHOU = load_policy("bozhou-2014")


def standing(rule_id: str, period: str = "2026-09", **counts: int) -> Standing:
    return Standing(
        rule=BOZHOU.rule(rule_id),
        period=parse_period(period),
        runs=(),
        counts={name: number for name, number in counts.items() if number},
    )


def tiles_of(policy: Policy, standings: Mapping[str, Standing] | None = None) -> list[Tile]:
    return [tile for chapter in picture(policy, standings=standings) for tile in chapter.tiles]


def tile_of(number: str, standings: Mapping[str, Standing]) -> Tile:
    (tile,) = [tile for tile in tiles_of(BOZHOU, standings) if tile.clause.number == number]
    return tile


@pytest.mark.parametrize("policy_id", shipped_policies())
def test_every_clause_is_one_tile_in_the_order_of_the_document(policy_id: str) -> None:
    policy = load_policy(policy_id)
    assert [tile.clause for tile in tiles_of(policy)] == list(policy.clauses)
    names = [chapter.name for chapter in picture(policy)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("二（一）-2", "二"),
        ("十二（一）", "十二"),
        ("2.4-1", "2"),
        ("10.1", "10"),
        ("导语", "导语"),
        ("附3", "附"),
        ("（一）", "（一）"),
    ],
)
def test_a_clause_stands_in_its_part(number: str, name: str) -> None:
    assert chapter_of(number) == name


def test_what_became_of_a_clause_is_told_by_sign_colour_and_word() -> None:
    keys = legend(BOZHOU)
    assert sum(key.count for key in keys) == len(BOZHOU.clauses)
    for column in ("sign", "tone", "label"):
        assert len({getattr(key, column) for key in keys}) == len(keys)
    labels = {key.tone: key.label for key in keys}
    for tile in tiles_of(BOZHOU):
        assert tile.says == f"{tile.clause.number} {labels[tile.tone]}：{tile.clause.paraphrase}"


def test_a_share_leaves_the_exempt_out_and_the_open_open() -> None:
    found = share_of(
        [
            standing("visit-days", **{"pass": 5, "fail": 1, "exempt": 4, "not_due": 2}),
            standing("coverage", **{"pass": 2, "advice": 1, "unknown": 1}),
        ]
    )
    assert found == Share(passed=7, missed=2, judged=12)
    assert (found.decided, found.open, found.percent) == (9, 3, 77)
    assert (found.kept_width, found.missed_from, found.missed_width) == (58, 83, 17)
    assert found.says == "应评12，达标7，未达标2，待定3"


def test_one_who_falls_short_among_many_can_be_seen() -> None:
    share = Share(passed=2999, missed=1, judged=3000)
    assert (share.percent, share.missed_width, share.missed_from) == (99, 1, 99)
    whole = Share(passed=3000, missed=0, judged=3000)
    assert (whole.percent, whole.missed_width, whole.missed_from) == (100, 0, 100)


def test_nothing_decided_is_no_percentage_but_a_number_of_open_ones() -> None:
    share = share_of([standing("visit-days", not_due=312, unknown=2)])
    assert share is not None
    assert (share.percent, share.open, share.short) == (None, 314, "待定 314")
    assert (share.kept_width, share.missed_width) == (0, 0)
    decided = Share(passed=1, missed=1, judged=9)
    assert (decided.percent, decided.short) == (50, "50%")


def test_nobody_to_judge_has_no_share() -> None:
    assert share_of([]) is None
    assert share_of([standing("visit-days", exempt=3)]) is None


def test_the_picture_by_result_shows_shares_where_there_are_results() -> None:
    found = {
        "visit-days": standing("visit-days", **{"pass": 3, "fail": 1}),
        "household-visits": standing("household-visits", exempt=2),
    }
    visits = tile_of("2.4-1", found)
    assert visits.share == Share(passed=3, missed=1, judged=4)
    assert "应评4，达标3" in visits.says
    assert "没有考评对象" in tile_of("2.4-3", found).says
    assert "还没有结果" in tile_of("2.4-4", found).says
    human = tile_of("2.4-2", found)
    assert (human.share, human.tone) == (None, "plain")
    assert "人工判断" in human.says


def test_totals_come_with_the_most_pressing_first() -> None:
    listed = [
        standing("visit-days", **{"pass": 3, "unknown": 1}),
        standing("coverage", **{"pass": 1, "fail": 2}),
    ]
    assert totals(listed) == [("fail", 2), ("unknown", 1), ("pass", 4)]
    assert totals([]) == []


def test_a_history_is_drawn_from_left_to_right() -> None:
    chart = history_chart(
        [
            standing("visit-days", "2026-10", **{"pass": 4}),
            standing("visit-days", "2026-09", **{"pass": 3, "fail": 1}),
        ]
    )
    assert chart["categories"] == ["2026年9月", "2026年10月"]
    assert [(line["name"], line["values"]) for line in chart["series"]] == [
        ("达标", [3, 4]),
        ("未达标", [1, 0]),
    ]


def test_a_rule_stands_beside_its_threshold() -> None:
    found = standing("visit-days", **{"pass": 1})
    lines = rule_lines(
        [BOZHOU.rule("visit-days"), BOZHOU.rule("coverage")], standings={"visit-days": found}
    )
    assert [line.standing for line in lines] == [found, None]
    assert [line.thresholds for line in lines] == [["不少于2天"], ["正好1名"]]
