"""The broker's people on the embedded AWS: signed in as they are in the cloud, by code and proof.

Only here does the command itself put a person into the pool: who may propose and who may decide is,
in the cloud, for the pool's keepers.
"""

import base64
import getpass
import hashlib
import json
import os
import secrets
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from cli.api import Api, exchange
from cli.platform import Platform, PlatformError

PERSON: Final = "BACKOFFICE_USER"
GROUPS: Final = (
    *("case-makers", "case-checkers", "compliance"),
    *("access-makers", "access-checkers", "supervisors", "service-desk"),
)
_SIGNED_IN_AT: Final = "http://localhost:8976/signed-in"
_SCOPES: Final = (
    "cases.read",
    "cases.decide",
    "customers.read",
    "customers.write",
    "records.read",
)
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


def who(name: str | None) -> str:
    """Return whom the command acts as: the one named, the environment's, or who runs it."""
    return name or os.environ.get(PERSON) or getpass.getuser()


def api_of(platform: Platform, name: str | None) -> Api:
    """Sign somebody in, and return the API as they reach it."""
    return Api(platform.api_url, sign_in(platform, who(name)))


def sign_in(platform: Platform, name: str, groups: tuple[str, ...] = GROUPS) -> str:
    """Return an access token of a person, who is put into the pool and its groups if new to it.

    Raises
    ------
    PlatformError
        The pool does not let them in.
    """
    password = _enrol(platform, name, groups)
    verifier = secrets.token_urlsafe(48)
    code = _code(platform, name, password, verifier)
    answer = exchange(
        platform.endpoint,
        "POST",
        "/oauth2/token",
        urlencode(
            {
                "grant_type": "authorization_code",
                "client_id": platform.outputs["ConsoleClientId"],
                "redirect_uri": _SIGNED_IN_AT,
                "code": code,
                "code_verifier": verifier,
            }
        ).encode(),
        _FORM,
    )
    if answer.status != HTTPStatus.OK:
        raise PlatformError(f"{name} was not let in: {answer.text}")
    return str(json.loads(answer.text)["access_token"])


def _enrol(platform: Platform, name: str, groups: tuple[str, ...]) -> str:
    """Make sure of a person; return a password that is good for now."""
    pool: Any = platform.client("cognito-idp")
    place = {"UserPoolId": platform.outputs["UserPoolId"], "Username": name}
    password = f"Aa1!{secrets.token_urlsafe(24)}"
    try:
        pool.admin_get_user(**place)
    except pool.exceptions.UserNotFoundException:
        pool.admin_create_user(**place, TemporaryPassword=password, MessageAction="SUPPRESS")
        for group in groups:
            pool.admin_add_user_to_group(**place, GroupName=group)
    pool.admin_set_user_password(**place, Password=password, Permanent=True)
    return password


def _code(platform: Platform, name: str, password: str, verifier: str) -> str:
    """Sign in at the pool's own page; return the code it sends the browser back with."""
    digest = hashlib.sha256(verifier.encode()).digest()
    prefix = platform.outputs["ScopePrefix"]
    form = {
        "username": name,
        "password": password,
        "client_id": platform.outputs["ConsoleClientId"],
        "redirect_uri": _SIGNED_IN_AT,
        "response_type": "code",
        "scope": " ".join(["openid", *(f"{prefix}/{scope}" for scope in _SCOPES)]),
        "state": secrets.token_urlsafe(8),
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    answer = exchange(platform.endpoint, "POST", "/login", urlencode(form).encode(), _FORM)
    place = parse_qs(urlsplit(answer.location).query)
    if "code" not in place or place.get("state") != [form["state"]]:
        raise PlatformError(f"{name} was not let in: the pool answered {answer.status}")
    return place["code"][0]
