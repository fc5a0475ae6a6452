"""A small sound facts folder, and ways to spoil it."""

from pathlib import Path

VILLAGE = "532323100200"
SOUND = {
    "villages": f"village_code,name\n{VILLAGE},甲村\n532323100201,乙村\n",
    "staff": "staff_id,role\nS1,liaison_officer\nS2,resident_officer\n",
    "postings": (
        "posting_id,village_code,staff_id,role,valid_from,valid_to\n"
        f"P1,{VILLAGE},S1,liaison_officer,2026-01-01,\n"
    ),
    "events": (
        "event_id,kind,village_code,staff_id,local_date,occurred_at\n"
        f"E1,village_visit,{VILLAGE},S1,2026-09-03,2026-09-03T09:00:00+08:00\n"
        f"E2,village_visit,{VILLAGE},S1,2026-09-20,\n"
    ),
}


def write_folder(folder: Path, tables: dict[str, str | bytes]) -> Path:
    """Write tables as CSV files and return the folder."""
    for name, content in tables.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def sound_folder(folder: Path, **changed: str | bytes) -> Path:
    """The sound folder with some tables replaced or added."""
    return write_folder(folder, {**SOUND, **changed})
