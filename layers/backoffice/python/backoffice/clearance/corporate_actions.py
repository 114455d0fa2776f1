"""Corporate actions as they stand: what was announced of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from backoffice.intake.event_kinds import ACTION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_REPLACES: Final = frozenset({"SPLIT", "REVERSE_SPLIT", "MERGER", "ISIN_CHANGE", "REDEMPTION"})
_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "DIVIDEND_OPTION": ("CASH", "SHARES"),
    "EXERCISE": ("LAPSE", "EXERCISE"),
    "TENDER": ("KEEP", "TENDER"),
}
"""What an account may choose; the first is what happens where nothing is said."""
_GIVEN: Final = frozenset({"EXERCISE", "TENDER"})
_WHOLE: Final = 100 * 10**8


@dataclass(frozen=True)
class CorporateAction:
    """An action as its latest announcement says; the fields are the columns of its file.

    Rates and prices are money a share at 10^8, shares and per cents at 10^8, too.
    """

    partner: str
    action_id: str
    event: str
    isin: str
    ex_date: date
    record_date: date | None
    pay_date: date | None
    currency: str | None
    rate_e8: int | None
    ratio_new_e8: int | None
    ratio_old_e8: int | None
    new_isin: str | None
    basis_share_e8: int | None
    percent_e8: int | None
    lieu_price_e8: int | None
    election_deadline: date | None
    default_option: str | None
    symbol: str | None
    cancelled: bool
    first_told_on: date
    told_on: date
    business_date: date
    file: str
    row: int
    waits: bool = False
    """Whether its latest announcement cannot be applied, and this is the one before it."""

    @property
    def name(self) -> str:
        """What identifies it: `<partner>/<action_id>`."""
        return f"{self.partner}/{self.action_id}"

    @property
    def replaces(self) -> bool:
        """Whether the old shares, or some of them, go."""
        return self.event in _REPLACES

    @property
    def moves_shares(self) -> bool:
        """Whether shares go or come, and not money alone."""
        return self.event != "CASH_DIVIDEND"

    @property
    def changes(self) -> frozenset[str]:
        """The ISINs of which a holder comes to have more or fewer."""
        if not self.moves_shares:
            return frozenset()
        goes = self.replaces or self.is_given
        return frozenset({self.isin, self.into} if goes else {self.into})

    @property
    def is_given(self) -> bool:
        """Whether shares go because their holder says so: until the deadline they may arrive."""
        return self.event in _GIVEN

    @property
    def options(self) -> tuple[str, ...]:
        """What an account may choose, the default first; () where nothing is to be chosen."""
        known = _OPTIONS.get(self.event, ())
        return options_among(self.default_option) if self.default_option in known else known

    @property
    def counts_on(self) -> date:
        """The first close that knows who is entitled: of the record date, not before the ex date.

        What accounts choose is known once they may choose no more; what replaces shares replaces
        the morning's of the ex date, whatever the record date.
        """
        if self.replaces:
            return self.ex_date
        dates = [self.ex_date, self.record]
        if self.options and self.election_deadline:
            dates.append(self.election_deadline)
        return max(dates)

    @property
    def record(self) -> date:
        """The record date: the ex date, where none is told."""
        return self.record_date or self.ex_date

    @property
    def settled_by(self) -> date:
        """The last day whose settlements count: what replaces shares replaces the morning's."""
        if self.replaces:
            return self.ex_date
        return self.counts_on if self.is_given else self.record

    @property
    def pays_on(self) -> date:
        """The day that cash, and shares that are added, come."""
        return max(self.pay_date or self.counts_on, self.counts_on)

    @property
    def into(self) -> str:
        """The ISIN of the new shares."""
        return self.new_isin or self.isin

    @property
    def cash_is_income(self) -> bool:
        """Whether money beside new shares takes no part of the old ones' cost."""
        takes = self.basis_share_e8 is not None and self.basis_share_e8 < _WHOLE
        return self.event == "MERGER" and self.ratio is not None and not takes

    @property
    def share_of_holding(self) -> tuple[int, int]:
        """How much of a holding the action is about, as a fraction."""
        return (self.percent_e8 or _WHOLE, _WHOLE)

    @cached_property
    def ratio(self) -> tuple[int, int] | None:
        """New shares for old ones; None where no shares come."""
        if self.event == "ISIN_CHANGE":
            return (1, 1)
        if self.event in {"REDEMPTION", "TENDER", "CASH_DIVIDEND"} or not self.ratio_new_e8:
            return None
        return (self.ratio_new_e8, self.ratio_old_e8 or 1)


def options_among(default: str) -> tuple[str, ...]:
    """Return what can be chosen where an option is the default, the default first."""
    (known,) = [options for options in _OPTIONS.values() if default in options]
    return (default, *(other for other in known if other != default))


def known_actions(records: Records, books: Books) -> list[CorporateAction]:
    """Return every action ever announced, as its latest row says, by partner and id."""
    return [versions[-1] for versions in told_versions(records, books)]


def told_versions(records: Records, books: Books) -> list[list[CorporateAction]]:
    """Return of every action what was ever announced of it, in its order; by partner and id."""
    part = books.tables.get(ACTION_EVENTS.table)
    if part is None:
        return []
    rows = records.read(part)  # in the order they were taken
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        versions = told.setdefault((row["partner"], row["action_id"]), [])
        if row["action"] == "CANCEL":
            versions.append({**versions[-1], "cancelled": True, "told_on": row["taken_on"]})
        else:
            first = versions[0]["first_told_on"] if versions else row["taken_on"]
            dates = {"told_on": row["taken_on"], "first_told_on": first}
            versions.append({**row, **dates, "cancelled": False})
    names = CorporateAction.__dataclass_fields__.keys() - {"waits"}
    return [
        [CorporateAction(**{name: row[name] for name in names}) for row in told[key]]
        for key in sorted(told)
    ]
