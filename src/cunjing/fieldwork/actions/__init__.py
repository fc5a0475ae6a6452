"""Writes of work records."""

from cunjing.fieldwork.actions.corrections import correct_record, withdraw_record
from cunjing.fieldwork.actions.notes import note_export, note_sync
from cunjing.fieldwork.actions.recording import (
    BatchLine,
    Recorded,
    record_batch,
    record_many,
    record_work,
)

__all__ = [
    "BatchLine",
    "Recorded",
    "correct_record",
    "note_export",
    "note_sync",
    "record_batch",
    "record_many",
    "record_work",
    "withdraw_record",
]
