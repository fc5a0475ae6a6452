"""More ways to spoil the sound policy: its clauses, lists, grades, dates and reach as a whole."""

from .wrong_policies import SOUND

_EVENT = "event: {kind: village_visit}}"
_DAYS = "{kind: distinct_days, " + _EVENT
_VISITS = f'measure: {_DAYS}\n    operator: ">="\n    threshold: 2\n    unit: 天'
_ROTATION = SOUND[SOUND.index("    subject: posting\n    role: [") :]
_GRADED = """\
    subject: staff
    role: [village_auxiliary]
    period: year
    measure: {kind: mark, item: yearly_grade, scale: {good: 1, bad: 0}}
    operator: ">="
    threshold: 1
    unit: 档
    message: 不称职
"""
_HOME = """\
    subject: posting
    role: [village_auxiliary]
    measure: {kind: home, relation: near}
    operator: "<="
    threshold: 1
    unit: 处
    message: 不合要求
"""
_REPEATED = (
    'disposition: none}\n  - {number: "4", paraphrase: 又说, disposition: none, same_as: ["3"]}'
)

WRONG_OUTLINES = {
    "weeks, which do not make up a month": (
        _DAYS,
        "{kind: subperiods, sub_period: week, " + _EVENT,
        "measure: {kind: subperiods",
        "“week”不能把一个月正好分完，应为以下之一：half_month、ten_days",
    ),
    "parts of a period as long as the period": (
        _DAYS,
        "{kind: subperiods, sub_period: month, " + _EVENT,
        "measure: {kind: subperiods",
        "“month”不能把一个月正好分完",
    ),
    "a figure in a clause that asks for nothing": (
        "团结, disposition: none",
        "团结, disposition: none, figure: 每月2次",
        '- {number: "3"',
        "写了 figure 就是有要求，去向不能是 none",
    ),
    "a disposition nobody knows": (
        "团结, disposition: none",
        "团结, disposition: ignored",
        '- {number: "3"',
        "“ignored”不认识，应为以下之一：executable",
    ),
    "a clause twice": ('number: "3"', 'number: "2"', '- {number: "2", paraphrase: 团结', "两次"),
    "a clause that repeats one that is not there": (
        "disposition: none",
        'disposition: none, same_as: ["9"]',
        '- {number: "3"',
        "same_as 应是另一条款的编号，没有“9”",
    ),
    "a clause that repeats itself": (
        "disposition: none",
        'disposition: none, same_as: ["3"]',
        '- {number: "3"',
        "same_as 应是另一条款的编号",
    ),
    "a clause that repeats one disposed of otherwise": (
        "disposition: none",
        'disposition: none, same_as: ["1"]',
        '- {number: "3"',
        "去向也应相同：executable",
    ),
    "a clause that repeats a repetition": (
        "disposition: none}",
        _REPEATED + '\n  - {number: "5", paraphrase: 再说, disposition: none, same_as: ["4"]}',
        '- {number: "5"',
        "same_as 应直接写最初的那一条",
    ),
    "a list twice": (
        "rules:\n",
        'boards:\n  - {id: b, clause: "1", title: 牌, items: {a: 一}}\n'
        '  - {id: b, clause: "1", title: 板, items: {a: 一}}\nrules:\n',
        '- {id: b, clause: "1", title: 板',
        "写了两次",
    ),
    "a list for a post nobody has": (
        "rules:\n",
        'duties:\n  - {id: d, clause: "1", title: 事, posts: [general], items: {a: 一}}\nrules:\n',
        "- {id: d",
        "“general”不认识，应为以下之一：commander",
    ),
    "a pay table without one of the grades": (
        "minimum_days",
        "grades: [good, bad]\npay: {bonus: {good: 100}}\nminimum_days",
        "pay: {bonus",
        "“bonus”表应给每个等次一个金额，等次见 grades：good、bad",
    ),
    "minimum days longer than February": (
        "month: 7",
        "month: 29",
        "minimum_days",
        "month 应在 0 至 28 天之间",
    ),
    "a scale of other grades": (
        _ROTATION,
        _GRADED,
        "- id: rotation",
        "scale 里的等次应与 grades 相同",
    ),
    "a grade beyond the scale": (
        _ROTATION,
        _GRADED.replace("threshold: 1", "threshold: 2"),
        "- id: rotation",
        "门槛 2 永远达不到，一个周期最多 1",
    ),
    "a policy that replaces itself": (
        "issuer: 县局",
        "issuer: 县局\nsupersedes: test-county",
        "supersedes",
        "政策不能取代它自己",
    ),
    "a range out of reach": (
        _VISITS,
        f"measure: {_DAYS}\n    operator: between\n    threshold: {{low: 32, high: 40}}\n"
        "    unit: 天",
        "- id: visits",
        "门槛 32 永远达不到，一个周期最多 31",
    ),
    "a limit nobody can exceed": (
        _VISITS,
        f'measure: {_DAYS}\n    operator: "<="\n    threshold: 31\n    unit: 天',
        "- id: visits",
        "门槛 31 怎样都达标，最多也只有 31",
    ),
    "a limit on what is one or none": (
        _ROTATION,
        _HOME,
        "- id: rotation",
        "门槛 1 怎样都达标",
    ),
    "a limit below nothing": (
        "{parameter: months}",
        "-1",
        "- id: rotation",
        "门槛 -1 永远达不到，数出来的最少是 0",
    ),
    "a county's number out of reach": (
        "default: 24",
        "default: -1",
        "- id: rotation",
        "门槛 -1 永远达不到",
    ),
    "dates in which no period begins": (
        "threshold: 2",
        "threshold: [{value: 2, valid_from: 2026-02-02, valid_to: 2026-03-01}]",
        "- id: visits",
        "从不生效，请改 threshold 的日期",
    ),
}
