"""What of a day's files a person has to look into."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.intake.day_files import FileStatus
from backoffice.intake.documents import FileEntry, StatementPage
from backoffice.intake.plan_file import is_message

CONTROL_MISMATCH: Final = "CONTROL_MISMATCH"
MESSAGE_ID_REUSED: Final = "MESSAGE_ID_REUSED"
MESSAGE_REJECTED: Final = "MESSAGE_REJECTED"
STATEMENT_DATE_DIFFERS: Final = "STATEMENT_DATE_DIFFERS"
STATEMENT_INCOMPLETE: Final = "STATEMENT_INCOMPLETE"


def late_causes(files: Iterable[FileStatus]) -> Iterator[Cause]:
    """Name what rejects nobody sends again, broken promises, and statements that are not whole."""
    committed = []
    for file in files:
        if file.late_mismatch:
            yield Cause(code=CONTROL_MISMATCH, subject=file.late_mismatch)
        if file.status == "COMMITTED":
            committed.append(file.entry)
            yield from _of_messages(file.entry)
    yield from _incomplete(committed)


def _of_messages(entry: FileEntry) -> Iterator[Cause]:
    """Name a file of messages with rejects, and a statement of another day than its file's."""
    drop = entry.drop
    place = f"{drop.partner}/{drop.business_date}/{drop.name}"
    if entry.rejected and is_message(drop):
        yield Cause(code=MESSAGE_REJECTED, subject=place)
    days = {page.stated_on for page in entry.pages} - {None, drop.business_date}
    if days:
        yield Cause(code=STATEMENT_DATE_DIFFERS, subject=place)


def _incomplete(entries: Sequence[FileEntry]) -> Iterator[Cause]:
    """Name the statements of which a page is missing among all that came."""
    pages: defaultdict[str, list[StatementPage]] = defaultdict(list)
    for entry in entries:
        drop = entry.drop
        for page in entry.pages:
            named = page.statement_id or page.account or page.message
            pages[f"{drop.partner}/{drop.business_date}/{drop.kind}/{named}"].append(page)
    for subject, found in sorted(pages.items()):
        if not _is_whole(found):
            yield Cause(code=STATEMENT_INCOMPLETE, subject=subject)


def reused_identifiers(
    files: Iterable[FileStatus], statuses: pl.DataFrame | None
) -> Iterator[Cause]:
    """Name what two of a day's messages of one partner are called that say different things.

    Both are taken by what they say; whose header is wrong is for the partner to tell.

    Parameters
    ----------
    files
        The day's; statements tell the identifiers of their Documents.
    statuses : pl.DataFrame or None
        partner, identifier (null without a header), content_hash.
    """
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for file in files:
        for page in file.entry.pages if file.status == "COMMITTED" else ():
            if page.identifier:
                said[file.entry.drop.partner, page.identifier].add(page.content)
    if statuses is not None:
        named = statuses.filter(pl.col("identifier").is_not_null())
        for partner, identifier, contents in (
            named.group_by("partner", "identifier").agg(pl.col("content_hash").unique()).iter_rows()
        ):
            said[partner, identifier].update(contents)
    for (partner, identifier), contents in sorted(said.items()):
        if len(contents) > 1:
            yield Cause(code=MESSAGE_ID_REUSED, subject=f"{partner}/{identifier}")


def _is_whole(pages: Sequence[StatementPage]) -> bool:
    """Whether every page up to the last is there."""
    last = max((page.page for page in pages if page.last), default=0)
    return last > 0 and len({page.page for page in pages if 0 < page.page <= last}) == last
