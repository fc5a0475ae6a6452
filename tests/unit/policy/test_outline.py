"""Whether the parts of a policy fit together, and which line is blamed."""

from pathlib import Path

import pytest
from tests.support.policy_files import HEAD, findings_of, written_policy

CLAUSE = '{number: "1", paraphrase: 进村, disposition: executable}'
LINES = {key: number for number, key in enumerate(HEAD, start=1)}
FIRST_RULE = len(HEAD) + 2
MONTHS = "{id: months, parameter: county, title: 期限, default: 2, unit: 次, note: 没有给}"
GRADED: dict[str, str | None] = {
    "subject": "staff",
    "period": "year",
    "measure": "{kind: mark, item: grade, scale: {good: 1, bad: 0}}",
    "threshold": "1",
    "unit": "级",
}


def _clauses(*more: str) -> dict[str, str | None]:
    return {"clauses": f"[{', '.join([CLAUSE, *more])}]"}


def _clause(number: str, **keys: str) -> str:
    said = {"paraphrase": "做", "disposition": "none", **keys}
    return (
        f'{{number: "{number}", ' + ", ".join(f"{key}: {text}" for key, text in said.items()) + "}"
    )


def _list(name: str, clause: str = '"1"') -> str:
    return f"{{id: {name}, clause: {clause}, title: 单, items: {{a: 一}}}}"


SOUND: list[dict[str, str | None]] = [
    {},
    {"scope": '["53", "532323100201"]'},
    {"valid_from": "2026-01-01", "valid_to": "2026-01-02"},
    {"valid_to": "2020-01-01"},
    {"supersedes": "bozhou-2014", "valid_from": "2026-01-01"},
    {"grades": "[good, bad]", "pay": "{bonus: {bad: 0, good: 1}}"},
    {"pay": "{bonus: {bad: 0}}"},
    _clauses(_clause("2"), _clause("3", disposition="human", note="所长看")),
    _clauses(_clause("2", disposition="executable", same_as='["1"]')),
    _clauses(_clause("2", disposition="human", note="看", figure="每月2天")),
    {"role_sets": f"[{_list('a')}]", "tasks": f"[{_list('a')}, {_list('b')}]"},
]


@pytest.mark.parametrize("head", SOUND)
def test_what_fits_is_not_blamed(tmp_path: Path, head: dict[str, str | None]) -> None:
    assert findings_of(written_policy(tmp_path, head=head)) == []


DIGEST = "应是原文文件的 SHA-256，64 位小写十六进制"
SCOPE = "不是 2 至 12 位数字的区划代码"
PAY = "“bonus”表应给每个等次一个金额，等次见 grades：good、bad"


@pytest.mark.parametrize(
    ("head", "key", "words"),
    [
        ({"source_digest": '"' + "0" * 63 + '"'}, "source_digest", DIGEST),
        ({"source_digest": '"' + "0" * 65 + '"'}, "source_digest", DIGEST),
        ({"source_digest": '"' + "A" * 64 + '"'}, "source_digest", DIGEST),
        ({"scope": '["53", "5"]'}, "scope", f"“5”{SCOPE}"),
        ({"scope": '["5323231002011"]'}, "scope", f"“5323231002011”{SCOPE}"),
        ({"scope": "[云南]"}, "scope", f"“云南”{SCOPE}"),
        ({"valid_from": "2026-01-01", "valid_to": "2026-01-01"}, "valid_to", "应晚于 valid_from"),
        (
            {"supersedes": "test-county"},
            "supersedes",
            "政策不能取代它自己，请写被取代的那份政策的 id",
        ),
        ({"time_zone": "Asia/Tokyo"}, "time_zone", "只支持 Asia/Shanghai"),
        ({"grades": "[good, bad]", "pay": "{bonus: {good: 1}}"}, "pay", PAY),
        ({"grades": "[good, bad]", "pay": "{bonus: {good: 1, bad: 0, fair: 2}}"}, "pay", PAY),
    ],
)
def test_the_head_is_blamed_on_the_line_of_its_key(
    tmp_path: Path, head: dict[str, str | None], key: str, words: str
) -> None:
    path = written_policy(tmp_path, head=head)
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    # What follows from it, such as rules that are never in force, is not told beside it.
    ((line, name, message),) = findings_of(path)
    assert lines[(line or 0) - 1].startswith(f"{key}:")
    assert (name, message) == (key, words)


NO_RULE = "请改条款的去向，或去掉这条规则；继承来的规则，在 overrides 的 rules 下写成 null"
TWICE = "写了两次，编号不能重复"
NOTED = "要有 note：谁在哪里判断、存在哪里或为什么不做"


@pytest.mark.parametrize(
    ("more", "number", "words"),
    [
        (_clause("1"), "1", TWICE),
        (
            _clause("2", disposition="executable"),
            "2",
            "标为 executable，却没有规则引用它；请补规则，或改它的去向",
        ),
        (_clause("2", disposition="human"), "2", NOTED),
        (_clause("2", disposition="structural"), "2", NOTED),
        (_clause("2", disposition="declined"), "2", NOTED),
        (_clause("2", figure="每月2天"), "2", "写了 figure 就是有要求，去向不能是 none"),
        (
            _clause("2", disposition="executable", same_as='["9"]'),
            "2",
            "same_as 应是另一条款的编号，没有“9”",
        ),
        (
            _clause("2", disposition="executable", same_as='["2"]'),
            "2",
            "same_as 应是另一条款的编号，没有“2”",
        ),
        (
            _clause("2", same_as='["1"]'),
            "2",
            "与“1”要求相同，去向也应相同：executable",
        ),
    ],
)
def test_a_clause_that_does_not_fit_is_named(
    tmp_path: Path, more: str, number: str, words: str
) -> None:
    found = findings_of(written_policy(tmp_path, head=_clauses(more)))
    assert (LINES["clauses"], number, words) in found
    # A second clause 1 that is no duty also takes the rule's ground away.
    assert len(found) == (2 if words == TWICE else 1)


