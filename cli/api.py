"""Call the HTTP API, a connection a call."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

_TIMEOUT_S: Final = 60


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the body as text, and where a browser is sent on to."""

    status: int
    text: str
    location: str = ""


@dataclass(frozen=True)
class Api:
    """The API as the holder of a token reaches it."""

    url: str
    token: str

    def get(self, path: str) -> tuple[int, Any]:
        """Ask for a path; return the status and the document."""
        return self._ask("GET", path, None)

    def post(self, path: str, document: object) -> tuple[int, Any]:
        """Send a document to a path; return the status and the document answered."""
        return self._ask("POST", path, json.dumps(document).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        answer = exchange(self.url, method, path, body, headers)
        return answer.status, json.loads(answer.text or "null")


def exchange(
    url: str, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> Answer:
    """Send a request below an address and return what is answered."""
    place = urlsplit(url)
    with closing(HTTPConnection(str(place.hostname), place.port, timeout=_TIMEOUT_S)) as connection:
        connection.request(method, place.path + path, body, dict(headers))
        reply = connection.getresponse()
        return Answer(reply.status, reply.read().decode(), reply.getheader("location") or "")
