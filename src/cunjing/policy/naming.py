"""What lies in a facts folder under a table's name and would not be read.

A table passed over is an empty one: verdicts would change without a word.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from cunjing.policy.errors import Finding, RequestError

_PATTERN = re.compile(r"[*?\[]")
"""What the engine takes for a pattern of names; in brackets each stands for itself."""
_SOMEWHERE_ELSE = ("~", "file:")
"""Beginnings that the engine takes for the user's home and for the root of all folders."""
_SUFFIXES = (".csv", ".parquet")
_UNREADABLE = "名字不是 UTF-8 编码的（多半是从 Windows 压缩包里解出来的），请改名"
_UNTELLABLE = "路径里既有 \\ 又有 * ? [，读不了，请改名"
_NO_FILE = "不是能读的文件（是文件夹、管道，或指向的文件不在了），请换成文件或移走"


def is_utf8(text: str) -> bool:
    """Whether a name from the system can be told to the engine: one in another encoding cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def writable_name(path: Path) -> str:
    """A new file as the engine takes it. RequestError for a folder whose name it does not."""
    if fault := _fault(path):
        raise RequestError(f"“{path.parent}”{fault}")
    return _placed(path)


def readable_name(path: Path) -> str:
    """A file as the engine takes it for this one and no other."""
    return _PATTERN.sub(r"[\g<0>]", _placed(path))


def _fault(path: Path) -> str:
    """Why the engine cannot be told of a file or folder: in a pattern it takes `\\` for `/`."""
    if not is_utf8(str(path)):
        return _UNREADABLE
    name = _placed(path)
    return _UNTELLABLE if "\\" in name and _PATTERN.search(name) else ""


def _placed(path: Path) -> str:
    return str(path.absolute() if str(path).startswith(_SOMEWHERE_ELSE) else path)


def check_folder(folder: Path) -> Finding | None:
    """What is wrong with the folder itself."""
    if not folder.is_dir():
        return Finding(str(folder), None, None, "没有这个文件夹，请检查 --facts")
    fault = _fault(folder)
    return Finding(str(folder), None, None, fault) if fault else None


def misnamed(folder: Path, tables: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """Table and finding of all that bears its name but for capital letters, or is no file."""
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        table = next((name[: -len(end)] for end in _SUFFIXES if name.endswith(end)), name)
        if table not in tables:
            continue
        if name != path.name:
            message = f"文件名要全用小写，应为 {name}"
        elif name != table:
            message = "" if path.is_file() else _NO_FILE
        else:
            message = "" if path.is_dir() else f"应为 {name}.csv 或 {name}.parquet"
            if path.is_dir():
                yield from ((table, finding) for finding in _misnamed_parts(path))
        if message:
            yield table, Finding(path.name, None, None, message)


def _misnamed_parts(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.iterdir()):
        place = f"{folder.name}/{path.name}"
        if path.suffix.lower() != ".parquet":
            continue
        if path.suffix != ".parquet":
            yield Finding(place, None, None, "后缀要用小写，应为 .parquet")
        elif not path.is_file():
            yield Finding(place, None, None, _NO_FILE)
        elif fault := _fault(path):
            yield Finding(place, None, None, fault)
