"""What changed between two versions of the lists, and screening that alone.

A hit depends on one name, one entry, the weights and the rules. So the hits of today are those of
yesterday whose name and entry still stand, with the new names against the whole list and the
names that stand against the changed entries: the same, row for row, as everything against
everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.kernel.sealed_text import Seals
from backoffice.risk.screening.hits import HITS, NAMES, hit_order
from backoffice.risk.screening.index import ListIndex
from backoffice.risk.screening.listed import ENTRY, LISTED
from backoffice.risk.screening.screen import screen

_ASKED: Final = (*NAMES, "kind")


@dataclass(frozen=True, slots=True)
class ListChanges:
    """The entries that two versions differ in; each frame has list_code and entry_id, sorted."""

    added: pl.DataFrame
    removed: pl.DataFrame
    changed: pl.DataFrame

    @property
    def to_screen(self) -> pl.DataFrame:
        """The entries that every name is to be compared with."""
        return pl.concat([self.added, self.changed]).sort(ENTRY)

    @property
    def gone(self) -> pl.DataFrame:
        """The entries whose hits no longer stand as they were."""
        return pl.concat([self.removed, self.changed]).sort(ENTRY)


def list_changes(before: pl.DataFrame, after: pl.DataFrame) -> ListChanges:
    """Compare two versions: an entry is changed when any row of it came, went or reads differently.

    Parameters
    ----------
    before, after : pl.DataFrame
        LISTED, of one list or of several.
    """
    columns = list(LISTED)
    old, new = (frame.select(columns).unique() for frame in (before, after))
    differing = pl.concat(
        [
            old.join(new, on=columns, how="anti", nulls_equal=True),
            new.join(old, on=columns, how="anti", nulls_equal=True),
        ]
    )
    entries = differing.select(ENTRY).unique().sort(ENTRY)
    was, is_ = (entries.join(frame, on=ENTRY, how="semi") for frame in (old, new))
    return ListChanges(
        added=_sorted(entries.join(was, on=ENTRY, how="anti")),
        removed=_sorted(entries.join(is_, on=ENTRY, how="anti")),
        changed=_sorted(was.join(is_, on=ENTRY, how="semi")),
    )


def screen_changes(
    known: pl.DataFrame,
    before: pl.DataFrame,
    names: pl.DataFrame,
    changes: ListChanges,
    index: ListIndex,
    seals: Seals | None = None,
) -> pl.DataFrame:
    """Bring hits up to date by screening what changed.

    Parameters
    ----------
    known : pl.DataFrame
        The HITS of the names before against the list before, with these weights and rules.
    before, names : pl.DataFrame
        The names then and now, as `screen` takes them.
    changes : ListChanges
        From the list then to the list of `index`.
    index : ListIndex
        Of the list now.
    seals
        As `screen` takes it: only names that are compared with something are opened.

    Returns
    -------
    pl.DataFrame
        HITS, equal to `screen(names, index)`.
    """
    then, now = _asked(before), _asked(names)
    stay = now.join(then, on=_ASKED, how="semi")
    came = now.join(then, on=_ASKED, how="anti")
    # a name asked under another kind is a new question, and its old answers do not stand
    subjects: Sequence[str] = list(NAMES)
    touched = pl.concat([came, then.join(now, on=_ASKED, how="anti")]).select(subjects)
    standing = known.join(changes.gone, on=ENTRY, how="anti")
    standing = standing.join(touched, on=subjects, how="anti")
    again = now.join(touched, on=subjects, how="semi")
    stay = stay.join(touched, on=subjects, how="anti")
    kept = standing.join(stay, on=subjects, how="semi").select(list(HITS))
    found = [kept, screen(again, index, seals)]
    if changes.to_screen.height:
        found.append(screen(stay, index.only(changes.to_screen), seals))
    return pl.concat(found).unique().sort(hit_order())


def _asked(names: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind") if "kind" in names.columns else pl.lit(None, dtype=pl.String)
    return names.select(*NAMES, kind=kind.fill_null("")).unique()


def _sorted(entries: pl.DataFrame) -> pl.DataFrame:
    return entries.select(ENTRY).unique().sort(ENTRY)
