"""Book the corporate actions of a close: from who holds what to entries, by actions' dates."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import polars as pl

from backoffice.accounting.actions.claims import (
    Entitled,
    Sources,
    countries_of,
    entitlements,
    street_terms,
)
from backoffice.accounting.actions.day_entries import entries_of_others
from backoffice.accounting.actions.elected import choices_of, open_choices
from backoffice.accounting.actions.holdings import held_for, transfers_until
from backoffice.accounting.actions.lot_legs import lot_legs, with_versions
from backoffice.accounting.actions.posted import POSTED, POSTED_SCHEMA, Postings, as_journal
from backoffice.accounting.actions.stock import Stock, stock_at_close, unwatched, watched
from backoffice.accounting.journal import empty_journal
from backoffice.accounting.lots.actions import known_legs
from backoffice.clearance.action_faults import (
    LEFT_OVER,
    NO_RULE,
    OUT_OF_RANGE,
    WAITING,
    WAITING_SCHEMA,
    sound_actions,
)
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.clearance.elections import (
    OPEN_CHOICES,
    OPEN_SCHEMA,
    elections_as_they_stand,
)
from backoffice.clearance.entitlement_frames import (
    ENTITLEMENTS,
    LOT_ACTIONS_TABLE,
    booked_actions,
    known_entitlements,
)
from backoffice.clearance.share_terms import known_terms
from backoffice.intake.event_kinds import ACTION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError, OutOfRangeError
from backoffice.kernel.parts import Part, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.transformed_books import transformed_so_far, undone_so_far

_REACH: Final = "action_reach_days"


@dataclass(frozen=True, slots=True)
class BookedActions:
    """The books with what stands of actions, what is no account's, and what is, staged."""

    books: Books
    others: pl.DataFrame
    accounts: Part | None


def book_actions(
    records: Records,
    work: Work,
    books: Books,
    street: pl.DataFrame,
    withdrawn: Part,
    rulebook: Rulebook,
) -> BookedActions:
    """Book what actions come to at a close; before any file of them there is nothing.

    Every action in reach is looked at anew, and the difference to what it has posted is booked:
    what comes late, is corrected or taken back needs no rule of its own.

    Parameters
    ----------
    records, work, books
        The stores and the books of the close.
    street : pl.DataFrame
        `JOURNAL_SCHEMA`: what the street's side posts at this close.
    withdrawn
        The register rows of the trades that were cancelled or amended today.
    rulebook
        What is withheld, and how long actions are looked at.
    """
    if ACTION_EVENTS.table not in books.tables:
        return BookedActions(books, empty_journal(), None)
    return _Close(records, books, rulebook).run(work, street, withdrawn)


