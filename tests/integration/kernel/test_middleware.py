"""A body that did not arrive whole reaches no view, behind the real server and without it."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from tests.support.body_probe import Probe, probe

from cunjing.kernel import middleware
from cunjing.kernel.middleware import WholeBodyMiddleware

BODY = json.dumps({"log": "巡村" * 50_000}).encode()
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\n" + b"1,2,3\n" * 500_000 + b"\r\n--x--\r\n"
)
FILE = b"1,2,3\n" * 500_000
JSON = "Content-Type: application/json"
MULTIPART = "Content-Type: multipart/form-data; boundary=x"
MEGABYTE = 1024 * 1024


def head(length: int | str, *more: str, path: str = "/keep") -> str:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    return "\n".join([*lines, f"Content-Length: {length}", *more])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    with probe(tmp_path_factory.mktemp("probe")) as running:
        yield running


@pytest.fixture
def kept(server: Probe) -> Path:
    server.kept.unlink(missing_ok=True)
    return server.kept


@pytest.mark.parametrize(
    ("body", "kind", "content"), [(BODY, JSON, BODY), (FORM, MULTIPART, FILE), (b"", JSON, b"")]
)
def test_a_whole_body_reaches_the_view(
    server: Probe, kept: Path, body: bytes, kind: str, content: bytes
) -> None:
    answer = server.send(head(len(body), kind), body)
    assert answer.startswith(b"HTTP/1.1 200")
    assert kept.read_bytes() == content


@pytest.mark.parametrize("way", ["cut", "reset"])
@pytest.mark.parametrize("sent", [(BODY, JSON), (FORM, MULTIPART)], ids=["json", "file"])
@pytest.mark.parametrize("place", [0, 1, 0.3, 0.5, 0.99, -1])
def test_a_body_cut_anywhere_writes_nothing(
    server: Probe, kept: Path, sent: tuple[bytes, str], place: float, way: str
) -> None:
    body, kind = sent
    end = int(place * len(body)) if 0 < place < 1 else int(place)
    answer = server.send(head(len(body), kind), body[:end], cut=way == "cut", reset=way == "reset")
    assert not answer or answer.startswith(b"HTTP/1.1 400")
    # The server still works, and what it wrote for the next request is all it wrote.
    whole = server.send(head(2, JSON, path="/api/keep"), b"{}")
    assert whole.startswith(b"HTTP/1.1 200")
    assert kept.read_bytes() == b"{}"


def test_a_body_without_length_is_refused(server: Probe, kept: Path) -> None:
    lines = ["POST /keep HTTP/1.1", "Host: localhost", "Connection: close", JSON]
    chunked = "\n".join([*lines, "Transfer-Encoding: chunked"])
    answer = server.send(chunked, b"2\r\n{}\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert "没有写明长度".encode() in answer
    assert not kept.exists()


def test_too_large_a_body_is_answered_after_it_was_sent(server: Probe, kept: Path) -> None:
    answer = server.send(head(50 * MEGABYTE, MULTIPART), b"x" * (50 * MEGABYTE))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"50.0 MB" in answer
    assert not kept.exists()


class Cut(io.BytesIO):
    """A connection that breaks with an error after its bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError
        return piece


def never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("a view was reached")


def post(
    body: bytes,
    *,
    view: Callable[[HttpRequest], HttpResponse] = never,
    path: str = "/keep",
    **environ: object,
) -> HttpResponse:
    request = RequestFactory().post(path, body, content_type="application/json")
    request = WSGIRequest({**request.environ, **environ})
    return WholeBodyMiddleware(view)(request)


@pytest.mark.parametrize("stream", [io.BytesIO, Cut])
def test_a_short_stream_is_refused(stream: Callable[[bytes], io.BytesIO]) -> None:
    answer = post(b"{}", **{"wsgi.input": stream(b"{"), "CONTENT_LENGTH": "2"})
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert answer["Content-Type"] == "application/problem+json"
    assert "什么都没有保存" in problem["detail"]


@pytest.mark.parametrize("length", ["-1", "two", "1e3", "²"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    answer = post(b"{}", CONTENT_LENGTH=length)
    assert answer.status_code == 400
    assert "不是数字" in json.loads(answer.content)["detail"]


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_the_limit_is_that_of_the_settings() -> None:
    assert post(b"0123456789", view=lambda _: HttpResponse("ok")).status_code == 200
    assert post(b"01234567890").status_code == 413


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_a_refused_body_is_read_away_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "DRAIN_BYTES", 100)
    monkeypatch.setattr(middleware, "PIECE", 50)
    sent = io.BytesIO(b"x" * 1000)
    post(b"x", **{"wsgi.input": sent, "CONTENT_LENGTH": "1000"})
    assert sent.tell() == 100


@pytest.mark.parametrize(
    ("path", "headers", "page"),
    [
        ("/keep", {"HTTP_ACCEPT": "text/html,*/*"}, True),
        ("/keep", {"HTTP_ACCEPT": "*/*"}, False),
        ("/api/keep", {"HTTP_ACCEPT": "text/html"}, False),
        ("/keep", {"HTTP_ACCEPT": "text/html", "HTTP_HX_REQUEST": "true"}, False),
    ],
)
def test_browsers_get_a_page_and_programs_a_problem(
    path: str, headers: dict[str, str], page: bool
) -> None:
    answer = post(b"{}", path=path, CONTENT_LENGTH="x", **headers)
    assert answer["Content-Type"].startswith("text/html" if page else "application/problem+json")
    assert "40001" in answer.content.decode()


def test_views_read_the_body_as_always() -> None:
    def read(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.body + request.body)

    assert post(b"{}", view=read).content == b"{}{}"


def test_an_uploaded_file_is_read_from_the_spool() -> None:
    def read(request: HttpRequest) -> HttpResponse:
        upload = request.FILES["file"]
        assert isinstance(upload, SimpleUploadedFile) or upload.size == len(FILE)
        return HttpResponse(f"{request.POST['name']} {upload.size}")

    sent = {"file": SimpleUploadedFile("a.csv", FILE), "name": "村"}
    request = RequestFactory().post("/keep", sent)
    answer = WholeBodyMiddleware(read)(request)
    request.close()
    assert answer.content.decode() == f"村 {len(FILE)}"


def test_a_request_without_body_passes() -> None:
    request = RequestFactory().get("/keep")
    assert WholeBodyMiddleware(lambda _: HttpResponse("ok"))(request).status_code == 200


def test_another_kind_of_request_is_our_fault() -> None:
    with pytest.raises(TypeError, match="WSGI"):
        WholeBodyMiddleware(never)(HttpRequest())
