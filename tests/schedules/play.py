"""Playing a schedule: the steps done to phones under Node and to the server of this process."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.schedules import bodies, desk, mending, phone_steps, rights, skew, station
from tests.schedules.bodies import Body
from tests.schedules.handsets import Handset
from tests.schedules.photos import Files
from tests.schedules.rest import check_lost, check_phone, check_server, mutations
from tests.schedules.steps import Step
from tests.schedules.violations import ViolationError
from tests.schedules.wire import Known, Wire, known_at_first
from tests.schedules.world import CODES, OWNERS, Person, Store, World, system
from tests.support.driven_phones import CrashedError, Phones

from cunjing.base.errors import Problem
from cunjing.places.models import Household
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.keys import server_key

LEASE_MS = 72 * 3_600_000
TRIES = 4


@dataclass(slots=True)
class Game:
    """One schedule being played."""

    world: World
    store: Store
    phones: Phones
    files: Files = field(init=False)
    wire: Wire = field(init=False)
    handsets: list[Handset] = field(init=False)
    records: list[list[Body]] = field(init=False)
    """Visits by the person who recorded them: what corrections speak of."""
    mended: dict[str, str] = field(default_factory=dict)
    """Ids of lines that were mended, each with that of the refused line it stands for."""
    texts: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    backup: Known | None = None
    restored: bool = False

    def __post_init__(self) -> None:
        self.files = Files(self.world.folder)
        self.phones.files = self.files.serve

    def play(self, schedule: list[Step]) -> None:
        """Play it to its end and check that all is well. Raises ViolationError."""
        self.store.begin()
        self.files.forget()
        skew.reset()
        self.wire = Wire(known_at_first(self.world))
        self.phones.serve = self.wire.serve
        self.handsets = [
            Handset(f"p{number}", owner, device=begun.device, acknowledged=dict(begun.recorded))
            for number, (owner, begun) in enumerate(zip(OWNERS, self.world.begun, strict=True))
        ]
        self.records = [[] for _ in self.world.people]
        for owner, begun in zip(OWNERS, self.world.begun, strict=True):
            self.records[owner] += [begun.visit] if begun.visit else []
        self.mended, self.backup, self.restored, self.texts = {}, None, False, 0
        try:
            for step in schedule:
                self.happened[step["do"]] += 1
                _DOES[step["do"]](self, step)
            self._rest(turn=len(schedule) + sum(step.get("pick", 0) for step in schedule))
        except BaseException:
            # Whoever was stopped in the middle of an answer is of no use for the next schedule.
            self.phones.kill()
            raise
        finally:
            skew.reset()

    def on(self, number: int) -> Handset:
        """A phone, switched on."""
        phone = self.handsets[number]
        if not phone.loaded:
            self.phones.act(phone.name, "load", **{"from": str(self.world.kept(number))})
            phone.loaded = True
        if not phone.on:
            self.phones.act(phone.name, "open")
            phone.on = True
        return phone

    def act(self, phone: Handset, op: str, **said: Any) -> Any:
        """Have a phone do something; None where it died over it."""
        try:
            return self.phones.act(phone.name, op, **said)
        except CrashedError as error:
            self.happened[f"crash {error}"] += 1
            phone.on = False
            return None

    def person(self, phone: Handset) -> Person:
        """Whose phone it is."""
        return self.world.people[phone.owner]

    def text(self, phone: Handset) -> str:
        """The next text of a person."""
        self.texts += 1
        return bodies.text_of(self.texts, owner=phone.owner)

    def _rest(self, *, turn: int) -> None:
        """Everything heals: all phones of the schedule come to rest, the station comes round to
        what waits for it, a phone hears of that; each time the whole is checked."""
        used = [number for number, phone in enumerate(self.handsets) if phone.loaded]
        for number in used:
            _settle(self, {"phone": number, "again": False, "turn": turn})
        check_server(self)
        # Of what the station settles the last phone hears, and then of nothing.
        cleared = desk.clear(turn, chief_id=self.world.chief, known=self.wire.known)
        for number in used[-1:]:
            (_settle if cleared else _at_rest)(self, {"phone": number})
        if cleared:
            check_server(self)


def _save(game: Game, phone: Handset, step: Step, *, must: str, **said: Any) -> None:
    answer = game.act(phone, "record", crash=step.get("crash"), **said)
    if answer is None:
        phone.unsure += 1
    else:
        phone.acknowledged[answer["id"]] = must


def _record(game: Game, step: Step) -> None:
    for extra in range(1 + step["more"]):
        phone = game.on(step["phone"])
        village = CODES[(step["village"] + extra) % len(CODES)]
        kind = step["kind"] if extra == 0 else "visit"
        type_name, body = _body(game, phone, kind, village=village, pick=step["pick"])
        sound = kind in {"visit", "matter"} and village in game.person(phone).villages
        sound = sound and village not in game.wire.known.gone
        must = "accepted" if sound else "refused" if kind in {"bad", "foreign"} else ""
        _save(game, phone, step, must=must, type=type_name, body=body)


def _body(game: Game, phone: Handset, kind: str, *, village: str, pick: int) -> tuple[str, Body]:
    staff, text = game.person(phone).staff, game.text(phone)
    if kind in {"correction", "withdrawal"} and game.records[phone.owner]:
        return kind, _change(game, phone, kind, village=village, pick=pick)
    if kind == "matter":
        return kind, bodies.matter(village=village, staff=staff)
    if kind == "seen":
        return kind, {"at": "2026-09-10T12:00:00+08:00"}
    if kind == "strange":
        return "photo", {"text": text}
    if kind == "entry":
        house = _house(village, pick)
        return "visit_entry", bodies.entry(village=village, staff=staff, text=text, household=house)
    place = bodies.FAR_AWAY if kind == "foreign" else village
    body = bodies.visit(village=place, staff=staff, text=text)
    if kind == "bad":
        body["details"] = {"left_at": body["occurred_at"], "log": text, "mood": "好"}
    else:
        game.records[phone.owner].append(body)
    return "work_record", body


def _change(game: Game, phone: Handset, kind: str, *, village: str, pick: int) -> Body:
    mine = game.records[phone.owner]
    old = mine[pick % len(mine)]
    if kind == "withdrawal":
        return {"record_id": old["id"], "reason": "记错了", "with_parts": pick % 2 == 0}
    new = bodies.visit(village=village, staff=game.person(phone).staff, text=game.text(phone))
    mine.append(new)
    return {"record_id": old["id"], "record": new, "reason": "记错了"}


def _house(village: str, pick: int) -> UUID | None:
    keys = list(
        Household.objects.filter(village_id=village, retired_on=None)
        .order_by("address").values_list("pk", flat=True)
    )  # fmt: skip
    return keys[pick % len(keys)] if keys else None


def _twin(game: Game, step: Step) -> None:
    """The same record made on both phones of a person: typed twice, or handed over."""
    village = CODES[step["village"]]
    first = game.on(0)
    body = bodies.visit(village=village, staff=game.person(first).staff, text=game.text(first))
    game.records[0].append(body)
    for number in (0, 1):
        phone = game.on(number)
        _save(game, phone, step, must="", type="work_record", body=body)


def _draft(game: Game, step: Step) -> None:
    phone = game.on(step["phone"])
    village = CODES[step["village"]]
    begun = {"village_code": village, "staff_id": str(game.person(phone).staff)}
    arrived = int(bodies.ARRIVED.timestamp() * 1000)
    visit = game.act(phone, "start_visit", visit={**begun, "arrivedAt": arrived})
    part = bodies.hazard()
    added = game.act(phone, "add_to_visit", visit=visit, part="matters", body=part)
    finished = {"leftAt": arrived + 3_600_000, "log": game.text(phone)}
    answer = game.act(phone, "finish_visit", visit=visit, finished=finished, crash=step["crash"])
    if added != part["id"]:
        raise ViolationError("a part of a visit under another id")
    if answer is not None:
        phone.acknowledged[answer["id"]] = ""
    else:
        phone.unsure += 1
        phone.unfinished += 1


def _sync(game: Game, step: Step) -> None:
    phone = game.on(step["phone"])
    game.wire.death = step["death"]
    before, deaths = len(game.wire.log), game.wire.deaths
    outcome = game.act(phone, "sync", faults=step["faults"], crash=step["crash"])
    game.wire.death = 0
    if game.wire.deaths > deaths:
        check_server(game)  # what a server was in the middle of leaves no trace
    if outcome is not None:
        game.happened[f"sync {outcome['kind']}"] += 1
        if outcome["kind"] == "lost":
            check_lost(game, phone)
    if len(game.wire.log) > before:
        phone.passed = 0


def _clock(game: Game, step: Step) -> None:
    phone = game.on(step["phone"])
    game.phones.act(phone.name, "clock", **step["by"])
    phone.passed += step["by"].get("pass", 0)
    if phone.passed >= LEASE_MS:
        _check_closed(game, phone)


def _check_closed(game: Game, phone: Handset) -> None:
    lease = game.phones.act(phone.name, "dump")["lease"]
    shown = game.phones.act(phone.name, "view", type="household")
    # What was changed here is shown as it was said, without the row beneath it.
    pulled = [one for one in shown if "version" in one or not one["pending"]]
    if lease == "open" or pulled:
        raise ViolationError(f"pulled rows are read after the lease: {lease}, {len(pulled)}")


def _restart(game: Game, step: Step) -> None:
    phone = game.on(step["phone"])
    game.phones.act(phone.name, "off")
    phone.on = False
    phone.passed = 0


def _dismiss(game: Game, step: Step) -> None:
    phone = game.on(step["phone"])
    entries = game.phones.act(phone.name, "dump")["outbox"]
    if entries:
        game.phones.act(phone.name, "dismiss", n=entries[step["pick"] % len(entries)]["n"])


def _release(game: Game, step: Step) -> None:
    """What was held back arrives."""
    phone = game.on(step["phone"])
    with game.wire.out_of_turn():
        game.phones.act(phone.name, "release", order=step["order"])


def _copy(game: Game, step: Step) -> None:
    """The phone is an older copy of itself: it has forgotten, and gives numbers anew."""
    phone = game.on(step["phone"])
    if phone.device == game.world.devices[step["phone"]]:
        phone.loaded = phone.on = False
        phone.copied = True
        phone.passed = 0  # its clock begins with it: it cannot know of more
        phone.unsure += len(phone.acknowledged)
        phone.acknowledged, phone.photos = {}, {}
        game.wire.known.asked.pop(phone.device, None)


def _begin_again(game: Game, step: Step) -> None:
    """A phone is bound anew: it was withdrawn, its chain cannot go on, the server was put back to
    before it; or its person has a code, and that is all."""
    skew.reset()
    phone = game.on(step["phone"])
    try:
        code = create_enrolment_code(actor=system(), user_id=game.person(phone).user).secret
    except Problem:  # without any right there is no code
        return
    said = game.phones.act(phone.name, "enrol", code=code, fingerprint=server_key().fingerprint)
    device = UUID(said["device"])
    phone.acknowledged = dict.fromkeys(phone.acknowledged, "")
    phone.device = device
    game.wire.known.owners[device] = phone.owner


def _snapshot(game: Game, step: Step) -> None:
    game.store.keep()
    game.backup = deepcopy(game.wire.known)


def _restore(game: Game, step: Step) -> None:
    """The server is put back to its backup; what it promised since, it no longer knows."""
    if game.backup is None:
        return
    here = [_kept_by(game, number) for number in range(len(game.handsets))]
    had = mutations()
    if game.store.back():
        gone = had - mutations()
        game.wire.known = deepcopy(game.backup)
        game.wire.same = game.files.whole = False
        game.restored = True
        for phone, kept in zip(game.handsets, here, strict=True):
            # What a withdrawn phone had handed over before this may be nowhere else.
            known = {key: "" for key in phone.acknowledged if key in kept or key not in gone}
            phone.unsure += len(phone.acknowledged) - len(known)
            phone.acknowledged = known


def _kept_by(game: Game, number: int) -> set[str]:
    """The ids of the lines a phone has and would send by another binding too: not of those it has
    let go of, nor, withdrawn, of what it has handed over."""
    dump = game.phones.act(game.on(number).name, "dump")
    over = {"quarantined"} if dump["state"]["status"] == "revoked" else set()
    lines = [one for one in dump["outbox"] if one["state"] not in over]
    return {one["id"] for one in lines if one["mutation"] is not None}


def _settle(game: Game, step: Step) -> None:
    """A phone comes to rest: a sound network, a server of its schema; then it is looked at."""
    skew.reset()
    phone = game.on(step["phone"])
    with game.wire.out_of_turn():
        game.phones.act(phone.name, "release", order="first")
    if phone.shoots:
        phone_steps.promise(game, phone)
    outcome: Any = None
    for _ in range(TRIES):
        outcome = game.phones.act(phone.name, "sync")
        if outcome["kind"] == "done":
            break
    phone.passed = 0
    if phone.shoots and outcome["kind"] == "done":
        outcome = phone_steps.deliver(game, phone, turn=step.get("turn", 0)) or outcome
    check_phone(game, phone, outcome)
    # That its cursors are those of the server is looked at on every phone; that it therefore hears
    # of nothing, by one more exchange, on some.
    phone.rests = outcome["kind"] == "done"
    if step.get("again", True):
        _at_rest(game, step)


def _at_rest(game: Game, step: Step) -> None:
    """A phone that has come to rest exchanges once more, and hears of nothing."""
    phone = game.on(step["phone"])
    if phone.rests:
        game.phones.act(phone.name, "sync")
        if game.wire.lines:
            raise ViolationError(f"at rest, and {game.wire.lines} lines come again")


def _arbitrate(game: Game, step: Step) -> None:
    desk.check_reached(game.world.chief)
    desk.arbitrate(step, chief=desk.chief_of(game.world.chief))


def _decide(game: Game, step: Step) -> None:
    desk.check_reached(game.world.chief)
    desk.decide(step, chief=desk.chief_of(game.world.chief), known=game.wire.known)


_DOES: dict[str, Callable[[Game, Step], None]] = {
    "record": _record, "draft": _draft, "twin": _twin, "sync": _sync, "release": _release,
    "replay": lambda game, step: game.wire.replay(step["pick"]), "clock": _clock,
    "restart": _restart, "dismiss": _dismiss,
    "station": lambda game, step: station.act(game.world, step), "end_grant": rights.end_grant,
    "grant": rights.grant, "revoke": rights.revoke, "begin_again": _begin_again,
    "skew": lambda game, step: skew.to(*step["range"]), "snapshot": _snapshot,
    "restore": _restore, "settle": _settle, "copy": _copy, "merge": rights.merge,
    "split": lambda game, step: station.split(), "edit": phone_steps.edit,
    "answer": phone_steps.answer, "photo": phone_steps.photo, "upload": phone_steps.upload,
    "beacon": phone_steps.beacon,
    "arbitrate": _arbitrate, "decide": _decide, "mend": mending.mend,
}  # fmt: skip
