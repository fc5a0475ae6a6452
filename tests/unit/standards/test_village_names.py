"""Short and official forms of names."""

import pytest

from cunjing.standards.village_names import (
    bureau_name,
    official_forms,
    place_stem,
    short_name,
    station_name,
)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("天台村民委员会", "天台村"),
        ("天台村委会", "天台村"),
        ("茅阳社区居民委员会", "茅阳社区"),
        ("茅阳社区居委会", "茅阳社区"),
        ("东街居委会", "东街居"),
        ("居委会", "居委会"),
        ("工业园区虚拟社区", "工业园区虚拟社区"),
    ],
)
def test_the_committee_is_left_out(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize("name", ["天台村民委员会", "天台村委会", "茅阳社区居委会", "东街居委会"])
def test_an_official_name_is_among_the_forms_of_its_short_one(name: str) -> None:
    assert name in official_forms(short_name(name))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("共和镇", "共和"),
        ("蟠猫乡", "蟠猫"),
        ("城关街道办事处", "城关"),
        ("城关街道", "城关"),
        ("永镇", "永镇"),
        ("经济开发区", "经济开发区"),
    ],
)
def test_a_township_loses_its_kind_unless_one_character_remains(name: str, stem: str) -> None:
    assert place_stem(name) == stem
    assert station_name(name) == f"{stem}派出所"


def test_a_district_has_a_branch_bureau() -> None:
    assert bureau_name("埇桥区") == "埇桥区公安分局"
    assert bureau_name("牟定县") == "牟定县公安局"
