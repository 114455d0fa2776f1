"""Under whose keys a client is written, and by what names: now, and as it ever was."""

from collections.abc import Collection, Iterable
from typing import Final, Protocol

import polars as pl

from backoffice.intake.day_payments import known_payments
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.table_versions import table_versions

_TELL: Final = ("name", "national_id")
_TOGETHER: Final = ("given_names", "surname")
"""Each alone is many people's."""


class Opener(Protocol):
    """Who opens what is sealed, and searches the files of the records."""

    def opened(self, texts: pl.Series) -> pl.Series:
        """Open sealed texts; null is what no key opens any more."""

    def strays_naming(
        self, account_id: str, names: Collection[tuple[str, ...]], known: Collection[str]
    ) -> tuple[str, ...]:
        """Name the subjects under whose keys stray rows of files tell of the client, sorted.

        Those are rows of nobody in particular, and of whom the books do not know. A name is one
        text, or several that tell of the client only beside each other.
        """


def erased_subjects(
    records: Records, books: Books, keys: Opener, account_id: str, erased: Collection[str]
) -> tuple[str, ...]:
    """Name under whose keys a client is written.

    These are files with rows that named nobody readably, and whoever such a row names that the
    books do not know, if it says the client's id, or a name that the client or such an owner has or
    ever had, a national id, given names beside the surname, or the account where the client was
    paid; who owns, or ever owned, nothing but the account, be it through others; and the account:
    last, for with its key goes what files are searched for.

    Parameters
    ----------
    erased
        The accounts that were erased before: who owned one of them and this one is let go too.
    """
    accounts = list(table_versions(records, books, "accounts"))
    owned = list(table_versions(records, books, "owners"))
    clients = {name for table in accounts for name in table["account_id"]}
    pairs = {pair for table in owned for pair in table.select("owned", "owner").iter_rows()}
    owners = own_owners(pairs, account_id, clients, erased)
    own = pl.concat(
        [
            *(t.filter(account_id=account_id).select(*_TELL, *_TOGETHER) for t in accounts),
            *(t.filter(pl.col("owner").is_in(owners)).select(name="owner_name") for t in owned),
            known_payments(records, books)
            .filter(pl.col("account_id") == account_id)
            .select(name="beneficiary_account"),
        ],
        how="diagonal",
    )
    names = telling_names(own.with_columns(map(keys.opened, own.iter_columns())))
    known = {*clients, *(owner for _, owner in pairs)}
    return (*keys.strays_naming(account_id, names, known), *owners, account_id)


def telling_names(own: pl.DataFrame) -> list[tuple[str, ...]]:
    """Return by what texts a client is told from everybody else, sorted.

    Given names or a surname alone are many people's, even where they stand as the name.

    Parameters
    ----------
    own
        The client's `name`s, `national_id`s, `given_names` and `surname`s: opened, null for none.
    """
    alone = own.select(pl.concat([own[name].rename("told") for name in _TELL]))
    parts = {part.casefold() for name in _TOGETHER for part in own[name].drop_nulls()}
    told = {(text,) for (text,) in alone.drop_nulls().iter_rows() if _is_whole(text, parts)}
    return sorted({*told, *own.select(_TOGETHER).drop_nulls().iter_rows()})


def _is_whole(text: str, parts: Collection[str]) -> bool:
    return len(text.split()) > 1 or text.strip().casefold() not in parts


def own_owners(
    pairs: Iterable[tuple[str, str]],
    account_id: str,
    clients: Collection[str],
    erased: Collection[str],
) -> list[str]:
    """Return who owns the account, itself or through others, and nothing else that stays, sorted.

    Parameters
    ----------
    pairs
        Who is owned, and by whom.
    clients
        Whoever has an account is erased by a request of their own.
    """
    known = set(pairs)
    own = {account_id}
    while more := {owner for owned, owner in known if owned in own} - own - {*clients}:
        own |= more
    gone = {*erased, account_id}
    while stays := {o for owned, o in known if o in own and owned not in own | gone} - {account_id}:
        own -= stays
    return sorted(own - {account_id})
