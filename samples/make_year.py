"""Write the files of a year's business days: `python -m samples.make_year FOLDER`.

Two hundred accounts trade three hundred instruments from the first to the last session of 2026.
What a client sells it mostly holds, and it often buys the same again.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from samples.files import write_csv
from samples.market import COUNTERPARTIES, FEES
from samples.year_accounts import ACCOUNT_COLUMNS, ACCOUNTS, account_id, account_row
from samples.year_actions import (
    APART,
    COLUMNS,
    ELECTION_COLUMNS,
    MOVES,
    Action,
    elections,
    moved,
    plan,
    scaled,
)
from samples.year_market import Paper, is_session, next_closes, papers, sessions
from samples.year_money import (
    DEAL_COLUMNS,
    POLICIES,
    POLICY_COLUMNS,
    RATE_COLUMNS,
    RATES,
    deals,
    decimal,
    quotes,
)

DAYS: Final = sessions()
SEED: Final = 20260101
INSTRUMENTS: Final = 300
TRADES_PER_DAY: Final = 120

_MONEY: Final = {"USD": 2_000_000, "EUR": 2_000_000, "ISK": 250_000_000}
_OPENS: Final = {"XNYS": time(14, 45), "XETR": time(8, 30), "XICE": time(9, 45)}
_SOLD: Final = 0.45
_SHORT: Final = 0.02
_SOME_MONEY_EVERY: Final = 20
Row = Sequence[str]


class Year:
    """What the generator knows as the days go by: the closes, and who holds what."""

    def __init__(self, seed: int = SEED, apart: int = APART) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self.papers = papers(INSTRUMENTS, seed)
        self.actions = plan(self.papers, DAYS, seed, apart)
        self.closes = {paper.isin: paper.opening for paper in self.papers}
        self.held: dict[str, dict[str, int]] = defaultdict(dict)

    def write_day(self, place: Path, day: date) -> None:
        """Write the files of the next business day."""
        place.mkdir(parents=True, exist_ok=True)
        if day == DAYS[0]:
            self._write_reference(place)
        self._act(place, day)
        traded = [paper for paper in self.papers if is_session(paper.venue, day)]
        self.closes = next_closes(self.rng, self.closes, traded)
        prices = [(p.isin, str(day), hundredths(self.closes[p.isin]), p.currency) for p in traded]
        write_csv(place / "prices.csv", ("isin", "date", "close", "currency"), prices)
        write_csv(place / "fx.csv", ("currency", "base", "date", "rate"), quotes(self.rng, day))
        write_csv(place / "movements.csv", _MOVEMENT_COLUMNS, list(self._movements(day)))
        write_csv(place / "fxdeals.csv", DEAL_COLUMNS, list(deals(self.rng, day, following(day))))
        trades = [self._trade(day, number, traded) for number in range(TRADES_PER_DAY)]
        write_csv(place / "trades-1.csv", _TRADE_COLUMNS, trades)

    def _act(self, place: Path, day: date) -> None:
        """Tell the actions announced today, and trade without those that go ex."""
        told = [action for action in self.actions if action.told == day]
        if told:
            write_csv(place / "actions.csv", COLUMNS, [action.row for action in told])
            _write_papers(place / "instruments-new.csv", [a.into for a in told if a.into])
            chosen = list(elections(told, [account_id(n) for n in range(ACCOUNTS)]))
            write_csv(place / "elections.csv", ELECTION_COLUMNS, chosen)
        today = [action for action in self.actions if action.ex == day]
        for action in today:
            self._follow(action)
        self.papers = moved(self.papers, today)

    def _follow(self, action: Action) -> None:
        """Carry closes and holdings over to what the action makes of them."""
        old, new = action.paper.isin, (action.into or action.paper).isin
        self.closes[new] = scaled(action, self.closes[old], price=True)
        if action.event in MOVES:
            for held in self.held.values():
                if old in held:
                    held[new] = scaled(action, held.pop(old))

    def _write_reference(self, place: Path) -> None:
        _write_papers(place / "instruments.csv", self.papers)
        rows = [account_row(number) for number in range(ACCOUNTS)]
        write_csv(place / "accounts.csv", ACCOUNT_COLUMNS, rows)
        write_csv(place / "counterparties.csv", ("lei", "name", "bic", "netting"), COUNTERPARTIES)
        named = ("fee_code", "venue", "side", "basis", "rate", "minimum", "maximum", "rounding",
                 "currency", "valid_from", "valid_to")  # fmt: skip
        write_csv(place / "fees.csv", named, FEES)
        write_csv(place / "rates.csv", RATE_COLUMNS, RATES)
        write_csv(place / "policies.csv", POLICY_COLUMNS, POLICIES)

    def _movements(self, day: date) -> Iterator[Row]:
        for number in range(ACCOUNTS):
            opens = day == DAYS[0]
            if opens or (number + day.toordinal()) % (ACCOUNTS // 2) == 0:
                for currency, money in _MONEY.items():
                    amount = money if opens else money // _SOME_MONEY_EVERY
                    yield (f"D-{day:%m%d}-{number}-{currency}", account_id(number), "DEPOSIT",
                           currency, str(amount), str(day))  # fmt: skip

    def _trade(self, day: date, number: int, traded: Sequence[Paper]) -> Row:
        rng, client = self.rng, account_id(self.rng.randrange(ACCOUNTS))
        paper, side = self._choice(client, traded)
        close = self.closes[paper.isin]
        price = max(1, close * rng.randint(985, 1015) // 1000)
        quantity = self._quantity(client, paper, side)
        at = datetime.combine(day, _OPENS[paper.venue], UTC) + timedelta(seconds=37 * number)
        commission = "0" if client.startswith("HOUSE") else "5"
        return (f"{day:%m%d}-{number:04d}", client, side, paper.isin, str(quantity),
                hundredths(price), paper.currency, f"{at:%Y-%m-%dT%H:%M:%SZ}", paper.venue,
                rng.choice(COUNTERPARTIES)[0], "AGENCY", commission,
                "0" if paper.asset_class == "BOND" else "",
                f"L-{day:%m%d}-{number}" if side == "SHORT" else "")  # fmt: skip

    def _choice(self, client: str, traded: Sequence[Paper]) -> tuple[Paper, str]:
        """Pick what is traded: a sale is mostly of what is held, a purchase often of a few."""
        rng = self.rng
        held = [paper for paper in traded if self.held[client].get(paper.isin, 0) > 0]
        if rng.random() < _SHORT:
            return rng.choice(traded), "SHORT"
        if held and rng.random() < _SOLD:
            return rng.choice(held), "SELL"
        again = held and rng.random() < _SOLD
        return rng.choice(held if again else traded), "BUY"

    def _quantity(self, client: str, paper: Paper, side: str) -> int:
        held = self.held[client].get(paper.isin, 0)
        quantity = self.rng.randint(1, 12) * 10
        if side == "SELL":
            quantity = max(1, min(held, quantity))
        change = quantity if side == "BUY" else -quantity
        self.held[client][paper.isin] = held + change
        return quantity


def _write_papers(path: Path, written: Sequence[Paper]) -> None:
    named = ("isin", "symbol", "name", "venue", "currency", "asset_class", "liquid")
    write_csv(path, named, [(*paper[:6], "Y") for paper in written])


_MOVEMENT_COLUMNS: Final = (
    "movement_id", "account_id", "kind", "currency", "amount", "value_date",
)  # fmt: skip
_TRADE_COLUMNS: Final = (
    "trade_id", "account_id", "side", "isin", "quantity", "price", "currency", "trade_time",
    "venue", "counterparty", "capacity", "commission", "accrued", "locate_id",
)  # fmt: skip


def following(day: date) -> date:
    """Return the business day after a day, of the last the day itself."""
    return next((each for each in DAYS if each > day), day)


def hundredths(amount: int) -> str:
    """Write hundredths as a decimal."""
    return decimal(amount, 2)


def main(folder: Path, days: int = len(DAYS)) -> None:
    """Write a folder a day."""
    year = Year()
    for day in DAYS[:days]:
        year.write_day(folder / day.isoformat(), day)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
