"""An act of a register: about what, by whom, what it says, and where it stands."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field

from backoffice.clearance.act_rules import Person
from backoffice.kernel.parts import Document

LONGEST_TEXT: Final = 1_000
PLACES: Final[Mapping[str, str]] = {
    "ACR": "access/",
    "RCT": "access/",
    "POL": "access/",
    "CHG": "configuration/",
    "CFG": "configuration/",
    "LOC": "locations/",
    "LST": "locations/",
}
"""Where the acts of each kind of id stand: access, its recertification, what the pool holds;
changes asked for and made; home locations and their quarterly lists."""
_ID: Final = re.compile(r"([A-Z]{3})-(\d{8})-[0-9a-f]{10}", re.ASCII)


class DeskAct(Document):
    """An act: about what, its number in that trail, when, by whom, and what it says.

    Attributes
    ----------
    groups
        What the actor's token said they may do; none of a job of the platform's.
    said
        What is asked for or stated, by the names of its kind.
    """

    about: str
    number: int
    at: str
    actor: str
    groups: tuple[str, ...] = ()
    verb: str
    text: str = Field(default="", max_length=LONGEST_TEXT)
    said: dict[str, Any] = Field(default_factory=dict)


def new_id(kind: str, day: date, *said: object) -> str:
    """Return the id of what is asked for on a day: the same content is the same id."""
    digest = hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:10]
    return f"{kind}-{day:%Y%m%d}-{digest}"


def is_id(text: str, kind: str) -> bool:
    """Tell whether a text has the shape of an id of a kind."""
    found = _ID.fullmatch(text)
    return found is not None and found[1] == kind and is_day(found[2])


def is_day(text: str) -> bool:
    """Tell whether eight digits of an id are a day that there is."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def act_key(about: str, number: int) -> str:
    """Where an act stands.

    Raises
    ------
    ValueError
        There is no register for such an id.
    """
    found = _ID.fullmatch(about)
    if found is None or found[1] not in PLACES:
        raise ValueError(f"{about} is in no register")
    return f"{PLACES[found[1]]}{date.fromisoformat(found[2])}/{about}/{number:06d}.json"


def new_act(
    about: str,
    number: int,
    now: datetime,
    by: str | Person,
    verb: str,
    said: Mapping[str, Any],
    text: str = "",
) -> DeskAct:
    """Make an act, of a person or of a job of the platform's, which is of no group."""
    actor, groups = (by, ()) if isinstance(by, str) else (by.name, by.groups)
    at = now.isoformat(timespec="milliseconds")
    told = {"at": at, "actor": actor, "verb": verb, "text": text}
    return DeskAct(about=about, number=number, groups=groups, said=dict(said), **told)


def is_same(one: DeskAct, other: DeskAct) -> bool:
    """Tell whether two acts say the same, whenever they were made and by whatever number."""
    return (one.actor, one.verb, one.text, one.said) == (
        other.actor,
        other.verb,
        other.text,
        other.said,
    )
