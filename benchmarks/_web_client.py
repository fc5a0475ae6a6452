"""A signed-in reader that times pages, one request at a time over one kept connection."""

import http.client
import math
import time
import urllib.parse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of the repeated reads of one address."""

    path: str
    median: float
    p95: float


class Reader:
    """One browser-like reader on loopback."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._token = token

    def sign_in(self, *, username: str, password: str) -> None:
        """Post the log-in form as a browser would. Raises RuntimeError where it is refused."""
        self.get("/account/login/")
        form = {
            "login": username,
            "password": password,
            "csrfmiddlewaretoken": self._cookies["csrftoken"],
        }
        body = urllib.parse.urlencode(form)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self._ask("POST", "/account/login/", body=body, headers=kind)
        if status != 302:
            raise RuntimeError(f"log-in of {username} answered {status}")

    def get(self, path: str) -> str:
        """The body of a page. Raises RuntimeError for anything but 200."""
        status, body = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {body[:300]}")
        return body

    def timed(self, path: str, *, times: int) -> Timing:
        """Read a page `times` times after two warm-up reads."""
        for _ in range(2):
            self.get(path)
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            self.get(path)
            taken.append((time.perf_counter() - started) * 1000)
        taken.sort()
        return Timing(
            path=path, median=taken[len(taken) // 2], p95=taken[math.ceil(0.95 * times) - 1]
        )

    def _ask(
        self, method: str, path: str, *, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        sent = dict(headers or {})
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        self._connection.request(method, path, body=body or None, headers=sent)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = header.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return answer.status, text
