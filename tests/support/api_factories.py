"""A county's September behind the API: a key for every role, and something at every address."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from tests.support import assessment_factories as county
from tests.support.accounts_factories import BEGAN, make_user
from tests.support.places_factories import system

from cunjing.accounts.actions import grant_role
from cunjing.accounts.models import User
from cunjing.accounts.roles import Role
from cunjing.accounts.tokens import create_token
from cunjing.base.clock import today
from cunjing.base.ids import new_id
from cunjing.fieldwork.details import QUESTIONS
from cunjing.fieldwork.models import RecordKind, WorkRecord
from cunjing.matters.actions import open_matter
from cunjing.matters.items import MatterItem
from cunjing.matters.models import Matter, MatterKind
from cunjing.places.models import Household, Unit
from cunjing.rostering.models import (
    AgreedVisit,
    DraftOption,
    MatchDraft,
    MonthPlan,
    PlanCall,
    PlanDay,
)
from cunjing.staffing.models import Staff

ROOT = "/api/v1"
MONTH = "2026-09"
NOTHING_FOUND: dict[str, Any] = {question: {} for question in QUESTIONS}
# September's rows carry only what assessments read; these are details as the product stores them.
DETAILS: dict[RecordKind, dict[str, Any]] = {
    RecordKind.VILLAGE_VISIT: {
        "left_at": "2026-09-03T12:00:00+08:00", "log": "巡村一圈", "overnight_reason": "",
    },
    RecordKind.HOUSEHOLD_VISIT: {q: {"chips": [], "text": ""} for q in QUESTIONS},
    RecordKind.INFORMATION: {"place": "村口桥头", "text": "护栏松动"},
    RecordKind.WARNING: {"title": "防诈骗", "text": "谨防冒充客服", "published": ["board"]},
    RecordKind.SESSION: {"topic": "宪法", "audience": ["villagers"], "audience_count": 20},
}  # fmt: skip
PEOPLE = {
    "county": (Role.COUNTY_BUREAU, {"unit_code": county.BUREAU}),
    "station": (Role.STATION_CHIEF, {"unit_code": county.STATION_NORTH}),
    "other_station": (Role.STATION_CHIEF, {"unit_code": county.STATION_SOUTH}),
    "officer": (Role.OFFICER, {"village_code": county.V1}),
    "auxiliary": (Role.AUXILIARY, {"village_code": county.V1}),
    "auditor": (Role.AUDITOR, {"unit_code": county.BUREAU}),
    "administrator": (Role.ADMINISTRATOR, {"unit_code": county.BUREAU}),
    "neighbour": (Role.COUNTY_BUREAU, {"unit_code": county.OTHER_BUREAU}),
}
STAFF_OF = {"officer": county.AN, "auxiliary": county.DAI}


@dataclass(frozen=True, slots=True)
class Program:
    """A client that sends one key with every request."""

    key: str

    def call(self, method: str, path: str, body: object = None, **query: Any) -> Any:
        """Send a request below `/api/v1` and return the answer."""
        said: dict[str, Any] = {}
        if body:
            said = {"data": json.dumps(body), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        client = Client(HTTP_HOST="localhost", raise_request_exception=False)
        return client.generic(
            method, f"{ROOT}{path}", **said, query_params=query or None, headers=headers
        )

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a successful GET."""
        answer = self.call("GET", path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, body: object) -> Any:
        """The answer to a POST."""
        return self.call("POST", path, body)

    def pages(self, path: str, **query: Any) -> list[Any]:
        """All rows of a list, page by page."""
        rows, cursor = [], ""
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            rows += page["items"]
            if not (cursor := page["next_cursor"]):
                return rows


@dataclass(frozen=True, slots=True)
class World:
    """Programs by role, and the ids of something to read."""

    programs: Mapping[str, Program]
    run_id: str
    matter_id: str
    draft_id: str

    def __getattr__(self, role: str) -> Program:
        return self.programs[role]


def key_of(user: User) -> str:
    """A new key of an account."""
    until = today() + timedelta(days=30)
    return create_token(actor=system(), user_id=user.pk, name="测试", expires_on=until).secret


def world() -> World:
    """September, judged and frozen, a matter, and a key for every role."""
    county.september()
    for kind, details in DETAILS.items():
        WorkRecord.objects.filter(kind=kind).update(details=details)
    programs = {role: Program(_key(role)) for role in PEOPLE} | {"nobody": Program("")}
    matter = open_matter(
        actor=system(), item=MatterItem(**{**lamp(), "kind": MatterKind.HAZARD,
        "opened_at": county.at(3), "id": new_id()}),
    ).matter  # fmt: skip
    run = county.frozen_september()
    return World(
        programs=programs, run_id=str(run.pk), matter_id=str(matter.pk), draft_id=str(_rostered())
    )


