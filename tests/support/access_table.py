"""Who gets what at every address of the console, as a truth table.

A row has one sign for each of `ROLES`: + gets it, - is refused (403: reads the thing, or holds the
right nowhere), . finds nothing (404: a stranger, or nobody who may read such things at all),
> is sent elsewhere (302), ! has the form refused (422: the unit is not on offer), = is sent back
with a message, x meets a conflict (409). Rows stand for the place of the thing asked for, seen from
the officer, the auxiliary and the chief of the first station: their own, another station's of
their county, another county's. One row: the same for everybody everywhere. None: no such method.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support import access_forms as forms
from tests.support.access_forms import Form
from tests.support.console_world import CLAUSE, POLICY, RULE, Place, World

ROLES = ("bureau", "chief", "officer", "auxiliary", "auditor", "administrator", "neighbour")
PLACES = ("own", "station", "county")
STATUS = {"-": 403, ".": 404, ">": 302, "!": 422, "=": 302, "x": 409}

Rows = tuple[str, ...]
Names = Callable[[World, Place], list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One address: what names its thing, who gets what, and a form that would be accepted."""

    names: Names = lambda _world, _place: []
    get: Rows | None = None
    post: Rows | None = None
    form: Form = forms.nothing
    posted: int = 302
    changes: bool = True


def expected(rows: Rows, *, place: str, role: str, got: int) -> int:
    """The status a row promises, `got` where it says +."""
    row = rows[PLACES.index(place)] if len(rows) > 1 else rows[0]
    sign = row[ROLES.index(role)]
    return got if sign == "+" else STATUS[sign]


def _village(_world: World, place: Place) -> list[object]:
    return [place.village]


def _of(attribute: str) -> Names:
    return lambda _world, place: [getattr(place, attribute)]


def _phone(attribute: str) -> Names:
    return lambda _world, place: [getattr(place.phone, attribute)]


def _draft(_world: World, place: Place) -> list[object]:
    return [place.roster.draft]


def _run(state: str) -> Names:
    return lambda world, place: [getattr(world, state)[place.county]]


# ROLES:           bureau, chief, officer, auxiliary, auditor, administrator, neighbour
EVERYONE: Rows = ("+++++++",)
READERS: Rows = ("+++++-+",)
MANAGERS: Rows = ("+----++",)
# Things that lie in a village. Administrators read no records, postings or verdicts.
THINGS: Rows = ("+++++..", "+...+..", "......+")
# Villages themselves: an administrator knows them and is told why the page stays closed.
VILLAGES: Rows = ("+++++-.", "+...+-.", "......+")
ADDRESSES: Rows = ("++++++.", "+...++.", "......+")
ADDRESSES_EDITED: Rows = ("+++---.", "+...--.", "......+")
POSTED_TO: Rows = ("++----.", "+...--.", "......+")
POSTINGS_EDITED: Rows = ("++---..", "+...-..", "......+")
DECIDED: Rows = ("+-----.", "+...--.", "......+")
WORK: Rows = ("++++--.", "+...--.", "......+")
# A record is corrected by whoever it belongs to, or by who may write for others.
RECORDS_CHANGED: Rows = ("+++--..", "+...-..", "......+")
# People: an officer has no list of them, only their own entry.
PEOPLE: Rows = ("+++.+..", "+...+..", "......+")
PEOPLE_CHANGED: Rows = ("+--.-..", "+...-..", "......+")
ABSENCES: Rows = ("++---" + "-.", "+.----.", "..----+")
DUTY: Rows = ("+-----.", "+-----.", ".-----+")
SHEETS: Rows = ("+-----+",)
EXPORTS: Rows = ("++--+-+",)
# Runs belong to a county: the first station reads its part of the county's.
FROZEN: Rows = ("+----..", "+----..", "......+")
JUDGED: Rows = ("+++++..", "+++++..", "......+")
ACCOUNTS: Rows = ("+....+.", "+....+.", "......+")
# An administrator confers no right they do not hold themselves.
GRANTS: Rows = ("+-----.", "+-----.", ".----" + ".+")
GRANTED: Rows = ("+-----.", "+-----.", ".----" + ".+")
SWITCHED: Rows = ("+----+.", "+----+.", ".----.+")
KEYS_OF_OTHERS: Rows = ("+-..--.", "+...--.", "......+")
AUDITED: Rows = ("+---+-+",)
# One's own phone, and those of the people whose phones one manages.
PHONES: Rows = ("+++....", "+......", "......+")
PHONES_DECIDED: Rows = ("++-....", "+......", "......+")
CLASHES: Rows = ("++.....", "+......", "......+")
# Only whose record it is answers, and only somebody else closes.
THINGS_OF_VILLAGES: Rows = ("+++++-.", "+...+-.", "......+")
BRIEFED: Rows = ("++----.", "+...--.", "......+")
ANSWERED: Rows = ("--+....", "-......", "......-")
CLOSED: Rows = ("++-....", "+......", "......+")
PHONE_HOLDERS: Rows = ("--++---",)
PHONE_MANAGERS: Rows = ("++----+",)
# Only who may stand in for an account binds a phone for it; a chief's account may carry none.
PHONE_BOUND: Rows = ("+.+..-.", "-....-.", "......-")

