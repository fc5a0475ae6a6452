"""What nobody entered, and what is not as a rule asks, by name."""

from datetime import date, datetime

import pytest
from tests.support.rulebook import WORK

from cunjing.policy.amiss import Datum, breach_text, missing_datum
from cunjing.policy.enums import GroupKind, MemberPost
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import (
    GroupCount,
    HomeRelation,
    HomeViolation,
    MarkValue,
    Measure,
    MoneyRatio,
    MoneyValue,
)
from cunjing.policy.periods import SHANGHAI
from cunjing.policy.verdict import Breach

PLATOON, LEADER = GroupKind.PLATOON, MemberPost.PLATOON_LEADER


@pytest.mark.parametrize(
    ("measure", "datum"),
    [
        (
            HomeViolation(HomeRelation.SAME),
            Datum("籍贯村", "staff 表的 home_village_code 列"),
        ),
        (MarkValue("yearly_grade", {}), Datum("年度等次", "marks 表的 yearly_grade 一项")),
        (MarkValue("score", {}), Datum("评定结果（score）", "marks 表的 score 一项")),
        (MoneyValue("paid", "yearly_grade"), Datum("年度等次", "marks 表的 yearly_grade 一项")),
        (MoneyValue("paid"), Datum("金额", "money 表的 paid 一项")),
        (
            MoneyRatio("ours", "theirs"),
            Datum("补贴金额，人员的和村主任的都要有", "money 表的 ours、theirs 两项"),
        ),
        (GroupCount(GroupKind.COMPANY), None),
    ],
)
def test_the_datum_a_verdict_waits_for_is_named(measure: Measure, datum: Datum | None) -> None:
    assert missing_datum(measure) == datum


@pytest.mark.parametrize(
    ("rule", "breach", "text"),
    [
        (
            "company-posts",
            Breach("P2", 0, name="二排", kind=PLATOON, post=LEADER),
            "二排（P2）缺排长",
        ),
        ("company-posts", Breach("P2", 0, kind=PLATOON, post=LEADER), "排 P2 缺排长"),
        ("company-posts", Breach("P2", 3, kind=PLATOON, post=LEADER), "排 P2 多2名排长"),
        (
            "company-posts",
            Breach(None, 2, kind=PLATOON, post=LEADER),
            "2名排长不在任何一个排里，没有可任的职位",
        ),
        ("members-per-hamlet", Breach("H1", 1, name="东组"), "东组（H1）有1人，少于2人"),
        ("members-per-hamlet", Breach("H1", 5), "自然组 H1 有5人，多于4人"),
        ("member-age", Breach("M1", 17), "成员 M1 现年17周岁，不满18周岁"),
        ("member-age", Breach("M1", 51), "成员 M1 现年51周岁，超过50周岁"),
        (
            "branch-posts",
            Breach(None, 0, post=MemberPost.SECRETARY, same_as=MemberPost.INSTRUCTOR),
            "没有书记，应由指导员兼任",
        ),
        (
            "branch-posts",
            Breach(None, 1, post=MemberPost.DEPUTY_SECRETARY, same_as=MemberPost.COMMANDER),
            "副书记不是由连长兼任的",
        ),
        ("branch-officer", Breach("S1", 0), "人员 S1 是党员，不在支部委员会里"),
        ("company-size", Breach("S1", 0), ""),
    ],
)
def test_a_place_that_is_not_as_asked_is_told(rule: str, breach: Breach, text: str) -> None:
    assert breach_text(load_policy("huangchuan-2021").rule(rule), breach) == text


OPENED, DUE = date(2026, 9, 3), date(2026, 9, 13)


@pytest.mark.parametrize(
    ("rule", "breach", "text"),
    [
        (
            "hazards",
            Breach("M1", 18, opened=OPENED, due=DUE),
            "安全隐患 M1：2026年9月3日受理，期限到2026年9月13日，还没有办结，超过18天",
        ),
        (
            "quarrels",
            Breach("M2", 1, name="neighbour", opened=OPENED, due=OPENED, closed=date(2026, 9, 4)),
            "矛盾纠纷（邻里）M2：2026年9月3日受理，期限到2026年9月3日，2026年9月4日才办结，超过1天",
        ),
        (
            "disputes",
            Breach(
                "M3",
                0,
                opened=OPENED,
                due=datetime(2026, 9, 13, 9, 5, tzinfo=SHANGHAI),
                closed=datetime(2026, 9, 13, 18, 0, tzinfo=SHANGHAI),
            ),
            "矛盾纠纷 M3：2026年9月3日受理，期限到2026年9月13日09:05，2026年9月13日18:00才办结",
        ),
        (
            "disputes",
            Breach("M4", 1, opened=None, due=datetime(2026, 9, 13, 9, 5, 7, tzinfo=SHANGHAI)),
            "矛盾纠纷 M4：受理，期限到2026年9月13日09:05:07，还没有办结，超过1天",
        ),
    ],
)
def test_a_matter_that_is_late_is_told_with_its_days(rule: str, breach: Breach, text: str) -> None:
    assert breach_text(WORK.rule(rule), breach) == text
