"""What lies in a facts folder under a table's name and would not be read.

A table passed over is an empty one: verdicts would change without a word.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from cunjing.policy.errors import Finding, RequestError

_SUFFIXES = (".csv", ".parquet")
_UNREADABLE = "名字不是 UTF-8 编码的（多半是从 Windows 压缩包里解出来的），请改名"
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
    if not is_utf8(str(path)):
        raise RequestError(f"“{path.parent}”{_UNREADABLE}")
    return str(path)


def check_folder(folder: Path) -> Finding | None:
    """What is wrong with the folder itself."""
    if not folder.is_dir():
        return Finding(str(folder), None, None, "没有这个文件夹，请检查 --facts")
    return None if is_utf8(str(folder)) else Finding(str(folder), None, None, _UNREADABLE)


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
        elif not is_utf8(path.name):
            yield Finding(place, None, None, _UNREADABLE)
