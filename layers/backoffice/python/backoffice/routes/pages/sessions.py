"""What a browser keeps of who signed in: sealed cookies, out of reach of every script."""

import json
import secrets
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.front_office.people import person_of
from backoffice.routes.pages.requests import Request
from backoffice.routes.pages.tokens import NoTokenError, Tokens
from backoffice.stores.user_pool import PoolError, UserPool

SESSION: Final = "session"
RENEWAL: Final = "renewal"
ENTRY: Final = "signing-in"
PREFERENCES: Final = "preferences"
_RENEWAL_S: Final = 12 * 3_600
_YEAR_S: Final = 365 * 86_400


class Sealing(Protocol):
    """Seals what a browser keeps."""

    def seal(self, purpose: str, text: str) -> str:
        """Seal a text for a purpose."""

    def open(self, purpose: str, sealed: str) -> str | None:
        """Open it; None for what was not sealed for this purpose."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in, what their forms must carry, and cookies that are new."""

    person: Person
    form_token: str
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sessions:
    """Reads and writes the console's cookies.

    Attributes
    ----------
    address
        The console's; its cookies are for its path alone.
    secure
        Whether a browser sends them by https alone: everywhere but on one's own machine.
    """

    seals: Sealing
    tokens: Tokens
    pool: UserPool
    address: str
    secure: bool

    def find(self, request: Request) -> Session | None:
        """Return who is signed in; an access token that is over is renewed on the way."""
        kept = self._opened(request, SESSION)
        if kept is None:
            return self._renewed(request)
        try:
            person = person_of(self.tokens.of_access(kept["access"]))
        except (NoTokenError, ActRefusedError):
            # what somebody wrote meanwhile is of this session still
            return self._renewed(request, kept["form"])
        return Session(person, kept["form"])

    def begin(self, access: str, refresh: str | None, form: str = "") -> Session:
        """Start a session by tokens, or go on with one whose forms carry a token already.

        Raises
        ------
        NoTokenError
            The access token does not count.
        """
        person = person_of(self.tokens.of_access(access))
        form = form or secrets.token_urlsafe(24)
        said = {"access": access, "form": form}
        cookies = [self.cookie(SESSION, self._sealed(SESSION, said), _RENEWAL_S)]
        if refresh:
            sealed = self._sealed(RENEWAL, {"refresh": refresh})
            cookies.append(self.cookie(RENEWAL, sealed, _RENEWAL_S))
        return Session(person, form, tuple(cookies))

    def keep(self, name: str, said: dict[str, str], lasts_s: int) -> str:
        """Return a sealed cookie."""
        return self.cookie(name, self._sealed(name, said), lasts_s)

    def kept(self, request: Request, name: str) -> dict[str, str] | None:
        """Return what a sealed cookie says."""
        return self._opened(request, name)

    def ended(self) -> tuple[str, ...]:
        """Return the cookies that make a browser forget."""
        return tuple(self.cookie(name, "", 0) for name in (SESSION, RENEWAL, ENTRY))

    def cookie(self, name: str, value: str, lasts_s: int) -> str:
        """Write a cookie."""
        path = urlsplit(self.address).path
        flags = "; Secure" if self.secure else ""
        place = f"Path={path}; Max-Age={lasts_s}"
        return f"{self._name(name)}={value}; {place}; HttpOnly; SameSite=Lax{flags}"

    def plain(self, request: Request, name: str) -> str:
        """Return a cookie's text as the browser sends it."""
        return request.cookies.get(self._name(name), "")

    def _renewed(self, request: Request, form: str = "") -> Session | None:
        kept = self._opened(request, RENEWAL)
        if kept is None:
            return None
        try:
            return self.begin(self.pool.renewed(kept["refresh"])["access_token"], None, form)
        except (PoolError, NoTokenError, ActRefusedError, KeyError):
            return None

    def _name(self, name: str) -> str:
        return f"__Secure-{name}" if self.secure else name

    def _sealed(self, name: str, said: dict[str, str]) -> str:
        return self.seals.seal(name, json.dumps(said))

    def _opened(self, request: Request, name: str) -> dict[str, str] | None:
        text = self.seals.open(name, self.plain(request, name))
        return (
            None if text is None else {key: str(value) for key, value in json.loads(text).items()}
        )


def preference_cookie(sessions: Sessions, language: str, theme: str) -> str:
    """Return the cookie of how somebody likes their pages; it says nothing of anybody."""
    return sessions.cookie(PREFERENCES, f"{language}.{theme}", _YEAR_S)
