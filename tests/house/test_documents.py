"""The documents say what is there: links lead somewhere, commands and their options exist."""

import argparse
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.core.management import get_commands, load_command_class
from tests.support.sources import ROOT, project_files
from tools.runner.cli import HELP

from cunjing.cli import DIFFERS, DJANGO_COMMANDS, build_parser

DOCS = ROOT / "docs"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *project_files(".md", under=DOCS)]

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
PRODUCT_CALL = re.compile(r"(?:^|[\s/`])cunjing ((?:[a-z]|--).*)")
RUN_CALL = re.compile(r"(?:^|[\s`])\./run ([a-z].*)")
# What stands behind these is another command, a comment or a choice in a usage line.
END = re.compile(r"\s(?:#|\||&&|>|…)|[;`…]|\\\|")


def _links(document: Path) -> Iterator[str]:
    for found in LINK.finditer(FENCE.sub("", document.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", found[1]):
            yield found[1]


def _anchors(document: Path) -> set[str]:
    titles = HEADING.findall(FENCE.sub("", document.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _leads_nowhere(document: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return True
    return bool(anchor) and anchor not in _anchors(target)


def _code_lines(document: Path) -> Iterator[str]:
    """Lines of code blocks, fenced or indented, and what stands between backquotes."""
    fenced = False
    for line in document.read_text("utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line
        else:
            yield from re.findall(r"`([^`]+)`", line)


def _calls(pattern: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    for document in DOCUMENTS:
        for line in _code_lines(document):
            for found in pattern.finditer(line):
                words = END.split(found[1], maxsplit=1)[0].split()
                yield f"{document.name}: {' '.join(words)}", words


def _product_parser(words: list[str]) -> tuple[argparse.ArgumentParser, list[str]]:
    """The parser that reads these words, and the words left for it."""
    for path, name in DJANGO_COMMANDS.items():
        if tuple(words[: len(path)]) == path:
            command = load_command_class(get_commands()[name], name)
            return command.create_parser("cunjing", name), words[len(path) :]
    return build_parser(), words


def _choices(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def _unknown(words: list[str]) -> str:
    """The first word no parser knows; empty where all are known. Values are not judged."""
    parser, rest = _product_parser(words)
    while rest and _choices(parser) and not rest[0].startswith("-"):
        if rest[0] not in _choices(parser):
            return rest[0]
        parser, rest = _choices(parser)[rest[0]], rest[1:]
    options = [word.split("=")[0].strip("[],") for word in rest if word.lstrip("[").startswith("-")]
    return next((name for name in options if name not in parser._option_string_actions), "")


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)} → {link}"
        for document in DOCUMENTS
        for link in _links(document)
        if _leads_nowhere(document, link)
    ]
    assert broken == []


def test_every_document_is_in_the_index() -> None:
    index = DOCS / "README.md"
    named = {(DOCS / link).resolve() for link in _links(index)}
    documents = {path for path in DOCUMENTS if path.is_relative_to(DOCS) and path != index}
    assert sorted(str(path.relative_to(DOCS)) for path in documents - named) == []


def test_every_command_of_the_product_exists() -> None:
    calls = list(_calls(PRODUCT_CALL))
    assert len(calls) > 30
    assert [f"{call} ({_unknown(words)})" for call, words in calls if _unknown(words)] == []


def test_every_word_of_run_exists() -> None:
    known = set(re.findall(r"^  (\w+) ", HELP, re.MULTILINE))
    calls = list(_calls(RUN_CALL))
    assert len(calls) > 5
    assert [call for call, words in calls if words[0] not in known] == []


def test_every_benchmark_and_test_folder_named_exists() -> None:
    missing = []
    for call, words in _calls(RUN_CALL):
        places = [ROOT / word for word in words[1:] if word.startswith("tests/")]
        if words[0] == "bench" and len(words) > 1 and words[1].islower():
            places.append(ROOT / f"benchmarks/{words[1]}.py")
        missing += [call for path in places if not path.exists()]
    assert missing == []


def test_every_page_says_alike_how_a_check_that_finds_something_ends() -> None:
    said = {
        "how-to/freeze-and-revise-a-month.md": f"| {DIFFERS} |",
        "how-to/verify-the-audit-chain.md": f"| {DIFFERS} |",
        "how-to/back-up-and-restore.md": f"status {DIFFERS}",
        "explanation/assessments-that-replay.md": f"status {DIFFERS}",
        "explanation/records-that-can-be-believed.md": f"status {DIFFERS}",
    }
    texts = {page: " ".join((DOCS / page).read_text("utf-8").split()) for page in said}
    assert [page for page, words in said.items() if words not in texts[page]] == []
    others = {number for text in texts.values() for number in re.findall(r"[Ss]tatus (\d)", text)}
    assert others <= {str(DIFFERS), "0"}


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    parts = (ROOT / "GLOSSARY.md").read_text("utf-8").split("\n## ")[1:]
    tables = [_rows(part) for part in parts]
    assert [rows for rows in tables if rows != sorted(rows, key=lambda row: row[1])] == []
    words = [word for rows in tables for chinese, _ in rows for word in chinese.split("、")]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def _rows(part: str) -> list[tuple[str, str]]:
    """中文 and English, as sorted by, of each row of a part's table."""
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(row[1], row[2].replace("`", "").casefold()) for row in cells]


def test_a_wrong_command_would_be_found() -> None:
    assert _unknown(["audit", "verify", "--head", "FILE"]) == ""
    assert _unknown(["audit", "check"]) == "check"
    assert _unknown(["assess", "--policy", "bozhou-2014", "--month", "9"]) == "--month"
    assert _unknown(["facts", "export", "--to", "FOLDER"]) == "--to"
    assert _unknown(["nothing"]) == "nothing"
