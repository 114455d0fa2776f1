"""Made-up but well-formed instruments, parties and trades, each with a plain default."""

from __future__ import annotations

from tests.reference.codes import isin_check_digit, lei_check_digits


def isin(country: str, number: int) -> str:
    """Make a valid ISIN of a country."""
    body = f"{country}{number:09d}"
    return body + isin_check_digit(body)


def lei(number: int) -> str:
    """Make a valid LEI."""
    body = f"BKSK00{number:012d}"
    return body + lei_check_digits(body)


US_SHARE = isin("US", 1)
ICELANDIC_SHARE = isin("IS", 2)
GERMAN_SHARE = isin("DE", 3)
KUWAITI_SHARE = isin("KW", 4)
JAPANESE_SHARE = isin("JP", 5)
BOND = isin("DE", 6)
NETTING_STREET = lei(1)
SINGLE_STREET = lei(2)
CLIENT = "C-1"
HOUSE = "H-1"


def instrument(code: str, venue: str, currency: str, **more: str) -> dict[str, str]:
    """Give an instruments row."""
    row = {"isin": code, "symbol": code[2:11], "name": f"Security {code}", "venue": venue}
    return row | {"currency": currency, "asset_class": "EQUITY"} | more


def account(account_id: str, **more: str) -> dict[str, str]:
    """Give an accounts row: an approved client's cash account in USD."""
    row = {"account_id": account_id, "name": f"Account {account_id}", "kind": "CLIENT"}
    row |= {"account_type": "CASH", "currency": "USD", "country": "IS"}
    return row | {"kyc_status": "APPROVED"} | more


def counterparty(code: str, **more: str) -> dict[str, str]:
    """Give a counterparties row."""
    return {"lei": code, "name": f"Street {code}"} | more


def fee(code: str, basis: str, rate: str, **more: str) -> dict[str, str]:
    """Give a fees row in USD for both sides of every venue, from 1990."""
    row = {"fee_code": code, "venue": "*", "side": "BOTH", "basis": basis, "rate": rate}
    row |= {"rounding": "HALF_UP", "currency": "USD", "valid_from": "1990-01-01"}
    return row | more


def trade(trade_id: str, side: str, quantity: str, price: str, **more: str) -> dict[str, str]:
    """Give a trades row: the US share against the netting counterparty, at 10:00 New York."""
    row = {"trade_id": trade_id, "account_id": CLIENT, "side": side, "isin": US_SHARE}
    row |= {"quantity": quantity, "price": price, "currency": "USD"}
    row |= {"trade_time": "2026-10-07T14:00:00Z", "venue": "XNYS"}
    return row | {"counterparty": NETTING_STREET, "capacity": "AGENCY"} | more


def standing_rows() -> dict[str, list[dict[str, str]]]:
    """Give reference data that clears every default trade."""
    return {
        "instruments": [
            instrument(US_SHARE, "XNYS", "USD"),
            instrument(ICELANDIC_SHARE, "XICE", "ISK"),
            instrument(GERMAN_SHARE, "XETR", "EUR"),
            instrument(KUWAITI_SHARE, "XLON", "KWD"),
            instrument(JAPANESE_SHARE, "XPAR", "JPY"),
            instrument(BOND, "XETR", "EUR", asset_class="BOND"),
        ],
        "accounts": [
            account(CLIENT),
            account(HOUSE, kind="HOUSE"),
            *(
                account(f"C-{method}", lot_method=method)
                for method in ("FIFO", "LIFO", "HIFO", "AVERAGE")
            ),
        ],
        "counterparties": [
            counterparty(NETTING_STREET),
            counterparty(SINGLE_STREET, netting="TRADE"),
        ],
    }