# Matching and planning: the chief for the own station, officers for themselves.
CANDIDATES: Rows = ("++..-..", "+...-..", "......+")
WISHED: Rows = ("+++.-..", "+...-..", "......+")
STATIONS: Rows = ("++..--.", "+...--.", "......+")
DAYS_MOVED: Rows = ("+++.--.", "+...--.", "......+")
COUNTIES: Rows = ("+...--.", "+...--.", "......+")

DOORS: dict[str, Door] = {
    "home": Door(get=("+++++>+",)),
    "confirm_synced": Door(post=("--++---",)),
    "villages": Door(get=READERS),
    "village": Door(names=_village, get=VILLAGES),
    "entry": Door(names=_village, get=WORK, post=WORK, form=forms.entry),
    "posting_open": Door(names=_village, get=POSTED_TO, post=POSTED_TO, form=forms.posting),
    "village_decide": Door(names=_village, get=DECIDED, post=DECIDED, form=forms.decision),
    "hamlet_add": Door(names=_village, post=ADDRESSES_EDITED, form=forms.hamlet),
    "village_locate": Door(names=_village, post=DECIDED, form=forms.location),
    "hamlet": Door(
        names=_of("hamlet"),
        get=ADDRESSES_EDITED,
        post=ADDRESSES_EDITED,
        form=forms.hamlet_renamed,
    ),
    "households": Door(
        names=_village, get=ADDRESSES, post=ADDRESSES_EDITED, form=forms.new_household
    ),
    "household": Door(
        names=_of("household"), get=ADDRESSES_EDITED, post=ADDRESSES_EDITED, form=forms.household
    ),
    "coverage": Door(get=READERS),
    "coverage_export": Door(get=EXPORTS),
    "posting_replace": Door(
        names=_of("posting"), get=POSTINGS_EDITED, post=POSTINGS_EDITED, form=forms.replacement
    ),
    "posting_end": Door(
        names=_of("posting"), get=POSTINGS_EDITED, post=POSTINGS_EDITED, form=forms.ending
    ),
    "staff": Door(get=("++--+-+",)),
    "person_add": Door(get=SHEETS, post=("+-----!", "+-----!", "!-----+"), form=forms.new_person),
    "staff_import": Door(
        get=SHEETS,
        post=("+-----!", "+-----!", "!-----+"),
        form=forms.sheet,
        posted=200,
        changes=False,
    ),
    "staff_import_apply": Door(post=("!-----!",)),
    "staff_template": Door(names=lambda _world, _place: ["xlsx"], get=SHEETS),
    "person": Door(names=lambda _world, place: [place.staff.pk], get=PEOPLE),
    "person_change": Door(
        names=lambda _world, place: [place.staff.pk],
        get=PEOPLE_CHANGED,
        post=PEOPLE_CHANGED,
        form=forms.person,
    ),
    "absence_add": Door(
        names=lambda _world, place: [place.staff.pk], post=ABSENCES, form=forms.absence
    ),
    "duty_end": Door(names=lambda _world, place: [place.staff.pk], post=DUTY, form=forms.ending),
    "duty_start": Door(
        names=lambda _world, place: [place.staff.pk], post=DUTY, form=forms.coming_back
    ),
    "account_link": Door(
        names=lambda _world, place: [place.successor.pk], post=DUTY, form=forms.account
    ),
    "account_unlink": Door(
        names=lambda _world, place: [place.staff.pk],
        post=("+-----.", "=-----.", ".-----="),
        form=forms.reason,
    ),
    "person_synced": Door(
        names=lambda _world, place: [place.staff.pk], post=ABSENCES, form=forms.arrived
    ),
    "absence_cancel": Door(names=_of("absence"), post=ABSENCES, form=forms.reason),
    "candidacy": Door(
        names=lambda _world, place: [place.staff.pk],
        get=CANDIDATES,
        post=CANDIDATES,
        form=forms.candidacy,
    ),
    "person_wishes": Door(
        names=lambda _world, place: [place.staff.pk], get=WISHED, post=WISHED, form=forms.wish
    ),
    "wishes": Door(get=("--++---",), post=("--++---",), form=forms.wish),
    "village_feature": Door(names=_village, get=POSTED_TO, post=POSTED_TO, form=forms.feature),
    "holds": Door(get=("++----+",), post=("++----!", "+!----!", "!!----+"), form=forms.ban),
    "candidate_import": Door(
        get=("++----+",),
        post=("++----!", "+!----!", "!!----+"),
        form=forms.attributes,
        posted=200,
        changes=False,
    ),
    "candidate_import_apply": Door(post=("!!----!",)),
    "candidate_sheet": Door(get=("++----+",)),
    "hold_lift": Door(names=lambda _world, place: [place.roster.hold], post=POSTED_TO),
    "drafts": Door(get=("++----+",), post=("++----!", "+!----!", "!!----+"), form=forms.draft),
    "vacancies": Door(get=("++----+",)),
    "rotation": Door(get=("++----+",)),
    "draft": Door(names=_draft, get=STATIONS),
    "draft_why": Door(names=_draft, get=STATIONS),
    "draft_choose": Door(names=_draft, post=STATIONS, form=forms.option),
    "draft_force": Door(names=_draft, post=STATIONS, form=forms.pair),
    "draft_release": Door(names=_draft, post=("xx..--.", "x...--.", "......x"), form=forms.pair),
    "draft_lay_down": Door(names=_draft, post=STATIONS, form=forms.laid_down),
    "draft_accept": Door(names=_draft, post=STATIONS, form=forms.acceptance),
    "draft_proof": Door(names=_draft, get=STATIONS),
    "draft_discard": Door(names=_draft, post=STATIONS),
    "rematch": Door(
        names=lambda _world, place: [place.staff.pk],
        post=("++----.", "+.----.", "..----+"),
        form=forms.away,
    ),
    "months": Door(get=(">>---->",)),
    "month": Door(names=_of("unit"), get=STATIONS),
    "month_plan": Door(names=_of("unit"), post=STATIONS, form=forms.coming_month),
    "plan_day": Door(
        names=lambda _world, place: [place.roster.plan_day],
        get=DAYS_MOVED,
        post=DAYS_MOVED,
        form=forms.another_day,
    ),
    "household_plan": Door(names=_of("household"), get=WORK),
    "household_agree": Door(names=_of("household"), get=WORK, post=WORK, form=forms.agreement),
    "plan_day_agree": Door(
        names=lambda _world, place: [place.roster.plan_day],
        get=DAYS_MOVED,
        post=DAYS_MOVED,
        form=forms.agreement_on_day,
    ),
    "agreed_cancel": Door(
        names=lambda _world, place: [place.roster.agreed],
        get=ADDRESSES_EDITED,
        post=ADDRESSES_EDITED,
        form=forms.reason,
    ),
    "car_add": Door(names=_of("unit"), post=STATIONS, form=forms.car),
    "car_retire": Door(names=lambda _world, place: [place.roster.car], post=STATIONS),
    "county_days": Door(names=_of("county"), get=COUNTIES, post=COUNTIES, form=forms.market_day),
    "need_weights": Door(names=_of("county"), post=COUNTIES, form=forms.weights),
    "feed": Door(post=("--++---",), posted=200),
    "units": Door(get=SHEETS, post=("+-----!", "+-----!", "!-----+"), form=forms.new_unit),
    "unit": Door(names=_of("unit"), get=DUTY, post=DUTY, form=forms.unit),
    "unit_villages": Door(names=_of("unit"), post=DUTY, form=forms.villages_of_unit),
    "ledgers": Door(get=READERS),
    "ledger": Door(names=lambda _world, _place: ["village_visit"], get=READERS),
    "ledger_export": Door(names=lambda _world, _place: ["village_visit"], get=EXPORTS),
    "record": Door(names=_of("record"), get=THINGS),
    "record_correct": Door(
        names=_of("record"), get=RECORDS_CHANGED, post=RECORDS_CHANGED, form=forms.correction
    ),
    "record_withdraw": Door(names=_of("record"), post=RECORDS_CHANGED, form=forms.reason),
    "matter": Door(names=_of("matter"), get=THINGS),
    "briefing": Door(names=_village, get=THINGS_OF_VILLAGES, post=BRIEFED, form=forms.briefing),
    "briefing_end": Door(names=_of("briefing"), post=BRIEFED),
    "questions": Door(get=("++++--+",)),
    "question": Door(names=_of("question"), get=PHONES),
    "question_answer": Door(names=_of("question"), post=ANSWERED, form=forms.explanation),
    "question_close": Door(names=_of("question"), post=CLOSED, form=forms.reason),
    "devices": Door(get=("++++--+",)),
    "device_enrol": Door(post=PHONE_HOLDERS, posted=200),
    "user_phone": Door(names=_of("account"), post=PHONE_BOUND, posted=200),
    "waiting": Door(get=PHONE_MANAGERS),
    "conflicts": Door(get=PHONE_MANAGERS),
    "conflict": Door(names=_phone("conflict"), get=CLASHES, post=CLASHES, form=forms.settlement),
    "device": Door(names=_phone("device"), get=PHONES),
    "device_revoke": Door(names=_phone("device"), post=PHONES, form=forms.reason),
    "device_line": Door(
        names=lambda _world, place: list(place.phone.line),
        get=PHONES,
        post=PHONES_DECIDED,
        form=forms.dismissal,
    ),
    "device_line_photo": Door(names=lambda _world, place: list(place.phone.photo_line), get=PHONES),
    "device_push": Door(
        names=_phone("push"), get=PHONES, post=PHONES_DECIDED, form=forms.dismissal
    ),
    "photo": Door(names=_of("photo"), get=THINGS),
    "photo_erase": Door(names=_of("photo"), post=RECORDS_CHANGED, form=forms.reason),
    "assessments": Door(get=READERS),
    "whatif": Door(get=("++----+",)),
    "assessment_run": Door(post=("+-----=", "+-----=", "=-----+"), form=forms.run),
    "assessment": Door(names=_run("frozen"), get=JUDGED),
    "assessment_freeze": Door(names=_run("open"), post=FROZEN),
    "assessment_revise": Door(names=_run("frozen"), post=FROZEN, form=forms.reason),
    "revision": Door(names=_run("revised"), get=JUDGED),
    "explanation": Door(
        names=lambda world, place: [world.frozen[place.county], RULE, place.posting], get=THINGS
    ),
    # The document is for everybody; how it is kept for who may read verdicts.
    "policy": Door(names=lambda _world, _place: [POLICY], get=EVERYONE),
    "versions": Door(names=lambda _world, _place: [POLICY], get=READERS),
    "rule": Door(names=lambda _world, _place: [POLICY, RULE], get=READERS),
    "clause": Door(names=lambda _world, _place: [POLICY, CLAUSE], get=READERS),
    "users": Door(get=MANAGERS, post=("+----+!", "+----+!", "!----!+"), form=forms.user),
    "user": Door(names=_of("user"), get=ACCOUNTS),
    "grant": Door(names=_of("user"), post=GRANTED, form=forms.grant),
    "grant_end": Door(
        names=lambda _world, place: [place.user, place.grant], post=GRANTS, form=forms.reason
    ),
    "user_password": Door(names=_of("user"), post=GRANTS, form=forms.password),
    "user_switch": Door(names=_of("user"), post=SWITCHED, form=forms.closing),
    "audit": Door(get=AUDITED),
    "audit_head": Door(names=forms.a_day, get=AUDITED),
    "account": Door(get=EVERYONE),
    "keys": Door(get=EVERYONE, post=EVERYONE, form=forms.key, posted=200),
    "key_revoke": Door(names=_of("key"), post=KEYS_OF_OTHERS),
    "account_logout": Door(get=EVERYONE, post=EVERYONE, changes=False),
    "account_change_password": Door(get=EVERYONE, post=EVERYONE, form=forms.own_password),
    "account_reauthenticate": Door(
        get=EVERYONE, post=EVERYONE, form=forms.own_login, changes=False
    ),
}
OPEN = {"account_login", "feed_calendar", "language"}
"""Addresses for the signed-out too; they have tests of their own."""
