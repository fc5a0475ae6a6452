"""Load the demo county, once."""

from collections.abc import Callable
from dataclasses import dataclass

from cunjing.base.clock import local_date, today
from cunjing.base.errors import conflict
from cunjing.demo.cast import BADGES, Cast, cast_of
from cunjing.demo.judging import is_judged, judge
from cunjing.demo.log_ins import LogIn, demo_password, log_ins_of, open_accounts
from cunjing.demo.months import Months
from cunjing.demo.neighbour import settle_neighbour
from cunjing.demo.phones import leave_phones
from cunjing.demo.places import (
    COUNTY,
    Ground,
    add_addresses,
    households_by_village,
    lay_ground,
    standing_ground,
)
from cunjing.demo.recording import record_script
from cunjing.demo.rostering import is_rostered, roster, shown_stations
from cunjing.demo.script import script_of
from cunjing.demo.staffing import (
    enter_absences,
    enter_people,
    note_arrivals,
    open_services,
)
from cunjing.kernel.access import Actor
from cunjing.staffing.models import Staff

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What to print: accounts with their password; `fresh` where this call loaded something."""

    log_ins: list[LogIn]
    password: str
    fresh: bool


def load_demo(*, say: Say) -> Loaded:
    """Load the demo county through the actions everybody uses; loaded already, do nothing.

    Raises Problem (409) where other people are there: invented ones never mix with real ones.
    Interrupted, it goes on where it stopped: months follow the day its first person was entered.
    """
    actor = Actor.for_system("演示数据")
    first = Staff.objects.filter(badge_number__startswith=BADGES).order_by("created_at").first()
    if first is None and Staff.objects.exists():
        raise conflict("这个数据库里已有人员，不能混入虚构的演示数据。请换一个空的数据库。")
    months = Months(base=local_date(first.created_at) if first else today())
    fresh = not (is_judged() and is_rostered())
    if fresh:
        say("导入区划（牟定县，另有邻县几个村）")
        lay_ground(actor=actor, county=COUNTY, code=COUNTY)
    ground = standing_ground(county=COUNTY, code=COUNTY)
    cast = cast_of(ground=ground, months=months)
    if fresh:
        _load(actor=actor, ground=ground, cast=cast, months=months, say=say)
    return Loaded(log_ins=log_ins_of(cast), password=demo_password(), fresh=fresh)


def _load(*, actor: Actor, ground: Ground, cast: Cast, months: Months, say: Say) -> None:
    settle_neighbour(actor=actor, months=months)
    say("登记虚构的人员、账号和包村安排")
    register = enter_people(actor=actor, cast=cast, months=months)
    open_accounts(actor=actor, log_ins=log_ins_of(cast), months=months)
    open_services(actor=actor, cast=cast, register=register)
    enter_absences(actor=actor, cast=cast, register=register, months=months)
    say("登记虚构的门牌地址")
    add_addresses(actor=actor, villages=ground.villages, months=months)
    households = households_by_village(ground.villages)
    script = script_of(cast=cast, register=register, households=households, months=months)
    record_script(
        actor=actor,
        script=script,
        progress=lambda done, total: say(f"登记三个月的工作记录 {done}/{total}"),
    )
    note_arrivals(actor=actor, cast=cast, register=register, months=months)
    say("两台警务手机：一处待裁定、一条待查看、一个疑问")
    leave_phones(actor=actor)
    say("考评三个月：一个已定稿并修订，一个待定稿，一个进行中")
    judge(actor=actor, months=months)
    say("匹配条件、一份匹配草案、两个派出所本月的进村日程")
    roster(actor=actor, ground=ground, stations=shown_stations(cast))
