"""Under whose keys a client is written, and by what names: now, and as it ever was."""

from collections.abc import Collection, Iterable
from typing import Final, Protocol

import polars as pl

from backoffice.intake.day_payments import known_payments
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.table_versions import table_versions

_TELL: Final = ("name", "given_names", "surname", "national_id")
_PAID: Final = ("beneficiary", "beneficiary_account")


class Opener(Protocol):
    """Who opens what is sealed, and searches the files of the records."""

    def opened(self, texts: pl.Series) -> pl.Series:
        """Open sealed texts; null is what no key opens any more."""

    def strays_naming(
        self, account_id: str, names: Collection[str], known: Collection[str]
    ) -> tuple[str, ...]:
        """Name the subjects under whose keys stray rows of files tell of the client, sorted.

        Those are rows of nobody in particular, and of whom the books do not know.
        """


def erased_subjects(
    records: Records, books: Books, keys: Opener, account_id: str, erased: Collection[str]
) -> tuple[str, ...]:
    """Name under whose keys a client is written.

    These are files with rows that named nobody readably, and whoever such a row names that the
    books do not know, if it says the client's id, or a name that the client or such an owner has or
    ever had; who owns, or ever owned, nothing but the account, be it through others; and the
    account: last, for with its key goes what files are searched for.

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
    texts = [table.filter(account_id=account_id)[name] for table in accounts for name in _TELL]
    texts += [table.filter(pl.col("owner").is_in(owners))["owner_name"] for table in owned]
    paid = known_payments(records, books).filter(pl.col("account_id") == account_id)
    texts += [paid[name] for name in _PAID]
    sealed = pl.concat([pl.Series(dtype=pl.String), *(one.rename("") for one in texts)])
    opened = keys.opened(sealed.drop_nulls().unique())
    names = [name for name in opened.drop_nulls().unique().sort() if name]
    known = {*clients, *(owner for _, owner in pairs)}
    return (*keys.strays_naming(account_id, names, known), *owners, account_id)


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
