"""Whatever happens to the firm's own shares, its inventory is what its open lots cost."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from tests.reference.samples import account, instrument, isin, trade
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    MON,
    THU,
    TUE,
    Row,
    accounts_with,
    balance,
    opened,
    run,
)
from tests.simulation.test_share_events import NEW_SHARE, event

PAID: Final = {"currency": "USD", "pay_date": str(FRI)}
CHOSEN: Final = {**PAID, "election_deadline": str(THU)}
INTO: Final = {"new_isin": NEW_SHARE, "ratio_new": "1", "ratio_old": "2"}
LIEU: Final = {**PAID, "lieu_price": "20"}


KINDS: Final = {
    "dividend": event("CASH_DIVIDEND", rate="0.25", **PAID),
    "stock dividend": event("STOCK_DIVIDEND", ratio_new="5", ratio_old="100", pay_date=str(FRI)),
    "stock dividend, lieu": event("STOCK_DIVIDEND", ratio_new="5", ratio_old="100", **LIEU),
    "stock dividend, other issue": event("STOCK_DIVIDEND", **INTO, **LIEU),
    "option, cash": event("DIVIDEND_OPTION", rate="1", ratio_new="1", ratio_old="10", **CHOSEN),
    "option, shares": event(
        "DIVIDEND_OPTION", rate="1", ratio_new="1", ratio_old="10", lieu_price="10",
        default_option="SHARES", **CHOSEN,
    ),
    "split": event("SPLIT", ratio_new="3", ratio_old="2", **LIEU),
    "reverse split": event("REVERSE_SPLIT", ratio_new="1", ratio_old="10", **LIEU),
    "merger for shares": event("MERGER", **INTO),
    "merger for cash": event("MERGER", rate="12.5", **PAID),
    "merger for both": event("MERGER", rate="1", basis_share="90", **INTO, **PAID),
    "merger for both, lieu": event("MERGER", rate="1", basis_share="90", **INTO, **LIEU),
    "merger for both, no share of the basis": event("MERGER", rate="1", **INTO, **LIEU),
    "merger for both, all of the basis": event(
        "MERGER", rate="1", basis_share="100", **INTO, **PAID
    ),
    "spin-off": event("SPIN_OFF", basis_share="20", **INTO, **LIEU),
    "rights": event("RIGHTS", basis_share="3", **INTO),
    "exercise": event("EXERCISE", rate="2", default_option="EXERCISE", **INTO, **CHOSEN),
    "exercise, lieu": event(
        "EXERCISE", rate="2", default_option="EXERCISE", lieu_price="9", **INTO, **CHOSEN
    ),
    "exercise, lapses": event("EXERCISE", rate="2", **INTO, **CHOSEN),
    "tender": event("TENDER", rate="11", default_option="TENDER", **CHOSEN),
    "tender, kept": event("TENDER", rate="11", **CHOSEN),
    "tender, some": event("TENDER", rate="11", **CHOSEN),
    "exercise, some": event("EXERCISE", rate="2", lieu_price="9", **INTO, **CHOSEN),
    "option, some": event(
        "DIVIDEND_OPTION", rate="1", ratio_new="1", ratio_old="7", lieu_price="10", **CHOSEN
    ),
    "redemption": event("REDEMPTION", rate="1.02", **PAID),
    "redemption of a part": event("REDEMPTION", rate="1.02", percent="33.3", **PAID),
    "change of ISIN": event("ISIN_CHANGE", new_isin=NEW_SHARE),
}  # fmt: skip

SOME: Final = {
    "tender, some": "TENDER",
    "exercise, some": "EXERCISE",
    "option, some": "SHARES",
}
METHODS: Final = ("FIFO", "LIFO", "HIFO", "AVERAGE")


def test_inventory_is_what_open_lots_cost_and_profit_is_what_they_realised() -> None:
    """Every kind in shares of its own, held long by one account of the firm and short by one."""
    sides = [(kind, side) for kind in KINDS for side in ("BUY", "SHORT")]
    held = {f"H-{n}": (isin("US", 100 + n), *each) for n, each in enumerate(sides)}
    shares = [instrument(one, "XNYS", "USD") for one, _, _ in held.values()]
    house = opened()
    run(
        house, MON, trades=[row for name, (one, _, side) in held.items()
                            for row in lots_of(name, one, side)],
        instruments=[*shares, instrument(NEW_SHARE, "XNYS", "USD")],
        accounts=[account(name, kind="HOUSE", lot_method=METHODS[n // 2 % len(METHODS)])
                  for n, name in enumerate(held)],
    )  # fmt: skip
    run(house, TUE, actions=[
        KINDS[kind] | {"action_id": f"CA-{name}", "isin": one}
        for name, (one, kind, _) in held.items()
    ])  # fmt: skip
    run(house, EX, elections=[
        {"election_id": f"E-{name}", "action_id": f"CA-{name}", "account_id": name,
         "option": SOME[kind], "quantity": "37.5"}
        for name, (_, kind, _) in held.items() if kind in SOME
    ])  # fmt: skip
    for day in (THU, FRI):
        run(house, day)
    assert not [row for row in house.table("cases") if row["code"].startswith("ACTION")]
    cost, profit = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for row in house.table("lots"):
        cost[row["account_id"]] += Decimal(row["cost"])
    for row in house.table("positions"):
        profit[row["account_id"]] += Decimal(row["realised_pnl"])
    booked = accounts_with(house, "Assets:Inventory:H-")
    wrong = {
        (*held[name][1:], booked.get(f"Assets:Inventory:{name}", 0), cost[name])
        for name in held
        if booked.get(f"Assets:Inventory:{name}", 0) != cost[name]
    }
    assert wrong == set()
    assert balance(house, "Income:Trading") == -sum(profit.values())


def lots_of(account_id: str, share: str, side: str) -> list[Row]:
    more = {"account_id": account_id, "isin": share, "locate_id": "L", **AT[MON]}
    deals = (("50", "10"), ("30", "10.70"), ("21", "9.52380952"))
    return [
        trade(f"{account_id}-{number}", side, *deal, **more) for number, deal in enumerate(deals)
    ]
