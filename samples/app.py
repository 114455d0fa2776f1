"""A front-office app: it fetches a token with its own credentials and calls the API with it."""

import base64
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

TRADES_WRITE = "backoffice/trades.write"
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Credentials:
    """What the broker's operations give an app."""

    client_id: str
    client_secret: str

    @classmethod
    def of_app(
        cls,
        cognito: Any,  # noqa: ANN401 - boto3's own
        outputs: dict[str, str],
        app: str = "App",
    ) -> Self:
        """Look them up as operations does, by the stacks' outputs."""
        client = cognito.describe_user_pool_client(
            UserPoolId=outputs["UserPoolId"], ClientId=outputs[f"{app}ClientId"]
        )["UserPoolClient"]
        return cls(client["ClientId"], client["ClientSecret"])

    def token(self, endpoint: str, scope: str) -> str:
        """Fetch an access token (OAuth 2.0, client credentials)."""
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials", "scope": scope})
        headers = {
            "authorization": f"Basic {basic}",
            "content-type": "application/x-www-form-urlencoded",
        }
        with closing(_connection(endpoint)) as connection:
            connection.request("POST", "/oauth2/token", form, headers)
            return str(json.loads(connection.getresponse().read())["access_token"])


@dataclass(frozen=True)
class Reply:
    """What the API answered; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    document: Any


class App:
    """One connection to the API; each thread of an app has its own."""

    def __init__(self, api_url: str, token: str | None) -> None:
        self._connection = _connection(api_url)
        self._base = urlsplit(api_url).path
        self._headers = {"content-type": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def send(self, path: str, document: object = None) -> tuple[int, Any]:
        """GET a path, or POST a document to it; return the status and the document answered."""
        reply = self.exchange(path, document)
        return reply.status, reply.document

    def exchange(self, path: str, document: object = None) -> Reply:
        """GET a path, or POST a document to it; return all that was answered."""
        body = None if document is None else json.dumps(document)
        method = "GET" if body is None else "POST"
        self._connection.request(method, self._base + path, body, self._headers)
        reply = self._connection.getresponse()
        text = reply.read()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, headers, json.loads(text) if text else None)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _connection(url: str) -> HTTPConnection:
    place = urlsplit(url)
    return HTTPConnection(str(place.hostname), place.port, timeout=_TIMEOUT_S)