def test_a_clause_repeats_the_first_not_a_repetition(tmp_path: Path) -> None:
    second = _clause("2", disposition="executable", same_as='["1"]')
    third = _clause("3", disposition="executable", same_as='["1", "2"]')
    assert findings_of(written_policy(tmp_path, head=_clauses(second, third))) == [
        (LINES["clauses"], "3", "“2”自己也是重复的，same_as 应直接写最初的那一条")
    ]


LISTS = ["role_sets", "duties", "tasks", "questions", "prohibitions", "boards"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_each_entry_once_and_a_clause(tmp_path: Path, name: str) -> None:
    entries = [_list("a"), _list("b", '"7"'), _list("a")]
    path = written_policy(tmp_path, head={name: f"[{', '.join(entries)}]"})
    line = len(HEAD) + 1
    assert findings_of(path) == [
        (line, "a", TWICE),
        (line, "b", "没有“7”这一条款，请改 clause"),
    ]


def test_parameters_have_a_name_each(tmp_path: Path) -> None:
    path = written_policy(
        tmp_path, head={"parameters": f"[{MONTHS}, {MONTHS}]"}, threshold="{parameter: months}"
    )
    assert findings_of(path) == [(len(HEAD) + 1, "months", TWICE)]


def test_a_rule_needs_a_clause_that_is_its_ground(tmp_path: Path) -> None:
    human = {"clauses": f"[{_clause('1', disposition='human', note='看')}]"}
    assert findings_of(written_policy(tmp_path, head=dict(human))) == [
        (FIRST_RULE, "visits", f"条款“1”不是 executable，不能有规则：{NO_RULE}")
    ]
    none = written_policy(tmp_path, head=_clauses(_clause("2")), clause='"3"')
    assert findings_of(none) == [
        (FIRST_RULE, "visits", "没有“3”这一条款，请改 clause"),
        (LINES["clauses"], "1", "标为 executable，却没有规则引用它；请补规则，或改它的去向"),
    ]


def test_a_parameter_is_used_in_its_unit(tmp_path: Path) -> None:
    head: dict[str, str | None] = {"parameters": f"[{MONTHS}]"}
    assert findings_of(written_policy(tmp_path, head=head)) == [
        (
            len(HEAD) + 1,
            "months",
            "没有规则用到这个参数，请删去，或在规则里写 threshold: {parameter: …}；"
            "继承来的，在 overrides 的 parameters 下写 months: null",
        )
    ]
    used: dict[str, str | None] = {"threshold": "{parameter: months}"}
    assert findings_of(written_policy(tmp_path, head=head, **used)) == []
    assert findings_of(written_policy(tmp_path, head=head, **used, unit="回")) == [
        (len(HEAD) + 1, "months", "单位应与规则相同：回")
    ]


@pytest.mark.parametrize(
    ("units", "found"), [("次次", []), ("回次", ["回"]), ("次回", ["回"]), ("趟回", ["回", "趟"])]
)
def test_a_parameter_is_of_one_unit_with_every_rule_that_uses_it(
    tmp_path: Path, units: str, found: list[str]
) -> None:
    head: dict[str, str | None] = {"parameters": f"[{MONTHS}]"}
    used: dict[str, str | None] = {"threshold": "{parameter: months}", "unit": units[0]}
    path = Path(written_policy(tmp_path, head=head, **used))
    text = path.read_text("utf-8")
    one = text[text.index("  - id: visits") :]
    other = one.replace("visits", "others", 1).replace(f"unit: {units[0]}", f"unit: {units[1]}")
    path.write_text(text + other, "utf-8")
    assert findings_of(str(path)) == [
        (len(HEAD) + 1, "months", f"单位应与规则相同：{unit}") for unit in found
    ]


@pytest.mark.parametrize(
    ("grades", "found"),
    [
        ("[bad, good]", []),
        ("[good]", ["scale 里的等次应与 grades 相同"]),
        ("[good, bad, fair]", ["scale 里的等次应与 grades 相同"]),
    ],
)
def test_a_scale_has_the_policys_grades(tmp_path: Path, grades: str, found: list[str]) -> None:
    path = written_policy(tmp_path, head={"grades": grades}, **GRADED)
    line = FIRST_RULE + 1
    assert findings_of(path) == [(line, "visits", words) for words in found]


@pytest.mark.parametrize("key", ["source_digest", "time_zone", "supersedes"])
def test_a_key_is_where_it_is_written_not_what_it_says(tmp_path: Path, key: str) -> None:
    path = written_policy(tmp_path, head={key: "\n  nowhere"})
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    ((line, name, _),) = findings_of(path)
    assert (lines[(line or 0) - 1].strip(), name) == (f"{key}:", key)
