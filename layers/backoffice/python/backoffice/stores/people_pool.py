"""The pool that people sign in to, as the job that keeps access changes it."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from backoffice.service_desk.entitlements import Held

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_EVERY_CLASS: Final = "Aa1!"
_BYTES: Final = 24


class PeoplePool:
    """One user pool; every call may be made twice.

    Parameters
    ----------
    client
        The client.
    pool
        The pool's id.
    """

    def __init__(self, client: "CognitoIdentityProviderClient", pool: str) -> None:
        self._client, self._pool = client, pool

    def held(self, groups: tuple[str, ...]) -> Mapping[str, Held]:
        """Return everybody in the pool with those of some groups that they are in."""
        enabled: dict[str, bool] = {}
        for page in self._client.get_paginator("list_users").paginate(UserPoolId=self._pool):
            enabled |= {one["Username"]: one["Enabled"] for one in page["Users"]}
        within: dict[str, set[str]] = {}
        pages = self._client.get_paginator("list_users_in_group")
        for group in groups:
            for part in pages.paginate(UserPoolId=self._pool, GroupName=group):
                for one in part["Users"]:
                    within.setdefault(one["Username"], set()).add(group)
        return {
            name: Held(frozenset(within.get(name, ())), enabled=is_enabled)
            for name, is_enabled in enabled.items()
        }

    def let_in(self, person: str) -> None:
        """Make a person, or let one sign in again.

        Nobody knows the password that a person is made with: the pool's keepers give the first.
        """
        unknown = f"{_EVERY_CLASS}{secrets.token_urlsafe(_BYTES)}"
        try:
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=person,
                TemporaryPassword=unknown,
                MessageAction="SUPPRESS",
            )
        except self._client.exceptions.UsernameExistsException:
            self._client.admin_enable_user(UserPoolId=self._pool, Username=person)

    def shut_out(self, person: str) -> None:
        """Let a person sign in no more, then end what they have begun."""
        self._client.admin_disable_user(UserPoolId=self._pool, Username=person)
        self.sign_out(person)

    def sign_out(self, person: str) -> None:
        """End what a person has begun: no token is renewed any more."""
        self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=person)

    def put_in(self, person: str, group: str) -> None:
        """Put a person into a group."""
        self._client.admin_add_user_to_group(
            UserPoolId=self._pool, Username=person, GroupName=group
        )

    def take_from(self, person: str, group: str) -> None:
        """Take a person out of a group."""
        self._client.admin_remove_user_from_group(
            UserPoolId=self._pool, Username=person, GroupName=group
        )
