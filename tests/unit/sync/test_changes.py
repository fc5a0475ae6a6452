"""Changed fields and what is handed over, by the vectors both sides share."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.support.sync_vectors import FILE

from cunjing.base.merging import FieldEdit, merge
from cunjing.sync.bodies import HouseholdChangeLine, MatterChangeLine, read_body
from cunjing.sync.sealing import UnreadableSealError, unsealed

SHARED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
SERVER = ec.derive_private_key(0x5EA1, ec.SECP256R1())
ID = "01932c4e-0000-7000-8000-000000000001"


def read(case: dict[str, Any]) -> dict[str, FieldEdit]:
    """The fields of a change as the server reads them from a line."""
    row = case["row"]
    body = {
        "village_code": "990201101201", f"{row}_id": ID, "base_version": "1",
        "fields": case["fields"],
    }  # fmt: skip
    form = read_body(body, type_name=f"{row}_change", saved_at="2026-11-22T09:00:00+08:00")
    assert isinstance(form, HouseholdChangeLine | MatterChangeLine)
    said = {name: getattr(form.fields_, name) for name in type(form.fields_).model_fields}
    return {name: FieldEdit(_text(edit.was), _text(edit.to)) for name, edit in said.items() if edit}


@pytest.mark.parametrize("case", SHARED["changes"], ids=lambda case: case["about"])
def test_a_change_as_the_phone_sends_it_is_merged_by_field(case: dict[str, Any]) -> None:
    merged = merge(current=case["station"], edits=read(case))
    assert merged.values == case["values"]
    clashes = [[one.field, one.base, one.station, one.device] for one in merged.clashes]
    assert clashes == case["clashes"]


def test_what_was_sealed_to_the_server_is_opened_for_its_device_only() -> None:
    said = SHARED["handover"]
    device, sealed = UUID(SHARED["device"]["id"]), base64.b64decode(said["sealed"])
    assert unsealed(sealed, key=SERVER, device_id=device).decode() == said["body"]
    with pytest.raises(UnreadableSealError):
        unsealed(sealed, key=SERVER, device_id=UUID(ID))


def _text(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
