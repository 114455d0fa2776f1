"""What depositories and banks say of a day that a house has closed, now and then a little off."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from tests.reference.writing import table_bytes
from tests.simulation.house import House, Market
from tests.simulation.market import settle_all

Rows = list[dict[str, str]]
Says = Callable[[House, date, Mapping[str, int]], bytes]


def custody(house: House, day: date, off: Mapping[str, int]) -> bytes:
    """State what the depository holds, some ISINs off by a number; never less than none."""
    rows = house.table("stock-record", day)
    held = {row["isin"]: row["quantity"] for row in rows if _is_at_depository(row["account"])}
    stated = {name: Decimal(held.get(name, "0")) + off.get(name, 0) for name in {**held, **off}}
    lines = [
        {"isin": name, "quantity": f"{quantity:f}"}
        for name, quantity in stated.items()
        if quantity > 0
    ]
    return table_bytes(lines, ["isin", "quantity"])


def moved_shares(house: House, day: date) -> Rows:
    """Return the lines of the depository for what a day's close booked there."""
    money: dict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    today = [row for row in house.table("journal", day) if row["recorded_on"] == str(day)]
    for row in today:
        if row["account"].startswith("Assets:Cash"):
            money[row["entry_id"]].append((Decimal(row["amount"]), row["unit"]))
    lines: Rows = []
    for row in today:
        if _is_at_depository(row["account"]):
            quantity = Decimal(row["amount"])
            line = {"reference": f"D-{len(lines)}-{day}", "our_reference": row["source"]}
            line |= {"isin": row["unit"], "quantity": f"{abs(quantity):f}", "status": "SETTLED"}
            line |= {"direction": "RECEIVE" if quantity > 0 else "DELIVER"}
            paid = money.get(row["entry_id"])
            line |= {"amount": f"{paid[0][0]:f}", "currency": paid[0][1]} if paid else {}
            lines.append(line | {"settled_on": row["effective_date"]})
    return lines


def moved_cash(house: House, day: date) -> Rows:
    """Return the bank's entries for what a day's close booked."""
    return [
        {
            "nostro": f"N-{row['unit']}",
            "currency": row["unit"],
            "amount": row["amount"],
            "value_date": row["effective_date"],
            "reference": f"B-{row['entry_id']}",
            "our_reference": row["source"],
        }
        for row in house.table("journal", day)
        if row["recorded_on"] == str(day) and row["account"].startswith("Assets:Cash")
    ]


def stating(
    says: Mapping[str, Says], off: Mapping[str, int] | None = None, market: Market = settle_all
) -> Market:
    """Let a market speak, and then others state what the day will have come to, by file name."""

    def speaks(house: House, day: date) -> Mapping[str, bytes]:
        told = market(house, day)
        closed = house.copy()
        for name, body in told.items():
            closed.drop("market", day, name, body)
        closed.close(day)
        return {**told, **{name: say(closed, day, off or {}) for name, say in says.items()}}

    return speaks


def _is_at_depository(account: str) -> bool:
    return account == "Securities:Depository" or account.startswith("Securities:Depository:")
