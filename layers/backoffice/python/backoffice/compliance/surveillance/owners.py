"""Who is behind an account: accounts that one beneficial owner holds are looked at as one."""

from collections.abc import Iterable

import polars as pl

from backoffice.compliance.surveillance.frames import ACCOUNTS

_PERCENT_TO_BP = 10**6
"""A share of ownership is kept as per cent at 10^8; so many of these are a basis point."""


def with_owners(accounts: pl.DataFrame, owners: pl.DataFrame, least_bp: int) -> pl.DataFrame:
    """Name the owner of every account: the first of the accounts that hang together.

    Accounts hang together that somebody owns `least_bp` of, directly or through others, and
    accounts of one legal entity.

    Parameters
    ----------
    accounts : pl.DataFrame
        account_id, kind, lei.
    owners : pl.DataFrame
        owned, owner (account ids, LEIs, other ids), percent_e8.
    least_bp
        The share from which an owner is one.

    Returns
    -------
    pl.DataFrame
        ACCOUNTS.
    """
    held = owners.filter(pl.col("percent_e8") >= least_bp * _PERCENT_TO_BP)
    own = accounts.filter(pl.col("lei").is_not_null()).select("account_id", "lei")
    of = _joined([*held.select("owned", "owner").iter_rows(), *own.iter_rows()])
    ids = accounts["account_id"].to_list()
    first: dict[str, str] = {}
    for name in sorted(ids):
        first.setdefault(of.get(name, name), name)
    named = [first[of.get(name, name)] for name in ids]
    rows = accounts.select("account_id", account_kind="kind")
    owner = pl.Series("owner", named, dtype=pl.String)
    return rows.with_columns(owner).select(list(ACCOUNTS))


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return one name for all that pairs join, of each of them."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for one, other in pairs:
        parent[root(one)] = root(other)
    return {name: root(name) for name in list(parent)}
