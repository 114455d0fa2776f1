"""What the books say of one account, as of the latest close, read where they are served."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import polars as pl

from backoffice.kernel.columns import bucket_of
from backoffice.risk.funds import BALANCES
from backoffice.risk.valuation import POSITIONS

_KEPT: Final = 16


@dataclass(frozen=True, slots=True)
class AccountBooks:
    """What stands of one account.

    Attributes
    ----------
    balances, positions
        BALANCES and POSITIONS.
    held
        The same positions with all of `accounting.positions.POSITIONS`; no columns before any.
    sources
        Where both stand in the records, balances first; none before any.
    """

    balances: pl.DataFrame
    positions: pl.DataFrame
    held: pl.DataFrame = field(default_factory=pl.DataFrame)
    sources: tuple[str, ...] = ()


class ServedAccounts:
    """Accounts as they are served: their bucket's parts, of which the last few are kept.

    Parameters
    ----------
    get
        Reads an item of the table of balances by its keys; None where there is none.
    read
        Reads a part by its key; what stands under a key never changes.
    """

    def __init__(
        self,
        get: Callable[[str, str], Mapping[str, Any] | None],
        read: Callable[[str], pl.DataFrame],
    ) -> None:
        self._get = get
        self._read = lru_cache(_KEPT)(read)

    def books_of(self, account_id: str, buckets: int) -> AccountBooks:
        """Return what stands of an account in books cut into so many buckets; nothing in none."""
        parts = self._parts(account_id, buckets)
        balances, positions = pl.DataFrame(schema=BALANCES), pl.DataFrame(schema=POSITIONS)
        held = pl.DataFrame()
        if "part" in parts:
            balances = self._read(parts["part"]).filter(ref=account_id)
        if "positions" in parts:
            held = self._read(parts["positions"]).filter(account_id=account_id)
            positions = held.select("account_id", "isin", quantity_e8="traded_quantity_e8")
        sources = tuple(parts[name] for name in ("part", "positions") if name in parts)
        return AccountBooks(balances, positions, held, sources)

    def _parts(self, account_id: str, buckets: int) -> Mapping[str, Any]:
        if not buckets:
            return {}
        bucket: int = bucket_of(pl.Series([account_id]), buckets).item()
        return self._get(f"BALANCES#{buckets}", f"{bucket:06d}") or {}
