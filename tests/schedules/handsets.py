"""Phones as the model knows them."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Handset:
    """One phone as the model knows it."""

    name: str
    owner: int
    loaded: bool = False
    on: bool = False
    device: UUID = field(default_factory=lambda: UUID(int=0))
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Ids of mutations said to be saved, each with what it must become at the server, if known."""
    unsure: int = 0
    """How many saves died so that nobody knows."""
    photos: dict[str, str] = field(default_factory=dict)
    """Ids of the photos said to be taken, each with the digest of its picture."""
    shoots: bool = False
    """Whether there may be photos on it."""
    unfinished: int = 0
    """How many visits may still be under way."""
    copied: bool = False
    """Whether it was put back to an older copy of its store."""
    rests: bool = False
    """Whether its last exchange said that all is done."""
    passed: int = 0
    """Milliseconds surely passed since an exchange that got nowhere near the server."""
