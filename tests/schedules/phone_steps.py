"""What phones do beside recording and exchanging: change what the station may change too, answer
questions, take photos and send them, say that they live.
"""

from typing import TYPE_CHECKING, Any

from tests.schedules import station
from tests.schedules.photos import PARTS
from tests.schedules.steps import FILES, Step
from tests.support.driven_phones import RefusedError

from cunjing.places.models import Hamlet, Household
from cunjing.questions.models import Question

if TYPE_CHECKING:
    from tests.schedules.handsets import Handset
    from tests.schedules.play import Game

LATEST = 3
REFUSALS = {"NotHereError", "NothingChangedError", "TooManyPhotosError"}
"""What a phone says to a person who wants something that cannot be."""


def edit(game: "Game", step: Step) -> None:
    """Change fields of a household or a matter, as the phone shows it."""
    subject, pick, what = step["subject"], step["pick"], step["what"]
    found = station.house(game.world, pick) if subject == "household" else station.matter(pick)
    if found is None:
        return
    if isinstance(found, Household):
        group = Hamlet.objects.filter(village=found.village_id, retired_on=None).first()
        fields: dict[str, Any] = {
            "address": station.next_address(), "visit_priority": pick % 4,
            "hamlet": str(group.pk) if group else None,
        }  # fmt: skip
    else:
        fields = {
            "summary": station.next_summary(), "place": station.PLACES[pick % 4],
            "subkind": station.SUBKINDS[pick % 2],
        }  # fmt: skip
    chosen = {name: value for at, (name, value) in enumerate(fields.items()) if what >> at & 1}
    _record(game, step, "change", type=subject, subject=str(found.pk), edit=chosen)
    if step["meanwhile"]:
        station.meet(game.world, found)


def answer(game: "Game", step: Step) -> None:
    """Answer a question about one's own record."""
    phone = game.on(step["phone"])
    rows = Question.objects.filter(staff=game.person(phone).staff).order_by("pk")
    if rows:
        chosen = rows[step["pick"] % len(rows)]
        _record(game, step, "answer", question=str(chosen.pk), text=game.text(phone))


def photo(game: "Game", step: Step) -> None:
    """Take a photo beside a visit of one's own, and promise it."""
    phone = game.on(step["phone"])
    mine = game.records[phone.owner]
    if mine:
        shoot(game, phone, {**step, "record": mine[step["pick"] % len(mine)]["id"]})


def shoot(game: "Game", phone: "Handset", step: Step) -> None:
    """Take a photo beside a record, and promise it."""
    number, record = step["picture"], step["record"]
    phone.shoots = True
    said = {"record": record, "file": str(game.files.pictures()[number])}
    try:
        made = game.act(phone, "add_photo", crash=step["crash"], **said)
    except RefusedError as error:
        _check_refusal(error)
        return
    if made is not None:
        phone.photos[made] = game.files.digests[number]
        promise(game, phone)


def upload(game: "Game", step: Step) -> None:
    """Send photos over a network that loses, cuts, and to a server that dies."""
    phone = game.on(step["phone"])
    game.files.begin(step["faults"])
    sent = game.act(phone, "send_photos", crash=step["crash"])
    game.files.begin(())
    if sent is not None:
        promise(game, phone)


def promise(game: "Game", phone: "Handset") -> None:
    """Write the mutations of the photos whose record is written."""
    for key in game.phones.act(phone.name, "promise_photos"):
        phone.acknowledged.setdefault(key, "")


def deliver(game: "Game", phone: "Handset", *, turn: int) -> Any:
    """Send what there is of photos, over a network that fails once and then is sound; what the
    exchange after it says, None where there was nothing to send."""
    at, kind = 2 + turn % LATEST, FILES[turn % len(FILES)]
    game.files.begin(({"at": at, "kind": kind, "part": turn % PARTS},))
    game.phones.act(phone.name, "send_photos")
    if not game.files.asked:
        return None
    game.files.begin(())
    game.phones.act(phone.name, "send_photos")
    return game.phones.act(phone.name, "sync")


def beacon(game: "Game", step: Step) -> None:
    """Leave the page: the phone says that it lives."""
    phone = game.on(step["phone"])
    game.phones.act(phone.name, "beacon")


def _record(game: "Game", step: Step, op: str, **said: Any) -> None:
    phone = game.on(step["phone"])
    try:
        made = game.act(phone, op, crash=step["crash"], **said)
    except RefusedError as error:
        _check_refusal(error)
        return
    if made is None:
        phone.unsure += 1
    else:
        phone.acknowledged[made["id"]] = ""


def _check_refusal(error: RefusedError) -> None:
    if error.name not in REFUSALS:
        raise error
