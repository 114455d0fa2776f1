"""Whose a token is: only what the pool signed for this console counts."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
from jwt.types import Options

_ALGORITHM: Final = "RS256"
_REFETCH_S: Final = 60.0
_NEEDED: Final = ["exp", "iat", "iss", "sub", "token_use"]


class NoTokenError(Exception):
    """It is no token of the pool's for this console, or it is over."""


class Tokens:
    """Checks tokens by the pool's keys, which are fetched once, and again for an unknown one.

    Parameters
    ----------
    keys
        Fetches the pool's public keys.
    issuer, client
        Who must have signed, and for whom.
    """

    def __init__(self, keys: Callable[[], list[dict[str, Any]]], issuer: str, client: str) -> None:
        self._fetch, self._issuer, self._client = keys, issuer, client
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = -_REFETCH_S

    def of_access(self, token: str) -> Mapping[str, Any]:
        """Return what an access token says.

        Raises
        ------
        NoTokenError
            It does not count.
        """
        claims = self._claims(token, "access")
        if claims.get("client_id") != self._client:
            raise NoTokenError("the token is another client's")
        return claims

    def of_identity(self, token: str, nonce: str) -> Mapping[str, Any]:
        """Return what an identity token says that was asked for with a nonce.

        Raises
        ------
        NoTokenError
            It does not count, or answers another request.
        """
        claims = self._claims(token, "id", self._client)
        if claims.get("nonce") != nonce:
            raise NoTokenError("the token answers another request")
        return claims

    def _claims(self, token: str, use: str, audience: str | None = None) -> Mapping[str, Any]:
        checks: Options = {"require": _NEEDED, "verify_aud": audience is not None}
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._key(token),
                algorithms=[_ALGORITHM],
                audience=audience,
                issuer=self._issuer,
                options=checks,
            )
        except jwt.PyJWTError as error:
            raise NoTokenError(str(error)) from error
        if claims["token_use"] != use:
            raise NoTokenError(f"the token is no {use} token")
        return claims

    def _key(self, token: str) -> jwt.PyJWK:
        named = str(jwt.get_unverified_header(token).get("kid", ""))
        now = time.monotonic()
        if named not in self._keys and now - self._fetched_at >= _REFETCH_S:
            self._fetched_at = now
            found = (jwt.PyJWK(each, algorithm=_ALGORITHM) for each in self._fetch())
            self._keys = {str(key.key_id): key for key in found}
        if named not in self._keys:
            raise NoTokenError("no key of the pool's signed the token")
        return self._keys[named]
