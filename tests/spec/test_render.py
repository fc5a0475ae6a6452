"""The reference pages say what policies, specs and faults say now."""

import pytest
from tests.spec.render import REFERENCE, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == PAGES[name], "run: python -m tests.spec.render"
