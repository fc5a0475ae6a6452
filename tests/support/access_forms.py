"""For every form of the console, what somebody with the right could send about a place."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.accounts_factories import PASSWORD
from tests.support.console_roster import free_day, next_month
from tests.support.console_world import Place, World, last_month

from cunjing.base.clock import today
from cunjing.base.ids import new_id
from cunjing.staffing.models import Staff

Filled = dict[str, object]
Form = Callable[[World, Place, str], Filled]
"""World, place and the name of who sends it."""


def nothing(_world: World, _place: Place, _who: str) -> Filled:
    """An empty form."""
    return {}


def reason(_world: World, _place: Place, _who: str) -> Filled:
    """Only why."""
    return {"reason": "登记有误"}


def a_day(_world: World, _place: Place) -> list[object]:
    """Today, as an address names it."""
    return [today().isoformat()]


def rows(prefix: str, *filled: Filled) -> Filled:
    """The rows of a part of the entry form, as the page sends them."""
    sent: Filled = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(filled):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def entry(world: World, place: Place, who: str) -> Filled:
    """A visit with a call; people who record their own work choose themselves."""
    own = Staff.objects.filter(user=world.users[who]).first()
    return {
        "visit_id": new_id(),
        "staff_id": (own or place.staff).pk,
        "day": last_month(20).isoformat(),
        "arrived": "09:00",
        "left": "11:00",
        "log": "巡村",
        **rows("calls", {"household_id": place.household}),
        **rows("information"),
        **rows("matters"),
        "session-subkind": "legal_education",
    }


def posting(_world: World, place: Place, _who: str) -> Filled:
    """The successor, in the role they have."""
    return {
        "badge_number": place.successor.badge_number,
        "role": place.successor.role,
        "valid_from": today().isoformat(),
    }


def replacement(_world: World, place: Place, _who: str) -> Filled:
    """The successor, from tomorrow on."""
    return {"badge_number": place.successor.badge_number, **ending(_world, place, _who)}


def ending(_world: World, _place: Place, _who: str) -> Filled:
    """From tomorrow on."""
    return {"on": (today() + timedelta(days=1)).isoformat(), "reason": "调动"}


def decision(_world: World, _place: Place, _who: str) -> Filled:
    """Another name for the village from today on."""
    return {
        "kind": "rename",
        "effective_on": today().isoformat(),
        "reason": "更名",
        "name": "新名村民委员会",
    }


def hamlet(_world: World, _place: Place, _who: str) -> Filled:
    """A natural group."""
    return {"name": "新组"}


def hamlet_renamed(_world: World, _place: Place, _who: str) -> Filled:
    """The natural group under another name."""
    return {"name": "改名组", "version": 1}


def location(_world: World, _place: Place, _who: str) -> Filled:
    """Somewhere in the county."""
    return {"longitude": "101.5432", "latitude": "25.3129"}


def new_household(_world: World, place: Place, _who: str) -> Filled:
    """One more address."""
    return {"address": "新路9号", "hamlet_id": place.hamlet, "visit_priority": 1}


def household(_world: World, place: Place, _who: str) -> Filled:
    """The address, at another priority."""
    return {
        "address": "改路1号",
        "hamlet_id": place.hamlet,
        "visit_priority": 2,
        "version": 1,
    }


def new_person(_world: World, place: Place, _who: str) -> Filled:
    """Somebody new in the unit of the place."""
    return {
        "badge_number": "NEW1",
        "name": "示例新",
        "role": "liaison_officer",
        "unit_code": place.unit,
    }


def person(_world: World, place: Place, _who: str) -> Filled:
    """The person with another name."""
    return {"name": "示例改", "role": place.staff.role, "unit_code": place.unit}


def coming_back(_world: World, _place: Place, _who: str) -> Filled:
    """On duty since a day before all postings."""
    return {"on": "2020-01-01"}


def account(_world: World, place: Place, _who: str) -> Filled:
    """The account of the place that belongs to nobody."""
    return {"username": f"user-{place.unit}"}


def arrived(_world: World, _place: Place, _who: str) -> Filled:
    """Everything up to the end of yesterday."""
    return {"on": (today() - timedelta(days=1)).isoformat()}


def absence(_world: World, _place: Place, _who: str) -> Filled:
    """Two days of leave."""
    return {
        "kind": "leave",
        "date_from": today().isoformat(),
        "date_to": (today() + timedelta(days=2)).isoformat(),
    }


def sheet(_world: World, place: Place, _who: str) -> Filled:
    """A sheet with one new person of the place's unit."""
    text = f"警号,姓名,岗位,单位\r\nNEW2,示例表,包村民警,{place.unit}\r\n# 共 1 行\r\n"
    return {"sheet": SimpleUploadedFile("名册.csv", text.encode())}


def attributes(_world: World, place: Place, _who: str) -> Filled:
    """A sheet in which the person of the place can serve three villages."""
    text = f"警号,可包村数\r\n{place.staff.badge_number},3\r\n# 共 1 行\r\n"
    return {"sheet": SimpleUploadedFile("匹配条件.csv", text.encode())}


def new_unit(_world: World, place: Place, _who: str) -> Filled:
    """A bureau unit below the unit of the place."""
    return {"kind": "bureau_unit", "parent_code": place.unit, "code": "NEWUNIT", "name": "新队"}


def unit(_world: World, _place: Place, _who: str) -> Filled:
    """The unit under another name."""
    return {"name": "改名派出所", "phone": "13900000000"}


def villages_of_unit(_world: World, place: Place, _who: str) -> Filled:
    """The villages of the township of the place, from today on."""
    return {"township": place.village[:9], "valid_from": today().isoformat()}


