"""What a corporate action makes of an account's lots, as data: legs out of one instrument.

Lots keep their date and name. An account's quantities are spread over its lots rounded half-up as
they add up, so that the account's total is exact; each lot's cost is spread over the legs in the
same way, so that no cent of it is lost.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias

import polars as pl

from backoffice.clearance.entitlement_frames import LOT_ACTIONS_TABLE
from backoffice.kernel.books import Books
from backoffice.kernel.errors import OutOfRangeError
from backoffice.kernel.parts import Records

KEEP: Final = "KEEP"
CASH: Final = "CASH"
PAID: Final = "PAID"
ADDED: Final = "ADDED"
WHOLE: Final = 10**8
"""Of the basis shares of an action's legs, which add up to it, as of a unit of quantity."""

ACTION_LEGS: Final = pl.Schema(
    {
        "action_id": pl.String(),
        "effective_on": pl.Date(),
        "isin": pl.String(),
        "account_id": pl.String(),
        "leg": pl.Int64(),
        "to_isin": pl.String(),
        "numerator": pl.Int128(),
        "denominator": pl.Int128(),
        "basis_share_e8": pl.Int128(),
        "fractions": pl.String(),
        "price_e8": pl.Int128(),
        "currency": pl.String(),
        "transfers_until": pl.Date(),
        "opens_on": pl.Date(),
    }
)
"""A row a leg. An action stands after all events of earlier dates and before the transfers and
trades of its own; those of one date stand in the order of their ids. With `transfers_until`,
transfers of its instrument from its date until then stand before it (those of one date after the
actions without).

`isin` is what is held and `to_isin` what comes out of it, numerator for denominator. A leg without
`to_isin` closes so much of it for `price_e8` a unit. `basis_share_e8` is the share of the lots'
cost that goes with the leg (null: as many of the shares as go with it). Fractions are kept (KEEP,
or null), or sold at `price_e8`: that of the account's total (CASH), or of what is added to it
(ADDED). A leg PAID, which has no share of the cost, says what is paid for each unit that the leg
before it brings: it adds to their cost. What a leg with `opens_on` brings is a lot of its own,
opened that day and called by the action. Legs with an `account_id` are that account's, in place of
the others."""

LOT_ACTIONS: Final = pl.Schema({**ACTION_LEGS, "known_on": pl.Date(), "withdrawn_on": pl.Date()})
"""The table of the books: which versions of which actions count from which close on (`known_on`),
and from which close on no more (`withdrawn_on`). A row is never taken out."""


def known_legs(records: Records, books: Books) -> pl.DataFrame:
    """Return LOT_ACTIONS as the books have them; a table written before a column is without it."""
    part = books.tables.get(LOT_ACTIONS_TABLE)
    none = LOT_ACTIONS.to_frame()
    return pl.concat([none, records.read(part)], how="diagonal") if part else none


class Leg(NamedTuple):
    """A leg of an action as the pass reads it; without `to_isin` it is cash.

    What it brings costs `paid` a unit, of a currency, beside the cost that goes with it; it
    `opens` a lot of its own.
    """

    to_isin: str | None
    numerator: int
    denominator: int
    share: Fraction
    fractions: str
    price: int | None
    currency: str | None
    paid: tuple[int, str] | None = None
    opens: bool = False


Terms: TypeAlias = Mapping[tuple[str, str, str | None], tuple[Leg, ...]]
"""The legs of each action, by its id, its source and the account they are for (None: every other
account)."""


class Actions(NamedTuple):
    """The actions (ACTION_LEGS) a book was taken with, and those it is to be taken with now."""

    before: pl.DataFrame
    now: pl.DataFrame

    @property
    def fresh(self) -> pl.DataFrame:
        """Legs that are new, or other than they were."""
        return self.now.join(self.before, on=ACTION_LEGS.names(), how="anti", nulls_equal=True)

    @property
    def gone(self) -> pl.DataFrame:
        """Legs that count no more, or are other now."""
        return self.before.join(self.now, on=ACTION_LEGS.names(), how="anti", nulls_equal=True)


def counting(table: pl.DataFrame, day: date, known_at: date | None = None) -> pl.DataFrame:
    """Return the ACTION_LEGS of LOT_ACTIONS that count by a day, as known at a close.

    `known_at` is the business day of the close; None is the day itself.
    """
    known_at = known_at or day
    known = (pl.col("known_on") <= known_at) & (pl.col("effective_on") <= day)
    stands = pl.col("withdrawn_on").is_null() | (pl.col("withdrawn_on") > known_at)
    return table.filter(known & stands).select(ACTION_LEGS.names())


def families(legs: pl.DataFrame) -> dict[str, str]:
    """Name the family of every ISIN that an action touches: the first ISIN it is joined with."""
    name: dict[str, str] = {}

    def first(isin: str) -> str:
        while name.setdefault(isin, isin) != isin:
            isin = name[isin]
        return isin

    for isin, to_isin in legs.select("isin", "to_isin").unique().sort(pl.all()).iter_rows():
        pair = sorted((first(isin), first(to_isin or isin)))
        name[pair[1]] = pair[0]
    return {isin: first(isin) for isin in name}


def family_of(isin: pl.Expr, named: dict[str, str]) -> pl.Expr:
    """Return the name of each ISIN's family."""
    return isin.replace(named) if named else isin


def legs_by_action(legs: pl.DataFrame) -> Terms:
    """Gather the legs in their order.

    Raises
    ------
    OutOfRangeError
        When the basis shares do not add up, a ratio is none, or a price lacks its currency.
    """
    found: dict[tuple[str, str, str | None], list[Leg]] = {}
    for row in legs.sort("leg").iter_rows(named=True):
        terms = found.setdefault((row["action_id"], row["isin"], row["account_id"]), [])
        if row["fractions"] == PAID:
            terms[-1] = terms[-1]._replace(paid=(row["price_e8"], row["currency"]))
            continue
        leg = Leg(
            to_isin=row["to_isin"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            share=_share(row["basis_share_e8"], row["numerator"], row["denominator"]),
            fractions=row["fractions"] or KEEP,
            price=row["price_e8"],
            currency=row["currency"],
            opens=row["opens_on"] is not None,
        )
        terms.append(leg)
    for (action_id, *_), terms in found.items():
        _assert_whole(action_id, terms)
    return {key: tuple(terms) for key, terms in found.items()}


def _share(basis_e8: int | None, numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator) if basis_e8 is None else Fraction(basis_e8, WHOLE)


def _assert_whole(action_id: str, terms: Iterable[Leg]) -> None:
    terms = list(terms)
    if sum(leg.share for leg in terms) != 1 or any(leg.share < 0 for leg in terms):
        raise OutOfRangeError(f"the basis shares of action {action_id} do not add up to one")
    for leg in terms:
        if leg.numerator < 0 or leg.denominator <= 0:
            raise OutOfRangeError(f"action {action_id} has a leg without a ratio")
        if (leg.fractions != KEEP or leg.to_isin is None) and (
            leg.price is None or leg.currency is None
        ):
            raise OutOfRangeError(f"action {action_id} has a cash leg without a price")
