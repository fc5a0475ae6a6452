"""The commands as functions: what a command line asks for, without a process of its own."""

import importlib
from pathlib import Path

from cunjing.cli import build_parser


def told(*words: str | Path) -> str:
    """What the command of these words returns for standard output; its errors are raised."""
    line = [str(word) for word in words]
    arguments = build_parser(line[:1]).parse_args(line)
    command = importlib.import_module(f"{arguments.package}.{arguments.module}")
    text: str = getattr(command, arguments.run)(arguments)
    return text
