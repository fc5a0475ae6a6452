"""Short forms of official names: what people say and type. For display and search, never to tell
what a village is (that is in its code).
"""

_VILLAGE_FORMS = (
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "居"),
    ("居委会", "居"),
)
_TOWNSHIP_FORMS = ("街道办事处", "街道", "民族乡", "镇", "乡")


def short_name(name: str) -> str:
    """The name without its committee: 天台村民委员会 and 天台村委会 → 天台村."""
    for long, short in _VILLAGE_FORMS:
        if name.endswith(long) and len(name) > len(long):
            return name.removesuffix(long) + short
    return name


def place_stem(township_name: str) -> str:
    """A township's name without its kind: 共和镇 → 共和; kept whole where one character remains."""
    for form in _TOWNSHIP_FORMS:
        stem = township_name.removesuffix(form)
        if stem != township_name and len(stem) > 1:
            return stem
    return township_name


def station_name(township_name: str) -> str:
    """What a township's police station is called until the county renames it: 共和派出所."""
    return f"{place_stem(township_name)}派出所"


def bureau_name(county_name: str) -> str:
    """What a county's public security organ is called: a district (区) has a branch bureau."""
    district = county_name.endswith("区") and not county_name.endswith("自治区")
    return f"{county_name}{'公安分局' if district else '公安局'}"


def official_forms(name: str) -> list[str]:
    """All names a village may officially have: 天台村 → itself, 天台村民委员会, 天台村委会."""
    short = short_name(name)
    longer = [short.removesuffix(end) + long for long, end in _VILLAGE_FORMS if short.endswith(end)]
    return [short, *longer]
