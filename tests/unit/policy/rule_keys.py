"""Keys of a rule in a policy file, fitting and not: what is written into a policy to be checked."""

from tests.support.policy_files import HEAD

Keys = dict[str, str | None]
FIRST_LINE = len(HEAD) + 2


def event(kind: str, of: str = "village_visit", **more: str) -> str:
    """A measure of events."""
    said = "".join(f"{key}: {text}, " for key, text in more.items())
    return f"{{kind: {kind}, {said}event: {{kind: {of}}}}}"


def doubled(measure: str) -> str:
    """The measure with the one entry of its list written twice."""
    start, rest = measure.split("[")
    entry, end = rest.split("]")
    return f"{start}[{entry}, {entry}]{end}"


VILLAGE: Keys = {"subject": "village", "role": None}
UNIT: Keys = {"subject": "unit", "role": None, "unit_kind": "station"}
DAY: Keys = {"period": None}
AT_MOST: Keys = {"operator": '"<="', "threshold": "0"}
RANGE: Keys = {"operator": "between", "threshold": "{low: 1, high: 2}"}
SQUAD: Keys = {"subject": "group", "role": None, "group": "squad", **DAY}
YEARLY: Keys = {"subject": "staff", "period": "year"}
DAYS: Keys = {"measure": event("distinct_days"), "unit": "天"}
HALVES: Keys = {"measure": event("subperiods", sub_period="half_month"), "unit": "段"}
GRADE = "{kind: mark, item: grade, scale: {good: 2, fair: 1}}"
MONEY: Keys = {
    **YEARLY,
    "measure": "{kind: money, item: paid, grade_item: grade}",
    "operator": '"="',
    "threshold": "{pay: bonus}",
    "unit": "分",
}
FUND: Keys = {
    **YEARLY,
    "measure": "{kind: money, item: fund}",
    "threshold": "360000",
    "unit": "分",
}
RATIO: Keys = {
    **UNIT,
    "period": "year",
    "measure": "{kind: money_ratio, staff_item: a, village_item: b}",
    "unit": '"%"',
}
TENURE: Keys = {**DAY, "measure": "{kind: tenure_months}", "operator": '"<="', "unit": "个月"}
AGES: Keys = {**SQUAD, "measure": "{kind: ages, low: 18, high: 50}", **AT_MOST}
HAMLETS: Keys = {
    **VILLAGE,
    **DAY,
    "measure": "{kind: hamlets, group_kind: company, low: 2, high: 4}",
    **AT_MOST,
}
POSTINGS: Keys = {"subject": "village", **DAY, "measure": "{kind: postings}"}
OVERDUE = "{kind: matters_overdue, matter: {kind: hazard}, within_days: 10}"
MATTERS: Keys = {**VILLAGE, "measure": OVERDUE, **AT_MOST, "unit": "件"}
COMMITTEE: Keys = {
    **SQUAD,
    "role": "liaison_officer",
    "measure": "{kind: committee, posts: [secretary]}",
    **AT_MOST,
}
GROUPS: Keys = {**VILLAGE, **DAY, "measure": "{kind: groups, group_kind: company}"}
MEMBERS: Keys = {**SQUAD, "measure": "{kind: members}", **RANGE}
POSTS = "{kind: posts, posts: [{post: commander, group_kind: company}]}"
PAIRS = "{kind: paired_posts, group_kind: company, pairs: [{post: secretary, same_as: instructor}]}"
PAY: Keys = {"grades": "[good, fair]", "pay": "{bonus: {good: 5, fair: 0}}"}
