"""What lies in a facts folder under a table's name and would not be read.

A table passed over is an empty one: verdicts would change without a word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

from cunjing.policy.errors import Finding, RequestError

_PATTERN = re.compile(r"[*?\[]")
"""What the engine takes for a pattern of names; in brackets each stands for itself."""
_SOMEWHERE_ELSE = ("~", "file:")
"""Beginnings that the engine takes for the user's home and for the root of all folders."""
_SUFFIXES = (".csv", ".parquet")
_SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et")
_TEXTS = (".txt", ".tsv", ".tab", ".json", ".jsonl")
_OTHER_FORMATS = frozenset([*_SPREADSHEETS, *_TEXTS, ".feather", ".arrow", ".orc", ".dbf"])
_PACKED = frozenset([".gz", ".bz2", ".xz", ".zst", ".zip", ".7z", ".rar", ".tgz"])
_SAVE = "不是能读的格式，请另存为 {0}.csv（CSV UTF-8）或 {0}.parquet；用不着就移走"
_UNPACK = "是压缩的，请解开成 {}；用不着就移走"
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
    """Table and finding of all that bears its name but for capital letters, spaces and wide ones,
    is no file, or is in a format nobody reads where there is none that is read."""
    for path in sorted(folder.iterdir()):
        name = _plain(path.name)
        table = next((name[: -len(end)] for end in _SUFFIXES if name.endswith(end)), name)
        if table not in tables:
            if (other := in_another_format(path.name, tables)) and not _is_there(folder, other):
                yield other, Finding(path.name, None, None, _to_be_read(name, other))
            continue
        if name == path.name.lower() != path.name:
            message = f"文件名要全用小写，应为 {name}"
        elif name != path.name:
            message = f"名字里不能有空格和全角字，应为 {name}"
        elif name != table:
            message = "" if path.is_file() else _NO_FILE
        else:
            message = "" if path.is_dir() else f"应为 {name}.csv 或 {name}.parquet"
            if path.is_dir():
                yield from ((table, finding) for finding in _misnamed_parts(path))
        if message:
            yield table, Finding(path.name, None, None, message)


def in_another_format(name: str, tables: Collection[str]) -> str | None:
    """The table that a file's name, spreadsheet, text or packed, says it is."""
    table, _, suffixes = _plain(name).partition(".")
    last = f".{suffixes.rpartition('.')[2]}"
    twice = f".{suffixes}" in (2 * suffix for suffix in _SUFFIXES)
    known = table in tables and (last in _OTHER_FORMATS or last in _PACKED or twice)
    return table if known else None


def _plain(name: str) -> str:
    """A name without what is not seen, or hardly: capitals, wide letters, spaces."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def _is_there(folder: Path, table: str) -> bool:
    files = (folder / (table + suffix) for suffix in _SUFFIXES)
    return any(file.is_file() for file in files) or (folder / table).is_dir()


def _to_be_read(name: str, table: str) -> str:
    """What to do with a file in another format."""
    *_, suffix = name.rpartition(".")
    if f".{suffix}" in _SUFFIXES:
        return f"后缀写了两次，应为 {table}.{suffix}"
    if f".{suffix}" in _PACKED:
        return _UNPACK.format(f"{table}.csv 或 {table}.parquet")
    return _SAVE.format(table)


def _misnamed_parts(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.iterdir()):
        place, name = f"{folder.name}/{path.name}", _plain(path.name)
        packed = any(name.endswith(f".parquet{end}") for end in _PACKED)
        if packed and not path.with_suffix("").is_file():
            yield Finding(place, None, None, _UNPACK.format(".parquet"))
        elif not name.endswith(".parquet") or name == ".parquet":
            continue
        elif not path.name.lower().endswith(".parquet"):
            message = "后缀里不能有空格和全角字，应为 .parquet"
            yield Finding(place, None, None, message)
        elif path.suffix != ".parquet":
            yield Finding(place, None, None, "后缀要用小写，应为 .parquet")
        elif not path.is_file():
            yield Finding(place, None, None, _NO_FILE)
        elif fault := _fault(path):
            yield Finding(place, None, None, fault)
