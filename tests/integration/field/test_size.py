"""The app's first load stays small: it is fetched on a village road (≤ 250 KB of script)."""

from tests.support.field_build import DIST, asked_by_page, first_load, first_load_bytes

MOST_BYTES = 250 * 1024
SMALL_BYTES = 2048


def test_the_first_load_is_small() -> None:
    size = first_load_bytes()
    print(f"\nfirst load: {size / 1024:.0f} KiB of script, compressed")
    assert 20 * 1024 < size <= MOST_BYTES


def test_what_is_counted_is_what_the_page_asks_for() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    asked = {word.rsplit("dist/", 1)[-1] for word in page.split('"') if word.endswith(".js")}
    assert asked == asked_by_page() < first_load()


def test_the_way_in_is_one_file_and_what_is_behind_it_another_both_compiled_whole() -> None:
    assert [_large(asked_by_page()), _large(first_load())] == [1, 2]
    for name in first_load():
        # It counts only where it stands first.
        whole = (DIST / name).read_bytes().startswith(b"//# allFunctionsCalledOnLoad\n")
        assert whole or (DIST / name).stat().st_size <= SMALL_BYTES


def test_the_way_in_waits_for_less_than_half_of_it() -> None:
    own = sum((DIST / name).stat().st_size for name in asked_by_page())
    assert own < sum((DIST / name).stat().st_size for name in first_load()) / 2


def _large(names: set[str]) -> int:
    return sum((DIST / name).stat().st_size > SMALL_BYTES for name in names)
