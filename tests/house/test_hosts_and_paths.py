"""No file names a package registry or a place on one person's machine."""

import re

from tests.support.sources import place, project_files

# Written in parts, so that this file does not name what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("mirrors", "aliyun", "com"),
        ("tuna", "tsinghua", "edu"),
    )
]
HOMES = re.compile(r"(?<![\w.])/(?:" + "|".join(("home", "Users", "root", "work")) + r")/[\w.]+")
BINARY = {".ico", ".jpg", ".parquet", ".png", ".xlsx"}


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{name}: {host}" for name, text in _texts().items() for host in REGISTRIES if host in text
    ]
    assert found == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = {name: HOMES.findall(text) for name, text in _texts().items()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def _texts() -> dict[str, str]:
    return {
        place(path): path.read_text("utf-8")
        for path in project_files()
        if path.suffix not in BINARY
    }
