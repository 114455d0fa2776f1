"""A generated January in which all that reports are of happens, of random size on random days."""

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from samples.make_year import DAYS, Year, hundredths
from samples.market import COUNTERPARTIES
from samples.year_accounts import ACCOUNTS, account_id
from tests.reference.samples import lei

Row = dict[str, str]
MONTH: Final = [day for day in DAYS if day.month == 1]
AFTER: Final = [day for day in DAYS if day.month == 2][:3]
CLIENTS: Final = [n for n in range(ACCOUNTS) if not account_id(n).startswith("HOUSE")]
BARE: Final = [n for n in CLIENTS if n % 3][5::13]
"""Persons of whom nothing is known at first; it comes when `KNOWN_ON` does."""
KNOWN_ON: Final = MONTH[7]
LISTED_ON: Final = MONTH[4]
_CHANNELS: Final = ("CASH", "CASH", "CASH", "WIRE", "CHEQUE", "")
_ACTIVITIES: Final = ("STRUCTURING", "FRAUD", "MONEY_LAUNDERING", "OTHER")
_PROBLEMS: Final = ("EXECUTION", "FEES", "SETTLEMENT", "OTHER")


class Events:
    """What happens beside the sample year's own; `told` keeps every row by kind."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self.year = Year()
        self.stuck = self.year.papers[0].isin
        """The issue that the street is never delivered."""
        self.accounts: dict[str, Row] = {}
        self.told: dict[str, list[Row]] = defaultdict(list)
        self._trades: dict[date, list[Row]] = {}
        self._gone: set[str] = set()
        self._version = 0

    def write_day(self, place: Path, day: date) -> None:
        """Write the files of a day."""
        self.year.write_day(place, day)
        if day == MONTH[0]:
            self._know(place / "accounts.csv")
        rows = read(place / "trades-1.csv")
        self._trades[day] = rows
        self.told["trades"] += rows
        self.told["fx"] += read(place / "fx.csv")
        if day in MONTH:
            for kind, made in self._events(day, rows).items():
                if made:
                    self.told[kind] += made
                    write(place / f"{kind}-more.csv", made)

    def _know(self, path: Path) -> None:
        """Say who the clients are: every third an entity, of which some are one, else persons."""
        rows = read(path)
        for number, row in enumerate(rows):
            row.update(_nobody() if number in BARE else _somebody(number))
            self.accounts[row["account_id"]] = row
            self.told["accounts"].append(dict(row))
        write(path, rows)

    def mended(self, names: Iterable[str]) -> list[Row]:
        """Return the rows of accounts whose number or date of birth was wrong, with another."""
        for name in names:
            row = self.accounts[name]
            if row["national_id_kind"] == "CONCAT":
                row["birth_date"] = str(date(1980, 3, 1) + timedelta(self.rng.randrange(9999)))
            else:
                row["national_id"] = f"Y{self.rng.randrange(10**9):09d}"
            self.told["accounts"].append(dict(row))
        return [self.accounts[name] for name in names]

    def _events(self, day: date, trades: list[Row]) -> dict[str, list[Row]]:
        late = {account_id(n): _somebody(n) for n in BARE} if day == KNOWN_ON else {}
        for name, known in late.items():
            self.accounts[name] |= known
        return {
            "accounts": [dict(self.accounts[name]) for name in late],
            "thresholds": [_listed(self.stuck, day)] if day == LISTED_ON else [],
            "movements": [*self._cash(day), *(self._lent() if day == MONTH[3] else ())],
            "trades": [*self._corrections(), *self._entitled(day, trades)],
            "allocations": list(self._allocations(day, trades)),
            "borrows": list(self._borrows(day, trades)),
            "complaints": list(self._complaints(day)),
            "sars": list(self._suspicions(day)),
        }

    def _cash(self, day: date) -> Iterator[Row]:
        """Bring and fetch money by all channels; some of one entity, some twice a day."""
        rng = self.rng
        for number in range(rng.randint(2, 5)):
            owner = rng.choice(CLIENTS)
            for part in range(rng.randint(1, 3)):
                coming = rng.random() < 0.8
                yield {
                    "movement_id": f"C-{day:%m%d}-{number}-{part}",
                    "account_id": account_id(owner),
                    "kind": "DEPOSIT" if coming else "WITHDRAWAL",
                    "currency": rng.choice(("USD", "USD", "EUR")),
                    "amount": f"{rng.randint(200_000, 1_400_000) / 100:.2f}",
                    "value_date": str(day - timedelta(days=rng.choice((0, 0, 0, 1, 2)))),
                    "channel": rng.choice(_CHANNELS),
                }
        cash = [row for row in self.told["movements"] if row["movement_id"].startswith("C-")]
        for row in [row for row in cash if rng.random() < 0.03]:
            # what belongs to a day before is told of late
            yield {**row, "movement_id": f"C-{day:%m%d}-L-{row['movement_id']}"}

    def _lent(self) -> Iterator[Row]:
        """Lend on margin to some, who bring shares and take out more than they have."""
        for number in self.rng.sample([n for n in CLIENTS if n % 4 == 0], 8):
            dollars = f"{self.rng.randint(205_000_000, 215_000_000) / 100:.2f}"
            yield {
                "movement_id": f"SHARES-{number}",
                "account_id": account_id(number),
                "kind": "TRANSFER_IN",
                "isin": self.year.papers[8].isin,
                "quantity": str(self.rng.randint(5_000, 9_000)),
                "cost": "100000.00",
                "cost_currency": "USD",
                "value_date": str(MONTH[3]),
            }
            for currency, amount in (("USD", dollars), ("EUR", "2000000"), ("ISK", "250000000")):
                yield {
                    "movement_id": f"LENT-{number}-{currency}",
                    "account_id": account_id(number),
                    "kind": "WITHDRAWAL",
                    "currency": currency,
                    "amount": amount,
                    "value_date": str(MONTH[3]),
                    "channel": "WIRE",
                }

    def _corrections(self) -> Iterator[Row]:
        """Amend or cancel trades of the last days, reported and mostly settled already."""
        past = [row for d in sorted(self._trades)[-6:-1] for row in self._trades[d]]
        for row in self.rng.sample(past, min(len(past), self.rng.randint(2, 5))):
            if row["trade_id"] in self._gone or row["side"] == "SHORT":
                continue
            if self.rng.random() < 0.4:
                self._gone.add(row["trade_id"])
                yield {**row, "action": "CANCEL", "version": ""}
            else:
                self._version += 1
                row["quantity"] = str(int(row["quantity"]) + self.rng.randint(1, 9))
                yield {**row, "action": "AMEND", "version": str(self._version)}

    def _entitled(self, day: date, trades: list[Row]) -> Iterator[Row]:
        """Buy what an action was told of today, so that somebody holds it when it goes ex."""
        papers = [action.paper for action in self.year.actions if action.told == day]
        for paper in [one for one in papers if one.venue in {row["venue"] for row in trades}]:
            like = next(row for row in trades if row["venue"] == paper.venue)
            for number, client in enumerate(self.rng.sample(CLIENTS, 4)):
                yield {
                    **like,
                    "trade_id": f"{day:%m%d}-X{number}-{paper.symbol}",
                    "account_id": account_id(client),
                    "side": "BUY",
                    "isin": paper.isin,
                    "quantity": str(self.rng.randint(10, 90)),
                    "price": hundredths(self.year.closes[paper.isin]),
                    "locate_id": "",
                }

    def _allocations(self, day: date, trades: list[Row]) -> Iterator[Row]:
        """Allot a part of some of the firm's own purchases to clients, and of one day all."""
        own = [t for t in trades if t["account_id"].startswith("HOUSE") and t["side"] == "BUY"]
        for block in own[: self.rng.randint(0, 2)]:
            left = int(block["quantity"])
            self._gone.add(block["trade_id"])
            for number, client in enumerate(self.rng.sample(CLIENTS, self.rng.randint(1, 3))):
                part = self.rng.randint(1, max(1, left // 2))
                left -= part
                yield {
                    "allocation_id": f"AL-{block['trade_id']}-{number}",
                    "block_trade_id": block["trade_id"],
                    "trade_date": str(day),
                    "account_id": account_id(client),
                    "quantity": str(part),
                }

    def _borrows(self, day: date, trades: list[Row]) -> Iterator[Row]:
        """Borrow what was sold short, and give some of what is out back."""
        rng = self.rng
        for loan in [b for b in self.told["borrows"] if not b["action"] and rng.random() < 0.2]:
            if loan["borrow_id"] not in self._gone:
                self._gone.add(loan["borrow_id"])
                part = str(int(loan["quantity"]) // 2)
                yield {**loan, "action": "RETURN", "quantity": part, "date": str(day)}
        for row in [t for t in trades if t["side"] == "SHORT"]:
            quantity = int(row["quantity"]) + rng.randint(0, 30)
            yield {
                "borrow_id": f"B-{row['trade_id']}",
                "action": "",
                "lender": COUNTERPARTIES[0][0],
                "isin": row["isin"],
                "quantity": str(quantity),
                "date": str(day),
                "currency": row["currency"],
                "collateral": str(quantity * int(float(row["price"]))),
            }

    def _complaints(self, day: date) -> Iterator[Row]:
        """Receive some, and answer or close some of those there are, in any order."""
        rng = self.rng
        stages = ("ACKNOWLEDGED", "ANSWERED", "CLOSED")
        for row in [c for c in self.told["complaints"] if c["kind"] == "RECEIVED"]:
            done = {c["kind"] for c in self.told["complaints"] if _same(c, row)}
            left = [stage for stage in stages if stage not in done]
            if left and rng.random() < 0.25:
                of_it = dict.fromkeys(row, "") | {"complaint_id": row["complaint_id"]}
                yield {**of_it, "kind": left[0], "on_date": str(day)}
        for number in range(rng.randint(0, 2)):
            yield {
                "complaint_id": f"K-{day:%m%d}-{number}",
                "kind": "RECEIVED",
                "on_date": str(day),
                "account_id": account_id(rng.choice(CLIENTS)),
                "channel": rng.choice(("LETTER", "EMAIL", "PHONE")),
                "problem": rng.choice(_PROBLEMS),
                "product": rng.choice(("EQUITY", "BOND", "")),
            }

    def _suspicions(self, day: date) -> Iterator[Row]:
        rng = self.rng
        for number in range(rng.choice((0, 1, 1, 2))):
            files = rng.random() < 0.7
            yield {
                "sar_id": f"S-{day:%m%d}-{number}",
                "account_id": account_id(rng.choice(CLIENTS)),
                "detected_on": str(day),
                "has_suspect": rng.choice(("Y", "N", "")),
                "activity": rng.choice(_ACTIVITIES),
                "amount": f"{rng.randint(100_000, 3_000_000) / 100:.2f}",
                "currency": "USD",
                "kind": "FILE" if files else "NO_FILE",
                "reason": "" if files else "EXPLAINED",
            }


def script(seed: int, stuck: str) -> str:
    """Write a market where some of what is due fails for days, and one issue is never delivered."""
    return f"""
[[answer]]
do = "fail"
isin = "{stuck}"
direction = "DELIVER"

[[mix]]
seed = {seed}
rates = {{ fail = "0.06", partial = "0.04" }}
days = 6

[[mix]]
seed = {seed + 1}
rates = {{ fail = "0.03" }}
days = 40
"""


def _listed(isin: str, day: date) -> Row:
    return {"isin": isin, "list_date": str(day), "status": "ON", "shares_outstanding": ""}


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return one["complaint_id"] == other["complaint_id"]


_NAMED: Final = (
    *("lei", "given_names", "surname", "birth_date", "national_id", "national_id_kind"),
    "nationality",
)


def _nobody() -> Row:
    return dict.fromkeys(_NAMED, "")


def _somebody(number: int) -> Row:
    """Say who a client is; accounts of one entity are three, of a person one."""
    name = account_id(number)
    if name.startswith("HOUSE"):
        return _nobody()
    if number % 3 == 0:
        return _nobody() | {"lei": lei(500 + number // 9)}
    # of Icelanders a number, of Germans names alone (annex II); every fifth is something else
    kind = "NIDN" if name.startswith("IS") else "CONCAT"
    kind, nationality = ("CCPT", "US") if number % 5 == 0 else (kind, "")
    return _nobody() | {
        "given_names": "Viðskiptavinur",
        "surname": f"{initials(number)}-Númer {number}",
        "birth_date": "1980-02-29",
        "national_id_kind": kind,
        "national_id": "" if kind == "CONCAT" else f"X{number:09d}",
        "nationality": nationality,
    }


def initials(number: int) -> str:
    """Return two letters that tell a client from any other."""
    return chr(ord("A") + number // 26) + chr(ord("A") + number % 26)


def read(path: Path) -> list[Row]:
    """Read a file's rows."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def write(path: Path, rows: list[Row]) -> None:
    """Write rows under the first one's columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(n for r in rows for n in r)), restval="",
                            lineterminator="\n")  # fmt: skip
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