class _Close:
    def __init__(self, records: Records, books: Books, rulebook: Rulebook) -> None:
        self._records, self._books, self._rulebook = records, books, rulebook
        self._actions = sound_actions(records, books)
        self._by_name = {one.name: one for one in self._actions}
        part = books.tables.get(POSTED)
        self._posted = records.read(part) if part else pl.DataFrame(schema=dict(POSTED_SCHEMA))
        standing = elections_as_they_stand(records, books, self._actions).standing
        self._choices = choices_of(standing)
        self._countries = countries_of(records, books)
        made = transformed_so_far(records, books)
        self._booked = booked_actions(records, books)
        self._terms = known_terms(records, books)
        self._transformed = pl.concat([made, undone_so_far(records, books)])
        self._legs = known_legs(records, books)
        self._open: list[tuple[Any, ...]] = []
        self._entitled: list[Entitled] = []
        self._waiting: list[tuple[str, str, str]] = []

    def run(self, work: Work, street: pl.DataFrame, withdrawn: Part) -> BookedActions:
        records, books = self._records, self._books
        reached = [one for one in self._actions if self._is_in_reach(one)]
        known = self._posted.filter(~pl.col("name").is_in([one.name for one in reached]))
        if not reached:
            kept = unwatched(records, self._keep(known, [], set()))
            return BookedActions(kept, empty_journal(), None)
        stock = stock_at_close(records, books, withdrawn, street, watched(reached))
        rows, standing = [], []
        for one in reached:
            postings = self._postings(one)
            fresh = self._book(one, postings, stock)
            stock.add(as_journal(fresh))
            rows += fresh
            standing += postings.rows()
        now = pl.DataFrame(standing, schema=dict(POSTED_SCHEMA), orient="row")
        kept = stock.keep(records, self._keep(known, [now], {one.name for one in reached}))
        journal = as_journal(rows)
        others = entries_of_others(records, books, journal)
        of_accounts = journal.filter(pl.col("account_id").is_not_null())
        staged = work.stage(f"days/{books.day}/actions.parquet", of_accounts)
        return BookedActions(kept, others, staged if of_accounts.height else None)

    def _is_in_reach(self, one: CorporateAction) -> bool:
        """Whether an action is looked at: from its ex date until long after it has paid.

        Of one that was changed later than that, until as long after it was.
        """
        day = self._books.day
        if one.ex_date > day and not self._postings(one) and one.name not in self._booked:
            return False
        last = max(one.pays_on, one.told_on)
        reach = self._rulebook.days(_REACH, day)
        # counted back from today: a date may be the last there is
        return day - timedelta(days=reach) <= last

    def _postings(self, one: CorporateAction) -> Postings:
        rows = self._posted.filter(pl.col("name") == one.name)
        return Postings(one, rows.iter_rows(named=True))

    def _book(self, one: CorporateAction, postings: Postings, stock: Stock) -> list[dict[str, Any]]:
        day = self._books.day
        holders = held_for(one, stock.total, stock.lines, self._by_name, self._terms)
        if one.cancelled or one.counts_on > day:
            if one.options and not one.cancelled:
                self._open += open_choices(one, holders, self._choices)
            self._legs = with_versions(self._legs, one.name, [], day)
            return postings.bring_to([], day)
        # of one that waits nothing more is paid
        paid = postings.is_paid if one.waits else day >= one.pays_on
        try:
            found = entitlements(one, holders, self._sources(one), self._rulebook, paid=paid)
        except (NoRuleError, OutOfRangeError) as error:
            code = NO_RULE if isinstance(error, NoRuleError) else OUT_OF_RANGE
            self._waiting.append((one.name, code, str(error)))
            return []
        if found.beyond:
            self._waiting.append((one.name, LEFT_OVER, found.beyond))
        self._entitled += found.entitled
        legs = lot_legs(one, found.entitled, transfers_until(one, self._actions))
        self._legs = with_versions(self._legs, one.name, legs, day)
        return postings.bring_to(found.wanted, day)

    def _sources(self, one: CorporateAction) -> Sources:
        """Return what is known of an action's holders beside what they hold."""
        return Sources(self._countries, self._choices, street_terms(self._transformed, one.name))

    def _keep(self, known: pl.DataFrame, now: list[pl.DataFrame], again: set[str]) -> Books:
        """Keep what stands of postings and entitlements, and what waits for a rule."""
        day, records, books = self._books.day, self._records, self._books
        frames = {
            POSTED: pl.concat([known, *now]).sort("name", "stage", "party", "book", "ref", "unit"),
            ENTITLEMENTS: self._all_entitled(again),
            LOT_ACTIONS_TABLE: self._legs,
            OPEN_CHOICES: pl.DataFrame(self._open, schema=dict(OPEN_SCHEMA), orient="row"),
            WAITING: pl.DataFrame(self._waiting, schema=dict(WAITING_SCHEMA), orient="row"),
        }
        kept = {
            name: records.keep("accounting", day, frame)
            for name, frame in frames.items()
            if frame.height or name in books.tables
        }
        return books.with_tables(**kept)

    def _all_entitled(self, again: set[str]) -> pl.DataFrame:
        fresh = Entitled.frame(self._entitled)
        before = known_entitlements(self._records, self._books)
        before = before.filter(~pl.col("name").is_in(list(again)))
        return pl.concat([before, fresh]).sort("name", "role", "party")
