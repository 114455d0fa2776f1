"""Who is let into the console: tokens of the pool for it alone, sealed cookies, its own forms."""

import json
import time
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from backoffice.console.pages import Asked, Shelf
from backoffice.routes.pages.requests import Request, read_request
from backoffice.routes.pages.sessions import RENEWAL, SESSION, Sessions
from backoffice.routes.pages.signing_in import SigningIn
from backoffice.routes.pages.site import Site
from backoffice.routes.pages.tokens import NoTokenError, Tokens
from backoffice.stores.user_pool import PoolError, UserPool

ISSUER, CLIENT = "https://pool.example", "console"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ADDRESS = "https://api.example/v1/console"


def _keys() -> list[dict[str, Any]]:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]


def _token(key: rsa.RSAPrivateKey = KEY, **said: object) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": "s",
        "iat": now,
        "exp": now + 60,
        "token_use": "access",
        "client_id": CLIENT,
        "username": "anna",
        "cognito:groups": ["case-makers"],
        **said,
    }
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})


@pytest.fixture(autouse=True)
def _scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put what the layer carries for browsers where pages look for it."""
    package = tmp_path / "browser_scripts"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "htmx.min.js").write_text("//")
    monkeypatch.syspath_prepend(tmp_path)


TOKENS = Tokens(_keys, ISSUER, CLIENT)


def test_a_token_of_the_pool_for_the_console_counts() -> None:
    assert TOKENS.of_access(_token())["username"] == "anna"


@pytest.mark.parametrize(
    "token",
    [
        _token(OTHER),
        _token(exp=int(time.time()) - 1),
        _token(iss="https://elsewhere.example"),
        _token(client_id="another"),
        _token(token_use="id"),  # noqa: S106 - a kind of token
        jwt.encode({"username": "anna"}, "0" * 32, algorithm="HS256", headers={"kid": "one"}),
        jwt.encode({"username": "anna"}, "", algorithm="none", headers={"kid": "one"}),
        "garbage",
    ],
)
def test_no_other_token_does(token: str) -> None:
    with pytest.raises(NoTokenError):
        TOKENS.of_access(token)


def test_an_identity_token_answers_the_request_it_was_asked_for() -> None:
    token = _token(token_use="id", aud=CLIENT, nonce="mine")  # noqa: S106 - a kind of token
    assert TOKENS.of_identity(token, "mine")
    with pytest.raises(NoTokenError):
        TOKENS.of_identity(token, "another")


class _Seals:
    """Seals by a mark: what is not marked for the purpose does not open."""

    def seal(self, purpose: str, text: str) -> str:
        return f"{purpose}!{text.encode().hex()}"

    def open(self, purpose: str, sealed: str) -> str | None:
        mark, _, text = sealed.partition("!")
        return bytes.fromhex(text).decode() if mark == purpose else None


class _Pool(UserPool):
    """A pool that gives tokens for one code."""

    def tokens_for(self, code: str, verifier: str, redirect: str) -> Mapping[str, str]:
        assert verifier
        assert redirect == f"{ADDRESS}/signed-in"
        if code != "good":
            raise PoolError("no")
        identity = _token(token_use="id", aud=CLIENT, nonce=NONCES[-1])  # noqa: S106 - a kind
        return {"access_token": _token(), "refresh_token": "r", "id_token": identity}

    def renewed(self, refresh: str) -> Mapping[str, str]:
        return {"access_token": _token()} if refresh == "r" else {}

    def revoke(self, refresh: str) -> None:
        del refresh


NONCES: list[str] = []


def _shelf() -> Shelf:
    raise AssertionError("nobody who is not let in makes pages be read")


POOL = _Pool("https://sign-in.example", "https://keys.example", CLIENT)
SESSIONS = Sessions(_Seals(), TOKENS, POOL, ADDRESS, secure=True)
SITE = Site(SESSIONS, SigningIn(SESSIONS, "openid"), _shelf)


def _ask(path: str, method: str = "GET", **said: Mapping[str, str]) -> Request:
    kinds = ("query", "form", "cookies", "headers")
    query, form, cookies, headers = (said.get(kind, {}) for kind in kinds)
    return Request(method, path, query, form, cookies, headers)


def _jar(cookies: tuple[str, ...]) -> dict[str, str]:
    return dict(cookie.partition(";")[0].split("=", 1) for cookie in cookies)


def _enter() -> dict[str, str]:
    """Sign in; return the browser's cookies."""
    sent = SITE.answer(_ask("sign-in", query={"to": "cases"}))
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    NONCES.append(asked["nonce"][0])
    query = {"state": asked["state"][0], "code": "good"}
    back = SITE.answer(_ask("signed-in", query=query, cookies=_jar(sent.cookies)))
    assert back.headers["location"] == f"{ADDRESS}/cases"
    return _jar(back.cookies)


