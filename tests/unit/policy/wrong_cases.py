"""A policy with one file of cases, and every way the cases are spoilt.

Name -> old text, new text, the place said, the words said, the name the file has.
"""

OWN = """\
id: own
title: 自定
inherits: bozhou-2014
overrides:
  rules:
    visit-days: {threshold: 3}
    household-visits: {threshold: 30}
"""
CASES = """\
rule: visit-days
period: 2026-09
as_of: 2026-10-08
world:
  villages: [{village_code: "341600000200", name: 甲村}]
  staff: [{staff_id: S1, role: liaison_officer}]
  postings:
    - {posting_id: P1, village_code: "341600000200", staff_id: S1, role: liaison_officer,
       valid_from: 2026-01-01}
cases:
  - {kind: fail, name: 没有进村, subject: P1, verdict: fail, rows: {}}
"""

MISPLACED = {
    "a file called as no rule": ("", "", "第1行", "政策里没有规则“visits”，请改文件名", "visits"),
    "a file that speaks of another rule": (
        "rule: visit-days",
        "rule: coverage",
        "第1行，“rule”键",
        "应与文件同名：visit-days",
        "visit-days",
    ),
    "a month that does not exist": (
        "2026-09\nas_of",
        "2026-13\nas_of",
        "第1行，“period”键",
        "“2026-13”不是周期，写作 2026-09、2026-Q3、2026-H1 或 2026",
        "visit-days",
    ),
    "a period of another kind": (
        "2026-09\nas_of",
        "2026-Q3\nas_of",
        "第1行，“period”键",
        "规则 visit-days 在“2026-Q3”不算，请换一个它管的周期",
        "visit-days",
    ),
    "a case that passes by failing": (
        "kind: fail",
        "kind: pass",
        "第11行，“没有进村”用例",
        "kind 是 pass，verdict 应为 pass",
        "visit-days",
    ),
    "a case that fails by passing": (
        "verdict: fail",
        "verdict: unknown",
        "第11行，“没有进村”用例",
        "kind 是 fail，verdict 应为 fail或advice",
        "visit-days",
    ),
    "a table nobody knows": (
        "  staff: [",
        "  stuff: [",
        "第6行，“stuff”键",
        "没有这张表，可用的表：villages",
        "visit-days",
    ),
    "a table of a case nobody knows": (
        "rows: {}",
        "rows: {event: []}",
        "第11行，“event”键",
        "没有这张表，可用的表：villages",
        "visit-days",
    ),
    "a column nobody knows": (
        "{staff_id: S1, role: l",
        "{staff_id: S1, rôle: l",
        "第6行，“rôle”键",
        "没有这一列，可用的列：staff_id",
        "visit-days",
    ),
    "a row no times": (
        "{staff_id: S1,",
        "{times: 0, staff_id: S1,",
        "第6行，“times”键",
        "应是 1 至 1000 的整数",
        "visit-days",
    ),
    "a row some times": (
        "{staff_id: S1,",
        "{times: 几, staff_id: S1,",
        "第6行，“times”键",
        "应是 1 至 1000 的整数",
        "visit-days",
    ),
    "a verdict nobody gives": (
        "verdict: fail",
        "verdict: failed",
        "第11行，“verdict”键",
        "“failed”不认识，应为以下之一：exempt",
        "visit-days",
    ),
}
