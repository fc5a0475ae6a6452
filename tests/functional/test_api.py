"""The API as it is served: the examples of the reference, and the same sent at once."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from tests.support.site import ROOT, Site

from cunjing.base.clock import now, today
from cunjing.base.ids import new_id

PAGE = ROOT / "docs/reference/api.md"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
AT_ONCE = 8
MAKE_KEY = """
import django, sys
from datetime import date
django.setup()
from cunjing.accounts.models import User
from cunjing.accounts.tokens import create_token
from cunjing.kernel.access import Actor
user = User.objects.get(username="demo-bureau")
until = date.fromisoformat(sys.argv[1])
actor = Actor.for_system("test")
print(create_token(actor=actor, user_id=user.pk, name="test", expires_on=until).secret)
"""


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """A key of the demo's county bureau."""
    environment = {
        **os.environ,
        "CUNJING_VAR": str(site.var),
        "DJANGO_SETTINGS_MODULE": "cunjing.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    until = today() + timedelta(days=1)
    made = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", MAKE_KEY, until.isoformat()],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return made.stdout.strip()


def ask(url: str, *, key: str, body: object = None) -> tuple[int, bytes]:
    request = urllib.request.Request(  # noqa: S310 - our own server
        url,
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with DIRECT.open(request, timeout=30) as answer:
        return answer.status, answer.read()


def read(url: str, *, key: str) -> Any:
    status, said = ask(url, key=key)
    assert status == 200
    return json.loads(said)


def test_the_examples_of_the_reference_work(site: Site, key: str) -> None:
    examples = re.findall(r'curl -H [^\n]*?"?(http://127\.0\.0\.1:8000/[^"\s]+)', PAGE.read_text())
    assert len(examples) >= 7
    for example in examples:
        said = read(example.replace("http://127.0.0.1:8000", site.url), key=key)
        assert said.get("items", said)


def test_a_visit_sent_eight_times_at_once_is_stored_once(site: Site, key: str) -> None:
    (body,) = (json.loads(found) for found in re.findall(r"-d '(\{.*\})'", PAGE.read_text()))
    yesterday = now() - timedelta(days=1)
    postings = read(f"{site.url}/api/v1/postings?limit=200", key=key)["items"]
    day = f"{yesterday:%Y-%m-%d}"
    posting = next(row for row in reversed(postings) if row["valid_from"] <= day)
    body |= {
        "id": str(new_id()),
        "village_code": posting["village_code"],
        "staff_id": posting["staff_id"],
        "arrived_at": yesterday.replace(hour=9).isoformat(),
        "left_at": yesterday.replace(hour=11).isoformat(),
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [
            pool.submit(ask, f"{site.url}/api/v1/entries", key=key, body=body)
            for _ in range(AT_ONCE)
        ]
        answers = {one.result() for one in sent}
    assert [status for status, _ in answers] == [201]
    (stored,) = read(
        f"{site.url}/api/v1/records?kind=village_visit&staff_id={posting['staff_id']}"
        f"&date_from={day}&village_code={posting['village_code']}",
        key=key,
    )["items"]
    assert stored["id"] == body["id"]
