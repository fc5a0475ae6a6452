"""A policy's document as a picture: tiles in document order, coloured by what became of a clause.

Shapes for templates; no reads of their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from cunjing.assessment.collecting import is_collected
from cunjing.assessment.standing import URGENCY, Standing
from cunjing.console.templatetags.console import (
    DISPOSITION_SIGNS,
    DISPOSITIONS,
    VERDICTS,
    period_label,
)
from cunjing.policy.enums import Disposition
from cunjing.policy.model import Clause, Policy, Rule
from cunjing.policy.periods import Period, parse_period
from cunjing.policy.plain import EVERY, asked_texts

# 二（一）-2 belongs to 二, 2.4-1 to 2, 附3 to 附.
_CHAPTER = re.compile(r"[一二三四五六七八九十百]+|\d+|[^\d（(.\-]+")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those who had to meet a clause's rules do and do not; the rest is still open.

    `judged` is at least 1.
    """

    passed: int
    missed: int
    judged: int

    @property
    def decided(self) -> int:
        """Those of whom it can be said; before a period ends that is often nobody."""
        return self.passed + self.missed

    @property
    def open(self) -> int:
        """Those of whom it cannot be said yet: not due, or data missing."""
        return self.judged - self.decided

    @property
    def percent(self) -> int | None:
        """Whole percent of the decided that pass, rounded down: 100 means all. None of none."""
        return 100 * self.passed // self.decided if self.decided else None

    @property
    def short(self) -> str:
        """The figure to stand alone: the percentage, or how many are open where there is none."""
        if self.percent is None:
            return _("待定 %(open)s") % {"open": self.open}
        return f"{self.percent}%"

    @property
    def kept_width(self) -> int:
        """How much of a bar of all judged is those that pass, in whole percent."""
        return 100 * self.passed // self.judged

    @property
    def missed_width(self) -> int:
        """How much is those that do not, at least 1 where anybody does not."""
        return -(-100 * self.missed // self.judged)

    @property
    def missed_from(self) -> int:
        """Where the part that does not pass begins, in percent."""
        return 100 - self.missed_width

    @property
    def says(self) -> str:
        """The share in words."""
        return _("应评%(judged)s，达标%(passed)s，未达标%(missed)s，待定%(open)s") % {
            "judged": self.judged,
            "passed": self.passed,
            "missed": self.missed,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Tile:
    """One clause of the picture. `tone` is a colour class, `sign` says the same without colour.

    `says` is the whole in words. `share` is set where the picture shows results and there are any.
    """

    clause: Clause
    tone: str
    sign: str
    says: str
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """The tiles of one part of the document, in its order."""

    name: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend."""

    sign: str
    tone: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a clause with how it stands; None where no run judged it."""

    rule: Rule
    standing: Standing | None

    @property
    def thresholds(self) -> list[str]:
        """Its thresholds in words, in the order of their dates."""
        return asked_texts(self.rule)

    @property
    def is_judged(self) -> bool:
        """Whether the product has what the rule measures (`assessment.collecting`), or had judged
        it all the same before it knew better."""
        return is_collected(self.rule) or bool(self.standing and self.standing.counts)


def picture(policy: Policy, *, standings: Mapping[str, Standing] | None = None) -> list[Chapter]:
    """The document in its order; with `standings` (by rule id) coloured by result."""
    tiles = [
        _by_disposition(clause)
        if standings is None
        else _by_result(clause, rules=policy.rules_of(clause.number), standings=standings)
        for clause in policy.clauses
    ]
    return [
        Chapter(name=name, tiles=list(group))
        for name, group in groupby(tiles, key=lambda tile: chapter_of(tile.clause.number))
    ]


def legend(policy: Policy) -> list[Key]:
    """What became of the clauses, most executable first, with how many there are of each."""
    counts = Counter(clause.disposition for clause in policy.clauses)
    return [
        Key(DISPOSITION_SIGNS[kind], DISPOSITIONS[kind][1], _(DISPOSITIONS[kind][0]), counts[kind])
        for kind in Disposition
    ]


def chapter_of(number: str) -> str:
    """The part of the document a clause stands in, by its number."""
    found = _CHAPTER.match(number)
    return found[0] if found else number


def rule_lines(rules: Iterable[Rule], *, standings: Mapping[str, Standing]) -> list[RuleLine]:
    """Rules beside their standing."""
    return [RuleLine(rule=rule, standing=standings.get(rule.id)) for rule in rules]


def totals(standings: Iterable[Standing]) -> list[tuple[str, int]]:
    """How many verdicts of each kind there are, the most pressing first, zeros left out."""
    sums: Counter[str] = Counter()
    for standing in standings:
        sums.update(standing.counts)
    return [(kind.value, sums[kind.value]) for kind in URGENCY if sums[kind.value]]


def share_of(standings: Iterable[Standing]) -> Share | None:
    """How many meet their rules; None where nobody had to."""
    listed = list(standings)
    judged = sum(one.judged for one in listed)
    if not judged:
        return None
    return Share(
        passed=sum(one.passed for one in listed),
        missed=sum(one.missed for one in listed),
        judged=judged,
    )


def instead_of(*, missed: str, chosen: Period | None, rule: Rule | None = None) -> str:
    """That the page shows another period than the one asked for, and why; empty where it does not,
    and where there is none to show."""
    if not missed or chosen is None:
        return ""
    shown = period_label(chosen.text)
    try:
        asked = parse_period(missed)
    except ValueError:
        said = _("没有“%(asked)s”这个考评期，下面显示的是%(shown)s的。")
        return said % {"asked": missed, "shown": shown}
    label = period_label(asked.text)
    if rule is not None and rule.period is not None and rule.period is not asked.kind:
        said = _("这条规则%(every)s算一次，没有%(asked)s的结果，下面显示的是%(shown)s的。")
        return said % {"every": EVERY[rule.period], "asked": label, "shown": shown}
    said = _("%(asked)s没有考评结果，下面显示的是%(shown)s的。")
    return said % {"asked": label, "shown": shown}


def shown_instead(standings: Sequence[Standing], *, chosen: Period | None) -> str:
    """Of a clause: that none of its rules is judged by the period chosen, and what is shown."""
    shown = list(dict.fromkeys(one.period.text for one in standings))
    if not shown or chosen is None or chosen.text in shown:
        return ""
    labels = "、".join(period_label(text) for text in shown)
    said = _("这一条的规则不按%(chosen)s算，下面显示的是%(shown)s的。")
    return said % {"chosen": period_label(chosen.text), "shown": labels}


def history_chart(history: Sequence[Standing]) -> dict[str, object]:
    """A stacked bar a period, oldest first."""
    ordered = list(reversed(history))
    return {
        "kind": "stacked-bar",
        "categories": [period_label(one.period.text) for one in ordered],
        "series": [
            {
                "name": _(label),
                "values": [one.counts.get(verdict, 0) for one in ordered],
                "tone": colour,
            }
            for verdict, (label, _sign, colour) in VERDICTS.items()
            if any(one.counts.get(verdict) for one in ordered)
        ],
    }


def _by_disposition(clause: Clause) -> Tile:
    label, tone = DISPOSITIONS[clause.disposition]
    return Tile(
        clause=clause,
        tone=tone,
        sign=DISPOSITION_SIGNS[clause.disposition],
        says=_says(clause, _(label)),
    )


def _by_result(clause: Clause, *, rules: Sequence[Rule], standings: Mapping[str, Standing]) -> Tile:
    if clause.disposition is not Disposition.EXECUTABLE:
        plain = _by_disposition(clause)
        return Tile(clause=clause, tone="plain", sign=plain.sign, says=plain.says)
    if rules and not any(is_collected(rule) for rule in rules):
        said = _("要的记录本系统还不登记，不由系统判断")
        sign = DISPOSITION_SIGNS[Disposition.HUMAN]
        return Tile(clause=clause, tone="plain", sign=sign, says=_says(clause, said))
    met = [standings[rule.id] for rule in rules if rule.id in standings]
    share = share_of(met)
    if share is None:
        said = _("还没有结果") if not met else _("没有考评对象")
        return Tile(clause=clause, tone="plain", sign="…", says=_says(clause, said))
    return Tile(clause=clause, tone="share", sign="", says=_says(clause, share.says), share=share)


def _says(clause: Clause, what: str) -> str:
    return f"{clause.number} {what}：{clause.paraphrase}"
