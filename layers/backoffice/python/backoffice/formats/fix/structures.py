"""What the order of a message's tags says: where its fields stand, its groups, what is wrong.

Messages of one sender have few orders: each is looked at once, and millions are read by it.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from backoffice.formats.fix.lines import MAX_FIELDS, is_tag
from backoffice.formats.fix.tags import GROUPS, MEMBERS, PASSED, READ, Group

MAX_ENTRIES: Final = 64
"""Entries of a group: a message that names more parties names none of them for us."""

NO_FIELDS: Final = "The line has something that is no tag=value, or more than 1000 of them."
_FRAME: Final = "The message does not begin with the tags 8, 9, 35 and end with 10."


@dataclass(slots=True)
class Structure:
    """Where the fields of a message stand, by their place in it.

    Attributes
    ----------
    places
        Column (`32`, or `448.0` of a group's first entry) -> place.
    unknown
        Tag that no column is read from -> its places.
    entries
        Tag of a group's count -> how many entries follow it.
    fault
        The first thing that is wrong with the order of the tags.
    """

    places: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, list[int]] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    fault: str | None = None


@lru_cache(maxsize=256)
def structure_of(tags: tuple[str, ...]) -> Structure:
    """Read the order of a message's tags."""
    if len(tags) > MAX_FIELDS or not all(map(is_tag, tags)):
        return Structure(fault=NO_FIELDS)
    if tags[:3] != ("8", "9", "35") or tags[-1] != "10":
        return Structure(fault=_FRAME)
    found = Structure()
    at = 0
    while at < len(tags) and found.fault is None:
        group = GROUPS.get(tags[at])
        at = _take_group(found, tags, at, group) if group else _take(found, tags, at)
    return found


def _take(found: Structure, tags: tuple[str, ...], at: int) -> int:
    """Take one field; return the next one's place."""
    tag = tags[at]
    if tag in MEMBERS:
        found.fault = f"The tag {tag} stands outside its group."
    elif tag not in READ and tag not in PASSED:
        found.unknown.setdefault(tag, []).append(at)
    elif tag in found.places:
        found.fault = f"The tag {tag} stands twice."
    else:
        found.places[tag] = at
    return at + 1


def _take_group(found: Structure, tags: tuple[str, ...], at: int, group: Group) -> int:
    """Take a group's count and its entries; return the place of what follows."""
    if group.count in found.places:
        found.fault = f"The tag {group.count} stands twice."
    found.places[group.count] = at
    entries, place = 0, at + 1
    while tags[place] in group.members and (entries or tags[place] == group.first):
        entries += tags[place] == group.first
        _take_member(found, group, tags[place], entries - 1, place)
        place += 1  # the last tag is 10, of no group
    found.entries[group.count] = entries
    if entries > MAX_ENTRIES:
        found.fault = f"{group.name} ({group.count}) has more than {MAX_ENTRIES} entries."
    return place


def _take_member(found: Structure, group: Group, tag: str, entry: int, place: int) -> None:
    if not group.kept:
        found.unknown.setdefault(tag, []).append(place)
    elif tag in group.kept:
        column = f"{tag}.{entry}"
        if column in found.places:
            found.fault = f"The tag {tag} stands twice in an entry of {group.name}."
        found.places[column] = place
