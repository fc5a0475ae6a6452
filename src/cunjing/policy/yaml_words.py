"""What YAML's own words about a file mean to whoever writes a policy, and at which line it is.

YAML tells where it noticed; where a bracket or a quote was opened helps more.
"""

import yaml

_QUOTE = "要用双引号括起来"
_AT_ITS_START = frozenset(
    {
        "while scanning a simple key",
        "while scanning a quoted scalar",
        "while parsing a flow sequence",
        "while parsing a flow mapping",
    }
)
"""What may be noticed many lines after the line to be changed, which is where it began."""

_MEANT = {
    "could not find expected ':'": "这里应是“键: 值”，键后面是半角冒号和一个空格",
    "mapping values are not allowed in this context": (
        f"这里不能再有“键: 值”：请检查缩进；文字里有半角冒号加空格的，{_QUOTE}"
    ),
    "found character that cannot start any token": (
        f"不能这样开头：缩进只能用空格，不能用制表符（Tab）；以 @、%、` 开头的，{_QUOTE}"
    ),
    "found a tab character that violates indentation": "缩进只能用空格，不能用制表符（Tab）",
    "did not find expected key": "缩进与上面的行没有对齐，或者引号后面还有字",
    "did not find expected '-' indicator": "列表里每一项都以“- ”开头，并且要对齐",
    "block sequence entries are not allowed in this context": "“- ”要另起一行写",
    "found unexpected end of stream": "引号没有配对，缺后一个",
    "did not find expected ',' or ']'": "方括号没有配对，或者两项之间不是半角逗号",
    "did not find expected ',' or '}'": "花括号没有配对，或者两项之间不是半角逗号",
    "did not find expected node content": "这里缺内容，请检查括号和它前面的行",
    "found unknown escape character": "双引号里的反斜杠有别的意思，请改用单引号",
    "did not find expected alphabetic or numeric character": f"以 *、& 开头的，{_QUOTE}",
    "did not find expected whitespace or line break": f"以 ! 开头的，{_QUOTE}",
    "did not find expected comment or line break": f"以 >、| 开头的，{_QUOTE}",
    "but found another document": "一份文件里只写一份政策，请删去这一行的“---”",
}


def told(error: yaml.MarkedYAMLError) -> tuple[int | None, str]:
    """The line to look at, from 1, and what is wrong there."""
    mark = error.problem_mark
    if error.context in _AT_ITS_START and error.context_mark is not None:
        mark = error.context_mark
    problem = str(error.problem)
    return mark.line + 1 if mark else None, f"YAML 写法有误：{_MEANT.get(problem, problem)}"
