"""The app's first load stays small: it is fetched on a village road (≤ 250 KB of script)."""

from tests.support.field_build import DIST, first_load, first_load_bytes

MOST_BYTES = 250 * 1024


def test_the_first_load_is_small() -> None:
    size = first_load_bytes()
    print(f"\nfirst load: {size / 1024:.0f} KiB of script, compressed")
    assert 20 * 1024 < size <= MOST_BYTES


def test_what_is_counted_is_what_the_page_asks_for() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    asked = {word.rsplit("dist/", 1)[-1] for word in page.split('"') if word.endswith(".js")}
    assert asked == first_load()


def test_what_is_needed_at_once_is_one_file_that_is_compiled_whole() -> None:
    large = [name for name in first_load() if (DIST / name).stat().st_size > 2048]
    assert len(large) == 1
    # It counts only where it stands first.
    assert (DIST / large[0]).read_bytes().startswith(b"//# allFunctionsCalledOnLoad\n")
