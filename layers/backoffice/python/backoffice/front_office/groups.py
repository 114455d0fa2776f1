"""The groups that a token says its person is in; a module that needs nothing else."""

import re
from collections.abc import Mapping
from typing import Any, Final

_GROUPS: Final = re.compile(r"[^\s,\[\]\"']+")


def groups_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the groups of a token, sorted; an app's token has none."""
    said = claims.get("cognito:groups", "")
    groups = said if isinstance(said, list) else _GROUPS.findall(str(said))
    return tuple(sorted(map(str, groups)))
