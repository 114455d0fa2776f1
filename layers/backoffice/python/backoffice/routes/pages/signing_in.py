"""Sign in at the pool's own page: a code, with a proof (PKCE), a state and a nonce of its own."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.routes.pages.answers import Answer, see_other
from backoffice.routes.pages.requests import Request
from backoffice.routes.pages.sessions import ENTRY, RENEWAL, Sessions
from backoffice.routes.pages.tokens import NoTokenError
from backoffice.stores.user_pool import PoolError

SIGN_IN: Final = "sign-in"
SIGNED_IN: Final = "signed-in"
SIGN_OUT: Final = "sign-out"
SIGNED_OUT: Final = "signed-out"
_ENTRY_S: Final = 600
_BYTES: Final = 48
START: Final = "today"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The way in and out; `scopes` are what a person's token is asked for."""

    sessions: Sessions
    scopes: str

    def send(self, request: Request) -> Answer:
        """Send a browser to the pool's page; what must come back with it is sealed in a cookie."""
        state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.sessions.pool.client,
            "redirect_uri": self._place(SIGNED_IN),
            "scope": self.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "to": _inside(request)}
        cookie = self.sessions.keep(ENTRY, kept, _ENTRY_S)
        place = f"{self.sessions.pool.address}/oauth2/authorize?{urlencode(asked)}"
        return see_other(place, cookies=(cookie,))

    def take_back(self, request: Request) -> Answer | None:
        """Begin a session for who comes back; None for who comes with no proof of having asked."""
        kept = self.sessions.kept(request, ENTRY)
        state, code = request.query.get("state", ""), request.query.get("code", "")
        if kept is None or not code or not secrets.compare_digest(state, kept["state"]):
            return None
        try:
            pool = self.sessions.pool
            given = pool.tokens_for(code, kept["verifier"], self._place(SIGNED_IN))
            self.sessions.tokens.of_identity(given["id_token"], kept["nonce"])
            begun = self.sessions.begin(given["access_token"], given.get("refresh_token"))
        except (PoolError, NoTokenError, ActRefusedError, KeyError):
            return None
        forgotten = self.sessions.cookie(ENTRY, "", 0)
        return see_other(self._place(kept["to"]), cookies=(*begun.cookies, forgotten))

    def sign_out(self, request: Request) -> Answer:
        """End a session here and at the pool, whose own page forgets the browser too."""
        kept = self.sessions.kept(request, RENEWAL)
        pool = self.sessions.pool
        if kept is not None:
            try:
                pool.revoke(kept["refresh"])
            except PoolError:
                # the browser forgets it all the same, and in hours it is over
                kept = None
        asked = urlencode({"client_id": pool.client, "logout_uri": self._place(SIGNED_OUT)})
        return see_other(f"{pool.address}/logout?{asked}", cookies=self.sessions.ended())

    def _place(self, path: str) -> str:
        return f"{self.sessions.address}/{path}"


def _inside(request: Request) -> str:
    """Return the page asked for after signing in: one below the console, whatever is said."""
    wanted = request.query.get("to", START)
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if plain and not wanted.startswith("/") and ":" not in wanted else START
