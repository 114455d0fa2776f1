"""An embedded AWS that hangs or dies under a command: one sentence, and soon."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from cli.main import run
from infra.local import bring_up, clients
from infra.local.clients import Clients
from infra.local.home import HOME_VARIABLE
from tests.patience import PATIENCE_S


class _Emulator(BaseHTTPRequestHandler):
    """Answers health as it is told to, and the first call of all too late."""

    is_well = True
    calls = 0
    is_over = threading.Event()

    def do_GET(self) -> None:
        self._answer(b"{}" if self.is_well else None)

    def do_POST(self) -> None:
        type(self).calls += 1
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(b'{"executions": []}' if self.calls > 1 and self.is_well else None)

    def _answer(self, body: bytes | None) -> None:
        if body is None:
            self.is_over.wait(PATIENCE_S)
            return
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(clients, "_SHORT_S", 2.0)
    monkeypatch.setattr(_Emulator, "calls", 0)
    monkeypatch.setattr(_Emulator, "is_over", threading.Event())
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Emulator)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Emulator.is_over.set()
    server.shutdown()
    server.server_close()


def _ask(endpoint: str) -> Any:  # noqa: ANN401 - boto3's own
    return Clients(endpoint).get("stepfunctions").list_executions(stateMachineArn="a:b")


def test_a_call_to_an_embedded_aws_that_hangs_is_given_up_after_one_patience(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "_HEALTH_PATIENCE_S", 0.3)
    monkeypatch.setattr(_Emulator, "is_well", False)
    with pytest.raises(Exception, match=r"^the embedded AWS hangs: run backoffice up$"):
        _ask(endpoint)
    assert _Emulator.calls == 1


def test_a_slow_call_to_an_embedded_aws_that_is_well_is_tried_again(endpoint: str) -> None:
    assert _ask(endpoint)["executions"] == []
    assert _Emulator.calls == 2


@pytest.mark.parametrize("death", [EndpointConnectionError, ConnectionClosedError])
def test_an_embedded_aws_that_dies_while_it_is_brought_up_is_told_as_a_death(
    death: Any,  # noqa: ANN401 - an exception's type
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def die(*_: object) -> None:
        raise death(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(bring_up, "_bring_up", die)
    assert run(["up"]) == 1
    said = capsys.readouterr().err
    assert said == "backoffice: the embedded AWS died under this command: run it again\n"