def correction(_world: World, _place: Place, _who: str) -> Filled:
    """The visit, an hour later."""
    day = last_month(5).isoformat()
    return {
        "correction_id": new_id(),
        "reason": "时间写错",
        "day": day,
        "time": "10:00",
        "left_day": day,
        "left_time": "11:30",
        "log": "巡村",
    }


def run(_world: World, place: Place, _who: str) -> Filled:
    """The running month of the place's county."""
    return {"scope": place.county, "period": f"{today():%Y-%m}"}


def user(_world: World, place: Place, _who: str) -> Filled:
    """A new account in the unit of the place."""
    return {
        "username": "new-one",
        "display_name": "示例新",
        "unit_code": place.unit,
        "password": f"Pw-{uuid4()}",
    }


def grant(_world: World, place: Place, _who: str) -> Filled:
    """The role of an officer over the unit of the place."""
    return {"role": "officer", "unit_code": place.unit, "valid_from": today().isoformat()}


def password(_world: World, _place: Place, _who: str) -> Filled:
    """A new first password."""
    return {"password": f"Pw-{uuid4()}"}


def closing(_world: World, _place: Place, _who: str) -> Filled:
    """Close the account."""
    return {"close": "1", "reason": "离职"}


def key(_world: World, _place: Place, _who: str) -> Filled:
    """A key for a program."""
    return {"name": "报表", "expires_on": (today() + timedelta(days=30)).isoformat()}


def own_login(_world: World, _place: Place, _who: str) -> Filled:
    """One's password once more."""
    return {"password": PASSWORD}


def own_password(_world: World, _place: Place, _who: str) -> Filled:
    """One's own password changed."""
    new = f"Pw-{uuid4()}"
    return {"oldpassword": PASSWORD, "password1": new, "password2": new}


def dismissal(_world: World, _place: Place, _who: str) -> Filled:
    """What a phone sent is not taken, and why."""
    return {"outcome": "dismissed", "reason": "重复登记"}


def candidacy(_world: World, _place: Place, _who: str) -> Filled:
    """A traffic officer who can serve two villages."""
    return {"trade": "traffic", "seniority": 2, "capacity": 2}


def wish(_world: World, place: Place, _who: str) -> Filled:
    """The village of the place."""
    return {"wish_1": place.village}


def feature(_world: World, _place: Place, _who: str) -> Filled:
    """On a main road."""
    return {"on_main_road": "on", "cases": 2}


def ban(_world: World, place: Place, _who: str) -> Filled:
    """The successor must not serve the village."""
    return {
        "kind": "ban",
        "badge_number": place.successor.badge_number,
        "village": place.village,
        "reason": "亲属同村",
    }


def coming_month(_world: World, _place: Place, _who: str) -> Filled:
    """Next month."""
    return {"month": next_month().text}


def another_day(_world: World, place: Place, _who: str) -> Filled:
    """A day on which the person goes nowhere yet."""
    return {"to": free_day(place.roster.plan_day).isoformat()}


def agreement(world: World, place: Place, who: str) -> Filled:
    """A day of next month; people who promise for themselves choose themselves."""
    own = Staff.objects.filter(user=world.users[who]).first()
    return {
        "staff_id": (own or place.staff).pk,
        "day": free_day(place.roster.plan_day).isoformat(),
        "window_from": "09:00",
        "window_to": "11:00",
    }


def agreement_on_day(_world: World, place: Place, _who: str) -> Filled:
    """The household of the place."""
    return {"household_id": place.household, "minutes": 30}


def car(_world: World, _place: Place, _who: str) -> Filled:
    """One more car."""
    return {"label": "警车2"}


def market_day(_world: World, _place: Place, _who: str) -> Filled:
    """A market today."""
    return {"day": today().isoformat(), "market": "on"}


def weights(_world: World, _place: Place, _who: str) -> Filled:
    """Everything counts one."""
    return dict.fromkeys(
        (
            "base", "per_priority", "per_day_unvisited", "longest_days", "per_open_matter",
            "most_matters", "minutes",
        ),
        1,
    )  # fmt: skip


def settlement(_world: World, _place: Place, _who: str) -> Filled:
    """The station's value stays."""
    return {"state": "kept", "reason": "门牌已核对"}


def draft(_world: World, place: Place, _who: str) -> Filled:
    """The villages of the place's unit."""
    return {"unit_code": place.unit, "role": place.staff.role}


def option(_world: World, _place: Place, _who: str) -> Filled:
    """Change as little as possible."""
    return {"stability": 30}


def pair(_world: World, place: Place, _who: str) -> Filled:
    """The successor for the station's second village, which nobody serves."""
    return {"village": f"{place.village[:9]}202", "staff": place.successor.pk}


def laid_down(world: World, place: Place, who: str) -> Filled:
    """The same pair, banned for good."""
    return {**pair(world, place, who), "kind": "ban", "reason": "亲属同村"}


def acceptance(_world: World, _place: Place, _who: str) -> Filled:
    """From tomorrow on."""
    return {"starts_on": (today() + timedelta(days=1)).isoformat(), "reason": "按草案调整"}


def away(_world: World, _place: Place, _who: str) -> Filled:
    """The person is away for long."""
    return {"cause": "away"}


def explanation(_world: World, _place: Place, _who: str) -> Filled:
    """How it came about."""
    return {"text": "两村相邻，半天走完。"}


def briefing(_world: World, _place: Place, _who: str) -> Filled:
    """A week's notice."""
    until = today() + timedelta(days=7)
    return {"text": "查看桥头护栏", "valid_until": until.isoformat()}
