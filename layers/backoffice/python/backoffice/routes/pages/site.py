"""The console as browsers reach it: who is let in, which page they get, what goes with it."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Final
from urllib.parse import unquote, urlencode, urlsplit

from backoffice.clearance.act_rules import Person
from backoffice.console.html import to_html
from backoffice.console.pages import (
    THEMES,
    Asked,
    File,
    Move,
    NoPageError,
    Page,
    Shelf,
    Theme,
    Viewer,
)
from backoffice.console.site_map import find_page
from backoffice.console.wording import ENGLISH, LANGUAGES
from backoffice.kernel.errors import BackofficeError
from backoffice.routes.pages.answers import Answer, download, see_other
from backoffice.routes.pages.requests import Request
from backoffice.routes.pages.sessions import PREFERENCES, Session, Sessions, preference_cookie
from backoffice.routes.pages.signing_in import (
    SIGN_IN,
    SIGN_OUT,
    SIGNED_IN,
    SIGNED_OUT,
    START,
    SigningIn,
)

_NOBODY: Final = Person(name="", groups=())
FORM_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field
_STATIC: Final = "static/"
_A_YEAR: Final = "public, max-age=31536000, immutable"
_KINDS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_SCRIPTS: Final = {
    "console.css": ("backoffice.console", "static/console.css"),
    "console.js": ("backoffice.console", "static/console.js"),
    "icon.svg": ("backoffice.console", "static/icon.svg"),
    "htmx.js": ("browser_scripts", "htmx.min.js"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """The console.

    Attributes
    ----------
    shelf
        Opens what pages read, as it is now.
    """

    sessions: Sessions
    signing_in: SigningIn
    shelf: Callable[[], Shelf]

    def answer(self, request: Request) -> Answer:
        """Answer a browser."""
        if request.path.startswith(_STATIC):
            return _static(request.path.removeprefix(_STATIC))
        if request.path in _OPEN and request.method == "GET":
            return _OPEN[request.path](self, request)
        session = self.sessions.find(request)
        if session is None:
            wanted = request.path if request.method == "GET" and request.path else START
            place = f"{self._base}/{SIGN_IN}?{urlencode({'to': wanted})}"
            return see_other(place, script=request.is_of_script, cookies=self.sessions.ended())
        answer = self._within(request, session)
        return _with_cookies(answer, session.cookies)

    def _within(self, request: Request, session: Session) -> Answer:
        viewer = self._viewer(request, session)
        if not request.path:
            return see_other(f"{self._base}/{START}")
        if request.method == "POST":
            if not _is_own(request, session):
                return self._problem(request, viewer, HTTPStatus.FORBIDDEN, "foreign")
            if request.path == SIGN_OUT:
                return self.signing_in.sign_out(request)
            if request.path == PREFERENCES:
                return self._prefer(request, viewer)
        return self._shown(request, viewer)

    def _shown(self, request: Request, viewer: Viewer) -> Answer:
        try:
            show, named = find_page(request.method, request.path)
            said = (request.query, request.form, request.files)
            shown = show(self.shelf(), viewer, Asked(tuple(map(unquote, named)), *said))
        except NoPageError:
            return self._problem(request, viewer, HTTPStatus.NOT_FOUND, "missing")
        except BackofficeError as error:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._problem(request, viewer, status, "refused", str(error))
        match shown:
            case Move():
                return see_other(f"{self._base}/{shown.to}", script=request.is_of_script)
            case File():
                return download(shown.name, shown.kind, shown.body)
            case Page():
                return self._page(request, viewer, shown)

    def _page(self, request: Request, viewer: Viewer, page: Page) -> Answer:
        query = urlencode(request.query)
        here = f"{request.path}?{query}" if query and request.method == "GET" else request.path
        return Answer(page.status, to_html(page, viewer, self._base, here, _version()))

    def _problem(
        self, request: Request, viewer: Viewer, status: HTTPStatus, why: str, detail: str = ""
    ) -> Answer:
        page = Page("problem.html.j2", "problem", "", {"why": why, "detail": detail}, status)
        return self._page(request, viewer, page)

    def _prefer(self, request: Request, viewer: Viewer) -> Answer:
        form, to = request.form, request.form.get("to", START)
        language, theme = form.get("language", viewer.language), form.get("theme", viewer.theme)
        if language not in LANGUAGES or theme not in THEMES:  # a cookie says them as they are
            language, theme = viewer.language, viewer.theme
        plain = to.isascii() and to.isprintable() and "\\" not in to
        cookie = preference_cookie(self.sessions, language, theme)
        return see_other(f"{self._base}/{to if plain else START}", cookies=(cookie,))

    def _viewer(self, request: Request, session: Session | None) -> Viewer:
        language, _, theme = self.sessions.plain(request, PREFERENCES).partition(".")
        if language not in LANGUAGES:
            preferred = request.headers.get("accept-language", "").lower()
            language = "IS" if preferred.startswith("is") else ENGLISH
        chosen: Theme = next((each for each in THEMES if each == theme), "")
        person, token = (session.person, session.form_token) if session else (_NOBODY, "")
        return Viewer(person, token, language, chosen)

    def signed_in(self, request: Request) -> Answer:
        """Take back who signed in at the pool's page."""
        back = self.signing_in.take_back(request)
        viewer = self._viewer(request, None)
        return back or self._problem(request, viewer, HTTPStatus.BAD_REQUEST, "not-let-in")

    def signed_out(self, request: Request) -> Answer:
        """Say goodbye."""
        page = Page("problem.html.j2", "signed-out", "", {"why": "signed-out", "detail": ""})
        return self._page(request, self._viewer(request, None), page)

    @property
    def _base(self) -> str:
        return urlsplit(self.sessions.address).path


_OPEN: Final[Mapping[str, Callable[[Site, Request], Answer]]] = {
    SIGN_IN: lambda site, request: site.signing_in.send(request),
    SIGNED_IN: Site.signed_in,
    SIGNED_OUT: Site.signed_out,
}


def _is_own(request: Request, session: Session) -> bool:
    """Whether a form is of a page of this session's: its token says so, and the browser."""
    token = request.form.get(FORM_TOKEN, "").encode()
    same = secrets.compare_digest(token, session.form_token.encode())
    return same and not request.comes_from_elsewhere


def _with_cookies(answer: Answer, cookies: tuple[str, ...]) -> Answer:
    if not cookies:
        return answer
    named = {cookie.partition("=")[0] for cookie in answer.cookies}
    kept = (cookie for cookie in cookies if cookie.partition("=")[0] not in named)
    return replace(answer, cookies=(*answer.cookies, *kept))


def _static(name: str) -> Answer:
    """Answer a stylesheet or script; its address changes with it."""
    if name not in _SCRIPTS:
        return Answer(HTTPStatus.NOT_FOUND, "")
    kind, text = _KINDS[name.rpartition(".")[2]], _script(name).decode()
    return Answer(HTTPStatus.OK, text, kind=kind, cache=_A_YEAR)


@cache
def _script(name: str) -> bytes:
    return files(_SCRIPTS[name][0]).joinpath(_SCRIPTS[name][1]).read_bytes()


@cache
def _version() -> str:
    every = b"".join(_script(name) for name in sorted(_SCRIPTS))
    return hashlib.sha256(every).hexdigest()[:12]