def test_who_has_not_signed_in_is_sent_to_the_pool() -> None:
    answer = SITE.answer(_ask("cases/CASE-1"))
    assert answer.status == HTTPStatus.SEE_OTHER
    assert answer.headers["location"] == "/v1/console/sign-in?to=cases%2FCASE-1"
    asked = parse_qs(urlsplit(SITE.answer(_ask("sign-in")).headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{ADDRESS}/signed-in"]


def test_a_browser_keeps_nothing_that_scripts_or_others_reach() -> None:
    sent = SITE.answer(_ask("sign-in"))
    for cookie in sent.cookies:
        assert cookie.startswith("__Secure-")
        for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/v1/console"):
            assert flag in cookie


@pytest.mark.parametrize("query", [{"state": "x", "code": "good"}, {"code": "good"}, {}])
def test_who_comes_back_without_having_asked_is_not_let_in(query: dict[str, str]) -> None:
    sent = SITE.answer(_ask("sign-in"))
    answer = SITE.answer(_ask("signed-in", query=query, cookies=_jar(sent.cookies)))
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert not answer.cookies


@pytest.mark.parametrize("to", ["https://elsewhere.example", "//elsewhere", "\\\\elsewhere", "j:x"])
def test_after_signing_in_nobody_is_sent_elsewhere(to: str) -> None:
    sent = SITE.answer(_ask("sign-in", query={"to": to}))
    kept = SESSIONS.kept(_ask("", cookies=_jar(sent.cookies)), "signing-in")
    assert kept is not None
    assert kept["to"] == "today"


def test_an_access_token_that_is_over_is_renewed() -> None:
    jar = _enter()
    jar.pop(f"__Secure-{SESSION}")
    found = SESSIONS.find(_ask("today", cookies=jar))
    assert found is not None
    assert found.cookies
    assert SESSIONS.find(_ask("today", cookies={f"__Secure-{RENEWAL}": "x!00"})) is None


def test_a_form_written_while_the_access_token_ran_out_is_still_taken() -> None:
    jar = _enter()
    session = jar[f"__Secure-{SESSION}"].partition("!")
    said = json.loads(bytes.fromhex(session[2]))
    over = json.dumps({**said, "access": _token(exp=int(time.time()) - 1)})
    jar[f"__Secure-{SESSION}"] = f"{session[0]}!{over.encode().hex()}"
    form = {"form_token": said["form"], "theme": "dark"}
    answer = SITE.answer(_ask("preferences", "POST", form=form, cookies=jar))
    assert answer.status == HTTPStatus.SEE_OTHER
    found = SESSIONS.find(_ask("today", cookies=jar | _jar(answer.cookies)))
    assert found is not None
    assert found.form_token == said["form"]


def test_who_is_disabled_is_out_when_the_access_token_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jar = _enter()
    session = jar[f"__Secure-{SESSION}"].partition("!")
    said = json.loads(bytes.fromhex(session[2]))
    over = json.dumps({**said, "access": _token(exp=int(time.time()) - 1)})
    jar[f"__Secure-{SESSION}"] = f"{session[0]}!{over.encode().hex()}"
    assert SESSIONS.find(_ask("today", cookies=jar)) is not None

    def refused(_pool: UserPool, refresh: str) -> Mapping[str, str]:
        raise PoolError(f"{refresh} is revoked")

    monkeypatch.setattr(_Pool, "renewed", refused)
    answer = SITE.answer(_ask("today", cookies=jar))
    assert answer.status == HTTPStatus.SEE_OTHER
    assert "/sign-in" in answer.headers["location"]
    assert all("Max-Age=0" in cookie for cookie in answer.cookies)
    form = {"form_token": said["form"], "verb": "COMMENT"}
    answer = SITE.answer(_ask("cases/x/acts", "POST", form=form, cookies=jar))
    assert "/sign-in" in answer.headers["location"]


def test_a_form_of_no_page_of_the_session_is_refused() -> None:
    jar = _enter()
    answer = SITE.answer(_ask("cases/x/acts", "POST", form={"verb": "COMMENT"}, cookies=jar))
    assert answer.status == HTTPStatus.FORBIDDEN
    token = SESSIONS.find(_ask("", cookies=jar))
    assert token is not None
    form = {"form_token": token.form_token}
    from_elsewhere = {"sec-fetch-site": "cross-site"}
    answer = SITE.answer(_ask("sign-out", "POST", form=form, cookies=jar, headers=from_elsewhere))
    assert answer.status == HTTPStatus.FORBIDDEN


def test_what_is_no_language_and_no_theme_gets_into_no_cookie() -> None:
    jar = _enter()
    session = SESSIONS.find(_ask("", cookies=jar))
    assert session is not None
    for said in ({"language": "EN; Domain=elsewhere"}, {"theme": "dark\r\nset-cookie: x=y"}):
        form = {"form_token": session.form_token, **said}
        answer = SITE.answer(_ask("preferences", "POST", form=form, cookies=jar))
        assert answer.cookies[0].startswith("__Secure-preferences=EN.;")


def test_signing_out_makes_the_browser_forget() -> None:
    jar = _enter()
    session = SESSIONS.find(_ask("", cookies=jar))
    assert session is not None
    form = {"form_token": session.form_token}
    answer = SITE.answer(_ask("sign-out", "POST", form=form, cookies=jar))
    assert answer.headers["location"].startswith("https://sign-in.example/logout?")
    assert all("Max-Age=0" in cookie for cookie in answer.cookies)


def test_a_request_is_read_as_the_gateway_hands_it_on() -> None:
    request = read_request(
        {
            "rawPath": "/v1/console/cases/CASE-1",
            "rawQueryString": "start=50&text=a+b",
            "headers": {"HX-Request": "true"},
            "cookies": ["session=a=b", "preferences=IS.dark"],
            "requestContext": {"http": {"method": "POST"}},
            "body": "dmVyYj1BUFBST1ZF",
            "isBase64Encoded": True,
        }
    )
    assert (request.path, request.query["text"]) == ("cases/CASE-1", "a b")
    assert request.form == {"verb": "APPROVE"}
    assert request.cookies == {"session": "a=b", "preferences": "IS.dark"}
    assert request.is_of_script


@pytest.mark.parametrize("said", ["", "soon", "0001-01-01"])
def test_a_day_that_no_books_tell_of_is_another(said: str) -> None:
    today = date(2026, 10, 5)
    assert Asked((), {"until": said}, {}).day("until", today) == today
    assert Asked((), {"until": "2026-10-02"}, {}).day("until", today) == date(2026, 10, 2)
