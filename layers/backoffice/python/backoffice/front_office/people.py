"""Who asks, as the gateway found in their token: a person, and the groups the pool put them in."""

import re
from collections.abc import Mapping
from typing import Any, Final

from backoffice.clearance.act_rules import ActRefusedError, Person

_GROUPS: Final = re.compile(r"[^\s,\[\]\"']+")


def person_of(claims: Mapping[str, Any]) -> Person:
    """Return whom a token was issued to.

    An app's token names no person: it belongs to no group and may do nothing that people do.

    Raises
    ------
    ActRefusedError
        FORBIDDEN: the token names no person.
    """
    name = str(claims.get("username", ""))
    said = claims.get("cognito:groups", "")
    groups = said if isinstance(said, list) else _GROUPS.findall(str(said))
    if not name:
        raise ActRefusedError("FORBIDDEN", "the token names no person")
    return Person(name=name, groups=tuple(sorted(map(str, groups))))
