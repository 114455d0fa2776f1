"""Where people live, opened for whom may know it: that they read it is on record first."""

from collections.abc import Sequence

import polars as pl

from backoffice.clearance.document_accesses import Access, log_access
from backoffice.clearance.trails import is_same_person
from backoffice.console.pages import Shelf, Viewer
from backoffice.service_desk.access_groups import SUPERVISORS


def may_know(viewer: Viewer, person: str) -> bool:
    """Whether somebody may know where a person lives: supervisors may, and the person."""
    return SUPERVISORS in viewer.person.groups or is_same_person(viewer.person.name, person)


def opened(
    shelf: Shelf, viewer: Viewer, about: str, people: Sequence[str], sealed: Sequence[str]
) -> list[str]:
    """Open addresses, each of whom `people` names in that place."""
    at = shelf.now.isoformat(timespec="milliseconds")
    reader = viewer.person
    for person in sorted(set(people)):
        about_whom = {"account_id": f"person.{person}", "document_id": about}
        access = Access(at=at, actor=reader.name, groups=reader.groups, **about_whom)
        log_access(shelf.records, access)
    return list(shelf.desk.seals().shown(pl.Series(sealed, dtype=pl.String)))
