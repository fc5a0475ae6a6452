"""Rights that end and come back, and what they stand on: villages that merge, phones withdrawn."""

from typing import TYPE_CHECKING

from tests.schedules import station
from tests.schedules.steps import Step
from tests.schedules.world import CODES, OWNERS, system

from cunjing.accounts import actions as accounts
from cunjing.accounts.models import Grant
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.places.models import Village
from cunjing.sync.enrolment import revoke_device

if TYPE_CHECKING:
    from tests.schedules.play import Game


def end_grant(game: "Game", step: Step) -> None:
    """A right over a village ends."""
    owner = OWNERS[step["phone"]]
    village = CODES[step["village"]]
    user = game.world.people[owner].user
    # A grant can end on the day after it began, not before.
    for held in Grant.objects.filter(
        user_id=user, village_code=village, valid_to=None, valid_from__lt=today()
    ):
        accounts.end_grant(actor=system(), grant_id=held.pk, reason="调离")
        game.wire.known.rights[owner].discard(village)


def grant(game: "Game", step: Step) -> None:
    """A right over a village begins, comes back, or is renewed: ended and given in one day."""
    owner = OWNERS[step["phone"]]
    village = CODES[step["village"]]
    known = game.wire.known
    if village in known.rights[owner]:
        end_grant(game, step)
    there = Village.objects.filter(pk=village, valid_to=None).exists()
    if village not in known.rights[owner] and there:
        accounts.grant_role(
            actor=system(), user_id=game.world.people[owner].user, role=Role.OFFICER,
            village_code=village, valid_from=today(),
        )  # fmt: skip
        known.rights[owner].add(village)


def merge(game: "Game", step: Step) -> None:
    """A village goes on in another: nobody has it any more."""
    gone, into = CODES[step["village"]], CODES[step["into"]]
    if station.merge(gone, into):
        for rights in game.wire.known.rights:
            rights.discard(gone)
        game.wire.known.gone.add(gone)


def revoke(game: "Game", step: Step) -> None:
    """A phone is withdrawn."""
    phone = game.handsets[step["phone"]]
    known = game.wire.known
    if phone.device in known.owners and phone.device not in known.revoked:
        revoke_device(actor=system(), device_id=phone.device, reason="丢失")
        known.revoked.add(phone.device)
