"""docs/reference/settings.md names every environment setting, and none that is gone."""

import re

from tests.support.sources import ROOT, project_files

NAME = re.compile(r"\bCUNJING_[A-Z][A-Z_]*[A-Z]\b")
REFERENCE = ROOT / "docs/reference/settings.md"


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    readers = [
        *project_files(".py", under=ROOT / "src"),
        *project_files(".py", under=ROOT / "tools"),
        ROOT / "run",
    ]
    used = {name for path in readers for name in NAME.findall(path.read_text("utf-8"))}
    assert set(NAME.findall(REFERENCE.read_text("utf-8"))) == used
