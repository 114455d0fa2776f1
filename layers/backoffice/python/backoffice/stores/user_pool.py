"""The pool that people sign in to, as a client that keeps no secret reaches it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

_TIMEOUT_S: Final = 10
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


class PoolError(Exception):
    """The pool does not answer, or does not give what was asked for."""


@dataclass(frozen=True)
class UserPool:
    """Where the pool answers; the addresses are the deployment's, none comes from a request.

    Attributes
    ----------
    address
        Its pages and its token endpoint.
    keys_address
        The keys that it signs tokens with (a JSON Web Key Set).
    client
        Which client asks.
    """

    address: str
    keys_address: str
    client: str

    def tokens_for(self, code: str, verifier: str, redirect: str) -> Mapping[str, str]:
        """Exchange a code that a browser came back with.

        Raises
        ------
        PoolError
            It is none, was used, or the verifier is another's.
        """
        return self._tokens(
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=redirect,
        )

    def renewed(self, refresh: str) -> Mapping[str, str]:
        """Fetch a new access token.

        Raises
        ------
        PoolError
            The refresh token is over, or was revoked.
        """
        return self._tokens(grant_type="refresh_token", refresh_token=refresh)

    def revoke(self, refresh: str) -> None:
        """Make a refresh token, and all that came of it, worth nothing.

        Raises
        ------
        PoolError
            The pool does not answer.
        """
        self._post("/oauth2/revoke", {"token": refresh, "client_id": self.client})

    def keys(self) -> list[dict[str, Any]]:
        """Fetch the public keys.

        Raises
        ------
        PoolError
            The pool does not answer.
        """
        return list(json.loads(_asked(Request(self.keys_address)))["keys"])  # noqa: S310 - ours

    def _tokens(self, **said: str) -> Mapping[str, str]:
        body = self._post("/oauth2/token", {**said, "client_id": self.client})
        return {name: str(value) for name, value in json.loads(body).items()}

    def _post(self, path: str, form: Mapping[str, str]) -> bytes:
        request = Request(self.address + path, urlencode(form).encode(), _FORM)  # noqa: S310 - ours
        return _asked(request)


def _asked(request: Request) -> bytes:
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - the deployment's address
            return bytes(answer.read())
    except HTTPError as error:
        raise PoolError(f"the pool answered {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise PoolError("the pool does not answer") from error
