"""The trades behind open fails: what customers and the firm put into each, and their names."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.compliance.reports.kinds import Look
from backoffice.intake.register import standing, superseded
from backoffice.settlement.fail_frames import FAIL_SCHEMA, FAILS, OPEN
from backoffice.settlement.frames import OBLIGATION_SCHEMA, empty
from backoffice.settlement.nets import trade_key
from backoffice.settlement.short_sales import members_of, origins_of

_KEY: Final = ("counterparty", "isin", "currency", "due_date", "cleared_on")
_TRADE: Final = (
    *("partner", "trade_date", "trade_id", "state_on", "status", "side", "account_kind"),
    *("quantity_e8", *_KEY),
)
_PUT: Final = {
    **dict.fromkeys(("asked", "obligation_id", "account_kind", "trade"), pl.String),
    "signed_e8": pl.Int128,
}
_SIDES: Final = ("RECEIVE", "DELIVER")


@dataclass(frozen=True, slots=True)
class Fail:
    """An open fail in shares: `firm_e8` and `customers_e8` are what each put in, in its way."""

    row: dict[str, Any]
    whole_e8: int
    firm_e8: int
    customers_e8: int
    sources: str


def open_fails(look: Look) -> list[Fail]:
    """Return the open fails to receive and to deliver, in the order of their names."""
    fails = _table(look, FAILS, empty(FAIL_SCHEMA)).filter(
        pl.col("status") == OPEN,
        pl.col("direction").is_in(_SIDES),
        pl.col("open_quantity_e8") > 0,
    )
    if not fails.height:
        return []
    obligations = _table(look, "obligations", empty(OBLIGATION_SCHEMA))
    whole = dict(obligations.select("obligation_id", pl.col("quantity_e8").abs()).iter_rows())
    put = _put_in(look, obligations, fails["obligation_id"].to_list())
    return [_fail(row, whole, put) for row in fails.sort("fail_id").to_dicts()]


def _table(look: Look, name: str, nothing: pl.DataFrame) -> pl.DataFrame:
    part = look.books.tables.get(name)
    return look.records.read(part) if part else nothing


def _fail(row: dict[str, Any], whole: dict[str, int], put: pl.DataFrame) -> Fail:
    own = put.filter(pl.col("asked") == row["obligation_id"])
    turn = 1 if row["direction"] == "RECEIVE" else -1
    firm = pl.col("account_kind") == "HOUSE"

    def net(rows: pl.DataFrame) -> int:
        amounts: list[int] = rows["signed_e8"].to_list()
        return turn * sum(amounts)

    names = sorted({row["obligation_id"], *own["obligation_id"], *own["trade"]})
    size = whole.get(row["obligation_id"], row["open_quantity_e8"])
    return Fail(row, size, net(own.filter(firm)), net(own.filter(~firm)), ";".join(names))


def _put_in(look: Look, obligations: pl.DataFrame, asked: list[str]) -> pl.DataFrame:
    """Return asked, obligation_id, trade, account_kind, signed_e8: a row a trade that stands."""
    origins = origins_of(obligations, sorted(asked))
    members = members_of(look.records, look.books, origins)
    days = members["cleared_on"].unique().to_list()
    frames = [
        look.records.read(part, list(_TRADE)) for part in look.books.trades if part.day in days
    ]
    if not frames:
        return pl.DataFrame(schema=_PUT)
    rows = standing(pl.concat(frames), superseded(look.records, look.books))
    cleared = rows.filter(pl.col("status") == "CLEARED").with_columns(own_key=trade_key())
    # what is written of a trade by its own name stands before what is of all of its key
    both = members.join(cleared, on=list(_KEY))
    alike = pl.col("trade_key").is_null() | (pl.col("trade_key") == pl.col("own_key"))
    met = both.filter(alike).join(origins.select("asked", "obligation_id"), on="obligation_id")
    sign = pl.when(pl.col("side") == "BUY").then(1).otherwise(-1).cast(pl.Int128)
    return met.select(
        "asked",
        "obligation_id",
        "account_kind",
        trade=pl.format("{}:{}:{}", "partner", "trade_date", "trade_id"),
        signed_e8=pl.col("quantity_e8") * sign,
    ).unique()