def _rostered() -> UUID:
    """A draft of the first station, its month planned and a day agreed, as they are stored."""
    unit = Unit.objects.get(pk=county.STATION_NORTH)
    draft = MatchDraft.objects.create(
        unit=unit, role="liaison_officer", policy_id="suzhou-2021", starts_on=county.at(30).date(),
        cause="whole", facts=b"", made_by_name="示例",
        basis=[[county.V1, None, str(county.AN), None], [county.V2, None, None, None]],
        forced=[[county.V2, str(county.AN)]],
    )  # fmt: skip
    lines = [
        {"village": county.V1, "staff": None, "points": 0, "changed": True},
        {"village": county.V2, "staff": str(county.AN), "points": 30, "changed": True},
    ]
    DraftOption.objects.create(
        draft=draft, stability=10, total=70, moved=1, vacant=1, gap=0, highest=3, lines=lines,
        certificate={},
    )  # fmt: skip
    plan = MonthPlan.objects.create(unit=unit, month=MONTH, made_by_name="示例")
    for number in (7, 14, 21):
        day = PlanDay.objects.create(
            plan=plan, staff_id=county.AN, village_id=county.V1, day=county.at(number).date(),
            planned_on=county.at(number).date(),
        )  # fmt: skip
    PlanCall.objects.create(
        day=day, household_id=county.uid(1001), place=1, arrive=545, leave=570, reason="已约好这天"
    )
    AgreedVisit.objects.create(
        household_id=county.uid(1001), staff_id=county.AN, day=day.day, window_from=540,
        made_by_name="示例",
    )  # fmt: skip
    return draft.pk


def _key(role: str) -> str:
    held, given = PEOPLE[role]
    place: dict[str, Any] = dict(given)
    user = make_user(role, unit_code=county.BUREAU, name=f"示例{held.label}")
    grant_role(actor=system(), user_id=user.pk, role=held, valid_from=BEGAN, **place)
    if role in STAFF_OF:
        Staff.objects.filter(pk=STAFF_OF[role]).update(user=user)
    return key_of(user)


def lamp(**changes: Any) -> dict[str, Any]:
    """A broken lamp in the first village, to open as a matter."""
    body = {
        "id": str(new_id()), "kind": "hazard", "subkind": "lamp", "village_code": county.V1,
        "place": "小学门口", "summary": "路灯不亮", "opened_at": "2026-09-03T10:00:00+08:00",
    }  # fmt: skip
    return {**body, **changes}


def visit(**changes: Any) -> dict[str, Any]:
    """A morning in the first village, to record."""
    body = {
        "id": str(new_id()), "kind": "village_visit", "village_code": county.V1,
        "staff_id": str(county.AN), "occurred_at": "2026-09-21T09:00:00+08:00",
        "details": {"left_at": "2026-09-21T12:00:00+08:00", "log": "巡村"},
    }  # fmt: skip
    return {**body, **changes}


def entry(**changes: Any) -> dict[str, Any]:
    """A whole visit with a call, an item and a hazard."""
    body = {
        "id": str(new_id()), "village_code": county.V1, "staff_id": str(county.AN),
        "arrived_at": "2026-09-22T09:00:00+08:00", "left_at": "2026-09-22T12:00:00+08:00",
        "log": "入户一家",
        "calls": [
            {"id": str(new_id()), "household_id": str(county.uid(1001)), "answers": NOTHING_FOUND}
        ],
        "information": [
            {"id": str(new_id()), "subkind": "fire", "place": "村口", "text": "草堆靠近电线"}
        ],
        "matters": [
            {"id": str(new_id()), "kind": "hazard", "subkind": "lamp", "place": "桥头",
             "summary": "路灯不亮"}
        ],
    }  # fmt: skip
    return {**body, **changes}


def household(**changes: Any) -> dict[str, Any]:
    """An address to add."""
    return {"id": str(new_id()), "address": "演示新村9号", "visit_priority": 1, **changes}


HOUSEHOLDS = f"/villages/{county.V1}/households"
SENT: Mapping[str, tuple[Callable[..., dict[str, Any]], dict[str, Any]]] = {
    "/records": (visit, {"occurred_at": "2026-09-21T08:00:00+08:00"}),
    "/entries": (entry, {"log": "另一份"}),
    "/matters": (lamp, {"summary": "路灯又不亮"}),
    HOUSEHOLDS: (household, {"visit_priority": 2}),
}
"""What can be sent to an address, and a change that makes it other content."""


def stored() -> tuple[int, int, int]:
    """How many records, matters and households there are."""
    return WorkRecord.objects.count(), Matter.objects.count(), Household.objects.count()
