"""Who asks, as the gateway found in their token: a person, and the groups the pool put them in."""

from collections.abc import Mapping
from typing import Any

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.front_office.groups import groups_of


def person_of(claims: Mapping[str, Any]) -> Person:
    """Return whom a token was issued to.

    An app's token names no person: it belongs to no group and may do nothing that people do.

    Raises
    ------
    ActRefusedError
        FORBIDDEN: the token names no person.
    """
    name = str(claims.get("username", ""))
    if not name:
        raise ActRefusedError("FORBIDDEN", "the token names no person")
    return Person(name=name, groups=groups_of(claims))
