"""Claims for what buy-ins cost: raised with the buy-in, paid when a `claims` row says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.settlement.fail_frames import PAID_SCHEMA

_ORDER: Final = ("value_date", "payment_id")


@dataclass(frozen=True, slots=True)
class PaidClaims:
    """What a day's payments leave.

    Attributes
    ----------
    paid : pl.DataFrame
        `PAID_SCHEMA`: what fits.
    table : pl.DataFrame
        `CLAIM_PAYMENT_SCHEMA`: every payment ever taken; those that fit are booked.
    misfits : pl.DataFrame
        payment_id of what has come to its day and fits no claim: it waits.
    """

    paid: pl.DataFrame
    table: pl.DataFrame
    misfits: pl.DataFrame


def pay_claims(buy_ins: pl.DataFrame, table: pl.DataFrame, day: date) -> PaidClaims:
    """Take the payments whose day has come, by value date and id.

    One fits a claim in its currency, not older than it, of which as much is still open; of a claim
    that is ours to pay, the money goes out.

    Parameters
    ----------
    buy_ins : pl.DataFrame
        `BUY_IN_SCHEMA`, after the day's buy-ins.
    table : pl.DataFrame
        `CLAIM_PAYMENT_SCHEMA`.
    day : date
        The business day of the close.
    """
    claims = {row["buy_in_id"]: row for row in _claims(buy_ins).iter_rows(named=True)}
    left = {name: abs(row["claim_minor"]) for name, row in claims.items()}
    booked = table.filter(pl.col("booked_on").is_not_null())
    for name, amount in booked.select("buy_in_id", "amount_minor").iter_rows():
        left[name] -= amount
    paid, misfits = list[Mapping[str, Any]](), list[str]()
    waiting = table.filter(pl.col("booked_on").is_null(), pl.col("value_date") <= day)
    for row in waiting.sort(_ORDER).iter_rows(named=True):
        claim = claims.get(row["buy_in_id"])
        if claim is None or not _fits(row, claim, left):
            misfits.append(row["payment_id"])
            continue
        left[row["buy_in_id"]] -= row["amount_minor"]
        paid.append(_payment(row, claim))
    values = [tuple(row[name] for name in PAID_SCHEMA) for row in paid]
    done = pl.DataFrame(values, schema=dict(PAID_SCHEMA), orient="row")
    today = pl.when(pl.col("payment_id").is_in(done["payment_id"].implode())).then(pl.lit(day))
    return PaidClaims(
        paid=done,
        table=table.with_columns(booked_on=pl.coalesce("booked_on", today)),
        misfits=pl.DataFrame({"payment_id": misfits}, schema={"payment_id": pl.String}),
    )


def _claims(buy_ins: pl.DataFrame) -> pl.DataFrame:
    return buy_ins.filter(pl.col("booked_on").is_not_null(), pl.col("claim_minor") != 0)


def _fits(row: Mapping[str, Any], claim: Mapping[str, Any], left: Mapping[str, int]) -> bool:
    alike = claim["currency"] == row["currency"] and claim["trade_date"] <= row["value_date"]
    return bool(alike and row["amount_minor"] <= left[row["buy_in_id"]])


def _payment(row: Mapping[str, Any], claim: Mapping[str, Any]) -> Mapping[str, Any]:
    received = row["amount_minor"] if claim["claim_minor"] > 0 else -row["amount_minor"]
    return {
        **row,
        "obligation_id": claim["obligation_id"],
        "claimed_of": claim["claimed_of"],
        "money_minor": received,
    }
