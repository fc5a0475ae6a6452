"""A small sound policy, and every way it is spoilt: old text, new text, place, words said."""

SOUND = """\
id: test-county
title: 试点
issuer: 县局
document_number: 无
issued_on: 2026-01-01
source_digest: "0000000000000000000000000000000000000000000000000000000000000000"
scope: ["532323"]
valid_from: 2026-01-01
time_zone: Asia/Shanghai
calendar: gregorian
minimum_days: {month: 7, quarter: 30, half_year: 60, year: 90}
parameters:
  - {id: months, parameter: county, title: 期限, default: 24, unit: 个月, note: 原文没有给}
clauses:
  - {number: "1", paraphrase: 进村, disposition: executable}
  - {number: "2", paraphrase: 轮换, disposition: executable}
  - {number: "3", paraphrase: 团结, disposition: none}
rules:
  - id: visits
    clause: "1"
    title: 进村
    kind: quota
    subject: posting
    role: liaison_officer
    period: month
    measure: {kind: distinct_days, event: {kind: village_visit}}
    operator: ">="
    threshold: 2
    unit: 天
    message: "{period}还差{gap}天"
  - id: rotation
    clause: "2"
    title: 轮换
    kind: eligibility
    subject: posting
    role: [village_auxiliary]
    measure: {kind: tenure_months}
    operator: "<="
    threshold: {parameter: months}
    unit: 个月
    message: 超过{gap}个月
"""

