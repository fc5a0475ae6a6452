"""Visits that are refused, taken up again and sent mended, while the station may take the first."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.schedules import bodies, desk, phone_steps
from tests.schedules.station import next_address
from tests.schedules.steps import Step
from tests.schedules.tables import column, table
from tests.schedules.violations import ViolationError
from tests.schedules.world import CODES, system
from tests.support.driven_phones import RefusedError

from cunjing.base.errors import Problem
from cunjing.fieldwork.models import WorkRecord
from cunjing.places.actions.households import NewHousehold, add_household, move_households
from cunjing.places.models import Household
from cunjing.sync.models import NOT_DONE, Decision, Mutation

if TYPE_CHECKING:
    from tests.schedules.handsets import Handset
    from tests.schedules.play import Game

LINE = ("pk", "device__user", "mutation_id", "type", "result", "content")
NEVER, BEFORE, MEANWHILE, AFTER = range(4)
"""When the station takes the refused line: before it is taken up, before the mended one is sent,
after that."""


def mend(game: "Game", step: Step) -> None:
    """Take up a refused visit and send it mended; where there is none, one is refused first."""
    phone = game.on(step["phone"])
    if not _mendable(game, phone):
        _have_refused(game, phone, step)
    found = _mendable(game, phone)
    if not found:
        return
    n = found[step["pick"] % len(found)]["n"]
    outbox = game.phones.act(phone.name, "dump")["outbox"]
    (refused,) = [one["id"] for one in outbox if one["n"] == n]
    _station(game, phone, n, step, when=BEFORE)
    try:
        visit = game.act(phone, "take_up", n=n)
    except RefusedError as error:
        if error.name != "NotRefusedError":
            raise
        return
    _station(game, phone, n, step, when=MEANWHILE)
    left = int(bodies.ARRIVED.timestamp() * 1000) + 3_600_000
    finished = {"leftAt": left, "log": game.text(phone)}
    answer = game.act(phone, "finish_visit", visit=visit, finished=finished, crash=step["crash"])
    if answer is None:
        phone.unsure += 1
        phone.unfinished += 1
        return
    phone.acknowledged[answer["id"]] = ""
    game.mended[answer["id"]] = refused
    if step["when"] == AFTER:
        game.act(phone, "sync")
        _station(game, phone, n, step, when=AFTER)


def _mendable(game: "Game", phone: "Handset") -> list[Any]:
    told = game.phones.act(phone.name, "dump")["untaken"]
    return [one for one in told if one["mendable"]]


def _have_refused(game: "Game", phone: "Handset", step: Step) -> None:
    """A visit with a call at a household that never was in its village is refused; then it is moved
    to where the visit was, and the line could be taken as it is."""
    village = CODES[step["village"]]
    house = Household.objects.filter(pk__in=game.world.houses, retired_on=None)
    other = house.exclude(village_id=village).order_by("pk").first()
    if other is None:
        return
    new = NewHousehold(address=next_address())
    elsewhere = add_household(actor=system(), village_code=other.village_id, household=new)
    body = bodies.entry(
        village=village, staff=game.person(phone).staff, text=game.text(phone),
        household=elsewhere.pk,
    )  # fmt: skip
    made = game.act(phone, "record", type="visit_entry", body=body)
    phone.acknowledged[made["id"]] = ""
    if step["picture"] < len(game.files.pictures()):
        said = {**step, "record": body["id"], "crash": None}
        phone_steps.shoot(game, phone, said)
    game.act(phone, "sync")
    phone.passed = 0
    try:
        move_households(actor=system(), household_ids=[elsewhere.pk], village_code=village)
    except Problem:
        return


def _station(game: "Game", phone: "Handset", n: int, step: Step, *, when: int) -> None:
    """The station decides about the refused line, if it does so at this moment."""
    if step["when"] != when:
        return
    lines = [(line.device_id, line.n) for line in desk.undone()]
    if (phone.device, n) in lines:
        said = {"pick": lines.index((phone.device, n)), "outcome": step["outcome"]}
        desk.decide(said, chief=desk.chief_of(game.world.chief), known=game.wire.known)


def check_mended(mended: Mapping[str, str]) -> None:
    """Of a line and all it stands for at most one has left a visit; once the mended one has, nobody
    is asked about the others any more. `mended`: what phones are known to have mended; others say
    so themselves."""
    lines = [(line, _body(line)) for line in table(Mutation, *LINE) if line.type == "visit_entry"]
    there = {str(key) for key in column(WorkRecord, "pk")}
    decided = set(column(Decision, "mutation_id"))
    for line, body in lines:
        named = {*body.get("replaces", ()), mended.get(str(line.mutation_id), "")}
        before = [
            (one, said) for one, said in lines
            if str(one.mutation_id) in named and one.device__user == line.device__user
        ]  # fmt: skip
        visits = {body["id"]} | {said["id"] for _, said in before}
        if len(both := visits & there) > 1:
            raise ViolationError(f"a visit and the one it was mended from are there: {both}")
        waiting = [one.pk for one, _ in before if one.result in NOT_DONE and one.pk not in decided]
        if body["id"] in there and waiting:
            raise ViolationError(f"a mended visit is there, and waiting are {waiting}")


def _body(line: Any) -> Any:
    return json.loads(bytes(line.content or b'{"body": {"id": ""}}'))["body"]
