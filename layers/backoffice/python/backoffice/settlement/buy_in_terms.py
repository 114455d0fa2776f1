"""One buy-in and the obligation it takes its shares out of.

Plain rows: quantities at 10^8, money in minor units, positive when we receive.
"""

from collections.abc import Mapping
from typing import Any

from backoffice.kernel.calendar import LAST_DAY
from backoffice.kernel.scaled import round_half_up
from backoffice.settlement.obligations import CANCELLED, FAILED, PARTIAL, SETTLED

Row = Mapping[str, Any]


def fits(buy_in: Row, target: Row) -> bool:
    """Whether a buy-in is of a late obligation, in its currency, and of what is still open.

    Of one that rolled `since` says when it was due, and `late_e8` how much of it is late.

    It was made when the obligation was due or after, and is due within the calendars.
    """
    is_late = "since" in target or target["status"] in (FAILED, PARTIAL)
    alike = buy_in["currency"] == target["currency"]
    dated = target.get("since", target["settlement_date"]) <= buy_in["trade_date"]
    dated = dated and buy_in["settlement_date"] <= LAST_DAY
    most = min(_left(target), target.get("late_e8", _left(target)))
    return bool(is_late and alike and dated and buy_in["quantity_e8"] <= most)


def terms(buy_in: Row, target: Row) -> dict[str, Any]:
    """Work out what a buy-in that fits moves.

    Returns
    -------
    dict
        `BOUGHT_SCHEMA`. Its share of the money that was agreed is rounded half-up; the last takes
        what is left. The first part of an obligation pairs its two sides off, as when it settles.
    """
    bought, sold = target["buy_gross_minor"], target["sell_gross_minor"]
    pays = abs(bought) > abs(sold)
    open_minor = sold - bought - target["settled_money_minor"]
    agreed = round_half_up(open_minor * buy_in["quantity_e8"], _left(target))
    paired = sold if pays else bought
    return {
        **{name: buy_in[name] for name in ("buy_in_id", "obligation_id", "currency")},
        **{name: buy_in[name] for name in ("trade_date", "counterparty", "quantity_e8")},
        "money_minor": buy_in["money_minor"],
        "failing": target["counterparty"],
        "isin": target["isin"],
        "agreed_minor": agreed,
        "paired_minor": 0 if target["settled_quantity_e8"] else paired,
        "cash_against": "PAYABLE" if pays else "RECEIVABLE",
        "claim_minor": buy_in["money_minor"] + agreed,
    }


def reduced(target: Row, taken: Row) -> dict[str, Any]:
    """Take what was bought out of an obligation: its shares, its money, what was paired off.

    One of which nothing has settled and nothing is left is CANCELLED as it stood; one of which all
    that is left has settled is SETTLED.
    """
    quantity = target["quantity_e8"] - taken["quantity_e8"]
    if quantity == 0:
        return {**target, "status": CANCELLED}
    agreed, paired = taken["agreed_minor"], taken["paired_minor"]
    late = {"late_e8": target["late_e8"] - taken["quantity_e8"]} if "late_e8" in target else {}
    pays = taken["cash_against"] == "PAYABLE"
    settled = quantity == target["settled_quantity_e8"]
    return {
        **target,
        **late,
        "quantity_e8": quantity,
        "buy_gross_minor": target["buy_gross_minor"] - paired + (agreed if pays else 0),
        "sell_gross_minor": target["sell_gross_minor"] - paired - (0 if pays else agreed),
        "status": SETTLED if settled else target["status"],
    }


def _left(target: Row) -> int:
    return int(target["quantity_e8"] - target["settled_quantity_e8"])