WRONG = {
    "an unknown key": ("issuer: 县局", "issuer: 县局\nissuers: 县局", "issuers", "没有这个键"),
    "an unknown key of a rule": (
        "period: month",
        "period: month\n    peroid: month",
        "peroid",
        "没有这个键",
    ),
    "an unknown key of a measure": (
        "{kind: tenure_months}",
        "{kind: tenure_months, low: 1}",
        "{kind: tenure_months, low",
        "没有这个键",
    ),
    "a key twice": (
        "issuer: 县局",
        "issuer: 县局\nissuer: 县局",
        "issuer: 县局\ndocument",
        "写了两次",
    ),
    "a missing key": ('    operator: "<="\n', "", "- id: rotation", "“operator”键：缺少"),
    "a number in words": ("threshold: 2", "threshold: 两", "threshold: 两", "应是整数"),
    "a fraction": ("threshold: 2", "threshold: 2.5", "threshold: 2.5", "应是整数"),
    "a number that is too long": (
        "threshold: 2",
        "threshold: 1000000000000",
        "threshold: 1000000000000",
        "太大，最多 12 位数字",
    ),
    "a message with a format": (
        "还差{gap}天",
        "还差{gap:d}天",
        "- id: visits",
        "只写名字，不写冒号、叹号和格式",
    ),
    "an unknown role": ("role: liaison_officer", "role: sheriff", "role: sheriff", "以下之一"),
    "an unknown measure": ("distinct_days,", "days,", "measure: {kind: days", "distinct_days"),
    "an unknown event": ("village_visit", "visit", "kind: visit", "village_visit"),
    "a date that does not exist": ("2026-01-01\ntime", "2026-02-30\ntime", "2026-02-30", "日期"),
    "a short source digest": ('digest: "0000', 'digest: "', "source_digest", "SHA-256"),
    "a scope that is no code": ('["532323"]', '["云南"]', "scope", "区划代码"),
    "a rule twice": ("id: rotation", "id: visits", '- id: visits\n    clause: "2"', "两次"),
    "a rule without clause": ('clause: "2"', 'clause: "9"', "- id: rotation", "没有“9”"),
    "a rule on a clause without duty": (
        'clause: "2"',
        'clause: "3"',
        "- id: rotation",
        "不是 executable",
    ),
    "an executable clause without rule": (
        "disposition: none",
        "disposition: executable",
        '- {number: "3"',
        "没有规则引用",
    ),
    "a human clause without note": (
        "disposition: none",
        "disposition: human",
        '- {number: "3"',
        "要有 note",
    ),
    "a clause without disposition": (
        "团结, disposition: none",
        "团结",
        '- {number: "3"',
        "“disposition”键：缺少",
    ),
    "an unknown parameter": (
        "parameter: months",
        "parameter: days",
        "parameter: days",
        "没有“days”",
    ),
    "a parameter nobody uses": ("{parameter: months}", "24", "- {id: months", "没有规则用到"),
    "a parameter of another unit": ("unit: 个月, note", "unit: 天, note", "- {id: months", "单位"),
    "a unit that does not fit": ("unit: 天", "unit: 次", "- id: visits", "单位应为“天”"),
    "a unit of something else": ("unit: 个月\n", "unit: 天\n", "- id: rotation", "对不上"),
    "an event rule without period": ("    period: month\n", "", "- id: visits", "要有 period"),
    "a state rule with period": (
        "role: [village_auxiliary]",
        "role: [village_auxiliary]\n    period: month",
        "- id: rotation",
        "不能有",
    ),
    "a posting rule without role": ("    role: liaison_officer\n", "", "- id: visits", "要有 role"),
    "a subject that does not fit": (
        "subject: posting\n    role: [",
        "subject: staff\n    role: [",
        "- id: rotation",
        "subject 应为：posting",
    ),
    "a threshold out of reach": ("threshold: 2", "threshold: 32", "- id: visits", "永远达不到"),
    "a threshold always reached": ("threshold: 2", "threshold: 0", "- id: visits", "怎样都达标"),
    "a range without between": (
        "threshold: 2",
        "threshold: {low: 1, high: 2}",
        "- id: visits",
        "between",
    ),
    "dates with a gap": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2026-07-01}, {value: 3, valid_from: 2026-08-01}]",
        "- id: visits",
        "空档：2026-07-01 至 2026-08-01",
    ),
    "a threshold that begins after its policy": (
        "threshold: 2",
        "threshold: [{value: 3, valid_from: 2027-01-01}]",
        "- id: visits",
        "政策从 2026-01-01 起有效，门槛从 2027-01-01 才开始",
    ),
    "a threshold that ends before its policy": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2027-01-01}]",
        "- id: visits",
        "门槛到 2027-01-01 为止，政策没有写失效日期",
    ),
    "a kind that does not fit": (
        "kind: quota",
        "kind: coverage",
        "- id: visits",
        "kind 应为：cadence、quota",
    ),
    "a kind of matters that counts visits": (
        "kind: quota",
        "kind: sla",
        "- id: visits",
        "kind 应为：cadence、quota",
    ),
    "matters of a person": (
        "{kind: distinct_days, event: {kind: village_visit}}",
        "{kind: matters_overdue, matter: {kind: hazard}, within_days: 10}",
        "- id: visits",
        "subject 应为：village",
    ),
    "matters that must be overdue": (
        "{kind: distinct_days, event: {kind: village_visit}}",
        "{kind: matters_overdue, matter: {kind: hazard}, within_days: 10}",
        "- id: visits",
        "operator 应为 <=",
    ),
    "a matter of less than no day": (
        "{kind: distinct_days, event: {kind: village_visit}}",
        "{kind: matters_overdue, matter: {kind: hazard}, within_days: -1}",
        "- id: visits",
        "within_days 应在 0 至 3650 之间",
    ),
    "an unknown kind of matter": (
        "{kind: distinct_days, event: {kind: village_visit}}",
        "{kind: matters_overdue, matter: {kind: petition}}",
        "{kind: matters_overdue, matter",
        "“petition”不认识",
    ),
    "dates that overlap": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2026-09-01}, {value: 3, valid_from: 2026-08-01}]",
        "- id: visits",
        "重叠：2026-08-01 至 2026-09-01",
    ),
    "a rule never in force": (
        "threshold: 2",
        "threshold: [{value: 2, valid_to: 2025-01-01}]",
        "- id: visits",
        "从不生效",
    ),
    "a message with an unknown place": ("{gap}天", "{days}天", "- id: visits", "不认识 days"),
    "a message with an open brace": ("{gap}天", "{gap天", "- id: visits", "花括号"),
    "sub-periods without their kind": (
        "distinct_days, event: {kind: village_visit}",
        "subperiods, event: {kind: village_visit}",
        "- id: visits",
        "sub_period",
    ),
    "more sub-periods than there are": (
        "{kind: distinct_days, event: {kind: village_visit}}\n"
        '    operator: ">="\n    threshold: 2\n    unit: 天',
        "{kind: subperiods, sub_period: half_month, event: {kind: village_visit}}\n"
        '    operator: ">="\n    threshold: 3\n    unit: 段',
        "- id: visits",
        "一个周期最多 2",
    ),
    "a wrong missing-data strategy": (
        "period: month",
        "period: month\n    missing: violation",
        "- id: visits",
        "missing 应为 unknown",
    ),
    "a time zone elsewhere": ("Asia/Shanghai", "Europe/Paris", "time_zone", "Asia/Shanghai"),
    "an end before the start": (
        "valid_from: 2026-01-01",
        "valid_from: 2026-01-01\nvalid_to: 2025-01-01",
        "valid_to",
        "应晚于 valid_from",
    ),
    "a list of a clause that is not there": (
        "rules:\n",
        'tasks:\n  - {id: t, clause: "8", title: 做, roles: [], items: {a: 一}}\nrules:\n',
        "- {id: t",
        "没有“8”",
    ),
    "a list that is none": ('["532323"]', '"532323"', 'scope: "532323"', "应是一个列表"),
    "a mapping that is none": (
        "{month: 7, quarter: 30, half_year: 60, year: 90}",
        "7",
        "minimum_days: 7",
        "应是“键: 值”",
    ),
    "a text that is a list": ("title: 试点", "title: [试点]", "title: [", "应是不空的文字"),
    "an empty text": ("title: 试点", 'title: ""', 'title: ""', "应是不空的文字"),
    "a yes for true": (
        "period: month",
        "period: month\n    as_a_rule: yes",
        "as_a_rule: yes",
        "true 或 false",
    ),
    "a parameter set by someone else": (
        "parameter: county",
        "parameter: station",
        "- {id: months",
        "只能写 county",
    ),
    "a pay table that is not there": (
        "threshold: 2",
        "threshold: {pay: bonus}",
        "threshold: {pay",
        "没有“bonus”这张表",
    ),
    "a measure without kind": ("{kind: tenure_months}", "{}", "measure: {}", "“kind”键：缺少"),
    "a group where none is meant": (
        "period: month",
        "period: month\n    group: company",
        "- id: visits",
        "subject 是 group",
    ),
    "a unit kind where none is meant": (
        "period: month",
        "period: month\n    unit_kind: station",
        "- id: visits",
        "subject 是 unit",
    ),
    "prorating of what counts no events": (
        "role: [village_auxiliary]",
        "role: [village_auxiliary]\n    exemptions: [short_posting]",
        "- id: rotation",
        "short_posting",
    ),
    "negative grace": (
        "period: month",
        "period: month\n    grace_days: -1",
        "- id: visits",
        "不能为负",
    ),
    "a column events do not have": (
        "distinct_days, event: {kind: village_visit}",
        "lacking, lacking: photo, event: {kind: village_visit}",
        "- id: visits",
        "没有“photo”列",
    ),
    "records that lack a withdrawal": (
        "distinct_days, event: {kind: village_visit}",
        "lacking, lacking: voided_at, event: {kind: village_visit}",
        "- id: visits",
        "“voided_at”列空着不算缺什么",
    ),
    "no posts at all": (
        "{kind: tenure_months}",
        "{kind: posts, posts: []}",
        "- id: rotation",
        "posts 是空的",
    ),
    "a post asked twice": (
        "{kind: tenure_months}",
        "{kind: posts, posts: [{post: commander, group_kind: company}, "
        "{group_kind: company, post: commander}]}",
        "- id: rotation",
        "posts 里有写了两次的",
    ),
    "a pair of posts asked twice": (
        "{kind: tenure_months}",
        "{kind: paired_posts, group_kind: company, pairs: "
        "[{post: secretary, same_as: instructor}, {post: secretary, same_as: instructor}]}",
        "- id: rotation",
        "pairs 里有写了两次的",
    ),
    "a threshold that ends before it starts": (
        "threshold: 2",
        "threshold: [{value: 2, valid_from: 2026-09-01, valid_to: 2026-08-01}]",
        "- id: visits",
        "应晚于 valid_from",
    ),
    "two thresholds at once": (
        "threshold: 2",
        "threshold: [{value: 2}, {value: 3}]",
        "- id: visits",
        "日期重叠",
    ),
    "no threshold": ("threshold: 2", "threshold: []", "- id: visits", "threshold 是空的"),
    "days of the period for a state": (
        "threshold: {parameter: months}",
        "threshold: days_of_period",
        "- id: rotation",
        "days_of_period",
    ),
    "an override without parent": (
        "issuer: 县局",
        "issuer: 县局\noverrides: {}",
        "overrides",
        "inherits",
    ),
}
