"""Reference data as it stands: the latest row of every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference.columns import KEYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from decimal import Decimal

    from tests.reference.drop import DropFile
    from tests.reference.rows import Values

Key = tuple[object, ...]


@dataclass
class Standing:
    """Everything the reference files have said, later rows over earlier ones."""

    tables: dict[str, dict[Key, Values]] = field(
        default_factory=lambda: {kind: {} for kind in KEYS}
    )
    counterparties_known: bool = False
    locates_known: bool = False

    def take(self, files: Iterable[DropFile]) -> None:
        """Merge a day's committed files, which come by name."""
        for file in files:
            if file.kind not in KEYS or file.status != "COMMITTED":
                continue
            self.counterparties_known |= file.kind == "counterparties"
            self.locates_known |= file.kind == "locates"
            for row in file.rows:
                if row.values is not None:
                    key = tuple(row.values.by_name[name] for name in KEYS[file.kind])
                    self.tables[file.kind][key] = row.values

    def instrument(self, isin: str) -> Values | None:
        """Give an instrument's row."""
        return self.tables["instruments"].get((isin,))

    def account(self, account_id: str) -> Values | None:
        """Give an account's row."""
        return self.tables["accounts"].get((account_id,))

    def nets(self, counterparty: str) -> bool:
        """Say whether the counterparty nets; one nobody described does."""
        row = self.tables["counterparties"].get((counterparty,))
        return row is None or row.text("netting") != "TRADE"

    def nets_continuously(self, counterparty: str) -> bool:
        """Say whether what fails with the counterparty nets with its next day."""
        row = self.tables["counterparties"].get((counterparty,))
        return row is not None and row.text("netting") == "CNS"

    def knows_counterparty(self, counterparty: str) -> bool:
        """Say whether the counterparty is described, or no such file has come yet."""
        described = (counterparty,) in self.tables["counterparties"]
        return described or not self.counterparties_known

    def located(self, locate_id: str, isin: str, day: dt.date) -> Decimal | None:
        """Give how many shares of an issue a locate has for a trade date, if it is on record."""
        row = self.tables["locates"].get((locate_id, isin, day))
        return None if row is None else row.amount("quantity")

    def _latest(self, kind: str, key: Key, day: dt.date, name: str) -> Decimal | None:
        found = [
            (row.date("date"), row.amount(name))
            for row_key, row in self.tables[kind].items()
            if row_key[:-1] == key and row.date("date") <= day
        ]
        return max(found)[1] if found else None

    def is_restricted(self, trade: Values, day: dt.date) -> bool:
        """Say whether an entry of the restricted list is about a trade; a SHORT is a SELL."""
        instrument = self.instrument(trade.text("isin"))
        account = self.account(trade.text("account_id"))
        subjects = {trade.text("isin"), instrument.text("issuer_lei") if instrument else ""}
        kinds = {"ALL", account.text("kind") if account else ""}
        sides = {"BOTH", "BUY" if trade.text("side") == "BUY" else "SELL"}
        return any(
            row.text("list") == "RESTRICTED"
            and row.text("subject") in subjects
            and row.text("accounts") in kinds
            and row.text("side") in sides
            and row.date("valid_from") <= day
            and (not row.has("valid_to") or day <= row.date("valid_to"))
            for row in self.tables["restrictions"].values()
        )

    def close(self, isin: str, day: dt.date) -> Decimal | None:
        """Give the latest close dated on or before the day."""
        return self._latest("prices", (isin,), day, "close")

    def close_currency(self, isin: str, day: dt.date) -> str:
        """Give the currency of the latest close dated on or before the day."""
        dated = [
            (row.date("date"), row.text("currency"))
            for (name, _), row in self.tables["prices"].items()
            if name == isin and row.date("date") <= day
        ]
        return max(dated)[1]

    def priced(self, isin: str, day: dt.date) -> tuple[Decimal, str] | None:
        """Give the latest close dated on or before the day, and its currency."""
        rows = [
            row
            for key, row in self.tables["prices"].items()
            if key[0] == isin and row.date("date") <= day
        ]
        last = max(rows, key=lambda row: row.date("date"), default=None)
        return (last.amount("close"), last.text("currency")) if last else None

    def rate(self, currency: str, base: str, day: dt.date) -> Decimal | None:
        """Give the latest direct rate (1 currency = rate base) dated on or before the day."""
        return self._latest("fx", (currency, base), day, "rate")

    def fees(self, venue: str, side: str, currency: str, day: dt.date) -> list[Values]:
        """Give every schedule row that applies; a SHORT is charged as a SELL."""
        charged = "BUY" if side == "BUY" else "SELL"
        return [
            row
            for row in self.tables["fees"].values()
            if row.text("venue") in ("*", venue)
            and row.text("side") in ("BOTH", charged)
            and row.text("currency") == currency
            and row.date("valid_from") <= day
            and (not row.has("valid_to") or day <= row.date("valid_to"))
        ]
