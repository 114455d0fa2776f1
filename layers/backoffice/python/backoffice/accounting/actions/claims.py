"""Who is entitled to what under an action, and the entries that say so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from backoffice.accounting.actions.elected import Choices, is_asked
from backoffice.accounting.actions.left_over import assert_fits, left_over
from backoffice.accounting.actions.parties import Party, Wanted, entries_of
from backoffice.accounting.actions.terms import Outcome, money_for, outcome
from backoffice.accounting.actions.withholding import withheld
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.clearance.entitlement_frames import ENTITLED, ENTITLEMENT_SCHEMA, PAID
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook


class Entitled(NamedTuple):
    """A holder's entitlement."""

    action: CorporateAction
    party: Party
    came: Outcome
    tax: int
    paid: bool

    @staticmethod
    def frame(rows: Iterable["Entitled"]) -> pl.DataFrame:
        """Return `ENTITLEMENT_SCHEMA`, sorted."""
        values = [one.row() for one in rows]
        frame = pl.DataFrame(values, schema=dict(ENTITLEMENT_SCHEMA), orient="row")
        return frame.sort("name", "role", "party")

    def row(self) -> tuple[Any, ...]:
        """Return its row of `ENTITLEMENT_SCHEMA`."""
        one, came = self.action, self.came
        return (
            *(one.name, one.partner, one.action_id, one.event, one.isin),
            *(self.party.role, self.party.ref, self.party.quantity, came.gone),
            *(one.into if came.new else None, came.new, came.fraction),
            *(one.currency, came.money, came.lieu, self.tax, came.money - self.tax),
            *(one.counts_on, one.pays_on, PAID if self.paid else ENTITLED),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """An action's entries as they are to stand, and the entitlements they are of.

    `beyond` says what of its money is left over and is more than roundings can leave, if any.
    """

    wanted: Sequence[Wanted]
    entitled: Sequence[Entitled]
    beyond: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of holders beside what they hold.

    Attributes
    ----------
    countries
        Of accounts.
    choices
        What accounts chose.
    street
        By counterparty: what of its shares was transformed, and into how many.
    """

    countries: Mapping[str, str | None]
    choices: Choices
    street: Mapping[str, tuple[int, int]]


def countries_of(records: Records, books: Books) -> dict[str, str | None]:
    """Return the country of every account."""
    part = books.tables.get("accounts")
    return dict(records.read(part, ("account_id", "country")).iter_rows()) if part else {}


def street_terms(transformed: pl.DataFrame, name: str) -> dict[str, tuple[int, int]]:
    """Return by counterparty what was transformed for an action, and into how many new shares.

    Parameters
    ----------
    transformed : pl.DataFrame
        `TRANSFORMED_SCHEMA`.
    name
        The action's.
    """
    sums = (
        transformed.filter(pl.col("name") == name)
        .group_by("counterparty")
        .agg(pl.col("quantity_e8", "new_quantity_e8").sum())
    )
    return {street: (old, new) for street, old, new in sums.iter_rows()}


def entitlements(
    action: CorporateAction,
    holders: Iterable[tuple[str, str, int]],
    sources: Sources,
    rulebook: Rulebook,
    *,
    paid: bool,
) -> Found:
    """Tell what every holder of an issue comes to, and what that posts.

    Parameters
    ----------
    action
        One whose day to count has come.
    holders
        (book, ref, amount) of the stock record at the day that it counts on.
    sources
        What else is known of the holders.
    rulebook
        What is withheld.
    paid
        Whether what it comes to has been paid, or delivered.

    Raises
    ------
    NoRuleError
        When the issuer's country has no rule of what is withheld.
    OutOfRangeError
        When a holder comes to more than books can hold.
    """
    parties = [Party.of(*holder) for holder in holders]
    entitled = []
    for party, came in _outcomes(action, parties, sources):
        tax = 0
        if party.role == "CLIENT":
            country = sources.countries.get(party.ref)
            tax = withheld(rulebook, action.isin[:2], country, came.income, action.pays_on)
        entitled.append(Entitled(action, party, came, tax, paid))
    wanted = [entry for one in entitled for entry in entries_of(*one[:4], paid=paid)]
    assert_fits(wanted)
    if not paid:
        return Found(wanted, entitled)
    left = left_over(action, wanted, [(one.party, one.came) for one in entitled])
    return Found([*wanted, *left.wanted], entitled, left.beyond)


def _outcomes(
    action: CorporateAction, parties: Sequence[Party], sources: Sources
) -> Iterable[tuple[Party, Outcome]]:
    """Yield what each comes to; the depository is told what the others chose, as one.

    What it does not hold of that is asked of who has not delivered.
    """
    left: dict[str, int] = {}

    def turn(party: Party) -> tuple[bool, bool, str, str]:
        asked = is_asked(action, party)
        return (asked, asked and party.role != "DEPOSITORY", party.book, party.ref)

    for party in sorted(parties, key=turn):
        chosen = sources.choices.of(action, party, left)
        parts = [
            outcome(action, quantity, option, whole=party.is_paid_whole)
            for option, quantity in chosen
        ]
        came = Outcome(*(sum(each) for each in zip(*parts, strict=True)))
        if action.replaces and action.ratio and party.role == "STREET":
            came = _as_transformed(action, party, came, sources.street)
        yield party, came


def _as_transformed(
    action: CorporateAction, party: Party, came: Outcome, street: Mapping[str, tuple[int, int]]
) -> Outcome:
    """Let the street's shares be what its obligations are of now; fractions are claims."""
    old, new = street.get(party.ref, (0, 0))
    rest = outcome(action, party.quantity - old, None, whole=False)
    shares = new + rest.new
    fraction = came.new - shares if action.lieu_price_e8 else 0
    lieu = money_for(action, fraction, action.lieu_price_e8)
    return came._replace(new=shares, fraction=fraction, lieu=lieu)
