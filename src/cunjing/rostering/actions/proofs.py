"""The folder of a draft's chosen option, as a zip that `cunjing match verify` checks."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.planning.matching.output import write_match
from cunjing.rostering.access import readable_draft
from cunjing.rostering.queries.drafts import chosen_option
from cunjing.rostering.solving import ground_of, kept_plan

PERMISSION = Permission.ROSTER_EDIT


@dataclass(frozen=True, slots=True)
class Proof:
    """A zip with one folder; `name` is the folder's and the file's."""

    name: str
    content: bytes


def export_proof(*, actor: Actor, draft_id: UUID) -> Proof:
    """What a draft's chosen option was made of and the proof that none is better; noted as taken
    out.

    People stand in it by their ids, without names. Raises Problem (409) where the weights of the
    policy have changed since.
    """
    draft = readable_draft(actor=actor, draft_id=draft_id)
    option = chosen_option(draft)
    plan = kept_plan(ground_of(draft), option).plan
    name = f"match-{draft.made_at:%Y%m%d}-{str(draft.pk)[-8:]}"
    with TemporaryDirectory() as home:
        folder = Path(home) / name
        write_match(folder, plan)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as pack:
            for path in sorted(folder.iterdir()):
                pack.write(path, f"{name}/{path.name}")
    with writing(actor=actor, permission=PERMISSION) as write:
        write.note_use("rostering.matchdraft", str(draft.pk), AuditVerb.EXPORTED)
    return Proof(name=name, content=out.getvalue())
