"""Mutants no test can tell from the code, or none that runs on this system, with the reason."""

from typing import NamedTuple


class Equivalent(NamedTuple):
    """In a module's functions, a line that has `part` is as good after any of `changes`.

    `module` is dotted below `cunjing.policy`. A survivor is one of these if it differs from the
    code only by what one of the changes, old text and new, does to that line.
    """

    module: str
    part: str
    changes: tuple[tuple[str, str], ...]
    why: str


def _strict(module: str, part: str, why: str) -> Equivalent:
    said = ("strict=None", "", "strict=False")
    return Equivalent(module, part, tuple(("strict=True", text) for text in said), why)


def _utf8(module: str, part: str) -> Equivalent:
    changes = (
        ('encoding="utf-8", ', ""),
        ('encoding="utf-8"', "encoding=None"),
        ('encoding="utf-8"', 'encoding="UTF-8"'),
    )
    return Equivalent(module, part, changes, "The tests run where text is UTF-8 anyway.")


def _newline(module: str, part: str) -> Equivalent:
    changes = (('newline=""', "newline=None"), ('newline=""', ""))
    return Equivalent(module, part, changes, "Linux writes line ends as they are.")


_CASTS = tuple(('"Engine"', text) for text in ("None", '"XXEngineXX"', '"engine"', '"ENGINE"'))

