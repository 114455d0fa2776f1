"""Which accounts a token opens: those that its scopes name."""

from collections.abc import Mapping
from typing import Any, Final

SCOPE: Final = "accounts/"
"""Before what a scope names: an account, or with `*` at its end all whose ids begin so."""


def may_see(claims: Mapping[str, Any], account_id: str) -> bool:
    """Whether a token opens an account."""
    return any(_holds(name, account_id) for name in _named(claims))


def _named(claims: Mapping[str, Any]) -> list[str]:
    scopes = str(claims.get("scope", "")).split()
    return [scope.removeprefix(SCOPE) for scope in scopes if scope.startswith(SCOPE)]


def _holds(name: str, account_id: str) -> bool:
    if name.endswith("*"):
        return account_id.startswith(name[:-1])
    return account_id == name
