"""The versions of stored objects: a record has one, and nothing hides it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from backoffice.kernel.parts import Records
from backoffice.records.locks import Stored
from backoffice.records.verify import Finding


class Version(NamedTuple):
    """One version of an object; a marker hides those before it."""

    key: str
    version: str
    is_marker: bool = False


class Archive(Records, Protocol):
    """The record store with its past: whoever verifies looks behind the newest version too."""

    def versions(self, prefix: str) -> list[Version]:
        """List every version and delete marker under a prefix, by key."""

    def look(self, key: str) -> Stored:
        """Hash an object and tell its lock; KeyError when there is none."""


def version_findings(versions: Iterable[Version]) -> Iterator[Finding]:
    """Find the objects that were written more than once, and those that were hidden."""
    contents: dict[str, list[str]] = defaultdict(list)
    markers: dict[str, list[str]] = defaultdict(list)
    for one in versions:
        (markers if one.is_marker else contents)[one.key].append(one.version)
    for key, found in contents.items():
        if len(found) > 1:
            listed = ", ".join(found)
            message = f"{key} has {len(found)} versions, and is written once: {listed}"
            yield Finding("SECOND_VERSION", key, message)
    for key, found in markers.items():
        yield Finding("HIDDEN", key, f"{key} has a delete marker: {', '.join(found)}")