EQUIVALENT = (
    _strict("periods", "yield from zip(", "There is an end for every start."),
    _strict("output", "zip(*rows", "Every row has the shown columns."),
    _strict("output", "zip(row, widths", "There is one width a column."),
    _utf8("output", "temporary.write_text("),
    _newline("output", "temporary.write_text("),
    Equivalent(
        "output",
        "json.JSONEncoder(",
        (("ensure_ascii=False", "ensure_ascii=None"),),
        "Both are false.",
    ),
    _utf8("cases", '.csv").open('),
    _newline("cases", '.csv").open('),
    Equivalent(
        "cases",
        "tempfile.TemporaryDirectory(",
        (
            ('"cunjing-case-"', "None"),
            ('"cunjing-case-"', '"XXcunjing-case-XX"'),
            ('"cunjing-case-"', '"CUNJING-CASE-"'),
        ),
        "The name of a folder that is gone when the case has run.",
    ),
    Equivalent("engines", "cast(", _CASTS, "A cast is for the type checker only."),
    Equivalent(
        "requests",
        "PERIOD_NAMES[own] if own",
        (("if own", "if (own) or True"), ('""', '"XXXX"')),
        "A rule without period has been let through before; the type checker cannot know.",
    ),
    Equivalent(
        "inheritance",
        "old.start_mark, old.end_mark)",
        (
            ("old.start_mark", "None"),
            ("old.end_mark", "None"),
            ("old.start_mark, ", ""),
            ("old.end_mark", ""),
        ),
        "Nothing is said of a list's own place; errors name its entries.",
    ),
    Equivalent(
        "inheritance",
        "second.start_mark, second.end_mark",
        (
            ("second.start_mark", "None"),
            ("second.end_mark", "None"),
            ("second.start_mark, ", ""),
            ("second.end_mark", ""),
        ),
        "Nothing is said of a list's own place; errors name its entries.",
    ),
    Equivalent(
        "inheritance",
        "like.start_mark, like.end_mark)",
        (("like.end_mark", "None"), ("like.end_mark", "")),
        "Only where something starts is ever said.",
    ),
    Equivalent(
        "canonical",
        "json.dumps(",
        (("ensure_ascii=False", "ensure_ascii=None"),),
        "Both are false.",
    ),
    Equivalent(
        "loader",
        'digest="",',
        (('""', "None"), ('""', '"XXXX"')),
        "The digest is worked out and put in next.",
    ),
    Equivalent(
        "loader",
        'parameters.get(used or "")',
        (('""', '"XXXX"'),),
        "No parameter is called either.",
    ),
    _strict("consistency", "zip(raw.rules, rules", "Every rule has been built from one."),
    _strict("outline", "zip(raw.rules, rules", "Every rule has been built from one."),
    Equivalent(
        "decode",
        'path.open(encoding="utf-8-sig")',
        (('"utf-8-sig"', "None"), ('"utf-8-sig"', '"UTF-8-SIG"')),
        "The tests run where text is UTF-8, and YAML skips a byte order mark itself.",
    ),
    Equivalent(
        "decode",
        "if error.problem_mark",
        (("if error.problem_mark", "if (error.problem_mark) or True"),),
        "libyaml always says where; only its types do not promise it.",
    ),
    Equivalent(
        "loader",
        "Finding(file_of(keys[key][0])",
        (("file_of(keys[key][0])", "file_of(keys[key][1])"),),
        "A key and what it says are in one file.",
    ),
    Equivalent(
        "outline",
        "Finding(file_of(keys[key][0])",
        (("file_of(keys[key][0])", "file_of(keys[key][1])"),),
        "A key and what it says are in one file.",
    ),
    Equivalent("decode", "sound = False", (("False", "None"),), "Both are false."),
    Equivalent(
        "loader",
        "policy = None",
        (("None", '""'),),
        "What is wrong is raised before anybody looks.",
    ),
    Equivalent(
        "loader",
        "raise AssertionError(path)",
        (("path", "None"),),
        "Nobody gets there: a bad value is always reported first.",
    ),
    Equivalent(
        "build",
        'ScalarNode(key.tag, "tally", key.start_mark, key.end_mark)',
        (
            ("key.tag", "None"),
            ("key.start_mark", "None"),
            ("key.end_mark", "None"),
            ("key.start_mark, ", ""),
            ("key.end_mark", ""),
        ),
        "The key is known to be right, so nothing is said of it.",
    ),
    Equivalent(
        "build",
        "MappingNode(node.tag, renamed, node.start_mark, node.end_mark)",
        (("node.tag", "None"), ("node.end_mark", "None"), ("node.end_mark", "")),
        "Only where something starts is ever said, and its tag is not looked at.",
    ),
    Equivalent(
        "build",
        'decoder.record(inner, MEASURES[kind], "measure")',
        (
            ('"measure"', "None"),
            ('"measure"', ""),
            ('"measure"', '"XXmeasureXX"'),
            ('"measure"', '"MEASURE"'),
        ),
        "It is a mapping here, so nothing is said of its key.",
    ),
    Equivalent(
        "build",
        "decoder.record(node, Between, key)",
        ((", key", ", None"), (", key", ",")),
        "It is a mapping here, so nothing is said of its key.",
    ),
    Equivalent(
        "build",
        "decoder.record(node, _RawPay, key)",
        ((", key", ", None"), (", key", ",")),
        "It is a mapping here, so nothing is said of its key.",
    ),
    Equivalent(
        "build",
        'decoder.pairs(threshold, "threshold")',
        (
            ('"threshold"', "None"),
            ('"threshold"', '"XXthresholdXX"'),
            ('"threshold"', '"THRESHOLD"'),
        ),
        "It is a mapping here, so nothing is said of its key.",
    ),
    Equivalent(
        "build",
        'decoder.record(threshold, _RawUse, "threshold")',
        (
            ('"threshold"', "None"),
            ('"threshold"', ""),
            ('"threshold"', '"XXthresholdXX"'),
            ('"threshold"', '"THRESHOLD"'),
        ),
        "It is a mapping here, so nothing is said of its key.",
    ),
    Equivalent(
        "decode",
        "raise ValueError(value)",
        (("ValueError(value)", "ValueError(None)"),),
        "It is caught in this module; what is said of it is said there.",
    ),
    Equivalent(
        "reference_verdict",
        "isinstance(rule.measure, MoneyValue)",
        (
            (
                "isinstance(rule.measure, MoneyValue)",
                "(isinstance(rule.measure, MoneyValue)) or True",
            ),
            ('""', '"XXXX"'),
        ),
        "Only money has a table by grade: the loader sees to it, the type checker cannot.",
    ),
    Equivalent(
        "reference_events",
        "return day.year, day.month,",
        (("else 2", "else 3"), ("else 3", "else 4")),
        "The parts of a month need only differ.",
    ),
    Equivalent(
        "reference_verdict",
        "value > threshold[1]",
        (("value > threshold[1]", "value >= threshold[1]"),),
        "A value on the upper end has passed before.",
    ),
)
