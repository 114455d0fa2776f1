"""What a regulator holds after all files and answers, told from the files and from nothing else."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from lxml import etree

from tests.simulation.house import House

Row = Mapping[str, str]
INTERNAL: Final = "INTC"


class Deal(NamedTuple):
    """What a record says of a transaction."""

    isin: str
    quantity: Decimal
    price: Decimal
    buyer: str
    seller: str
    at: str
    venue: str
    capacity: str
    short: str


def sent(house: House, partner: str, kind: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a kind that a recipient fetched, by day: name without ending, content."""
    for key in sorted(house.outbox.objects):
        _, who, _, name = key.split("/")
        if who == partner and name.startswith(f"{kind}-"):
            yield name.rpartition(".")[0], house.outbox.objects[key]


def csv_rows(house: House, partner: str, kind: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the delimited files of a kind."""
    for _, body in sent(house, partner, kind):
        yield from csv.DictReader(io.StringIO(body.decode()))


def held(house: House) -> dict[str, Deal]:
    """Return what stands at the regulator by transaction reference.

    A record that it refused never stood, nor did a cancellation that it refused. What it takes
    twice, or takes back though it does not stand, is an error of whoever sent it.
    """
    stands: dict[str, Deal] = {}
    whole, single = _refusals(house)
    for message, body in sent(house, "regulator", "RTS22"):
        for record in etree.fromstring(body).iter("{*}New", "{*}Cxl"):
            if etree.QName(record.getparent()).localname != "Tx":
                continue
            name = _text(record, "TxId")
            if message in whole or (message, name) in single:
                continue
            if etree.QName(record).localname == "Cxl":
                del stands[name]
            else:
                assert name not in stands
                stands[name] = _deal(record)
    return stands


def _refusals(house: House) -> tuple[set[str], set[tuple[str, str]]]:
    whole, single = set[str](), set[tuple[str, str]]()
    for key, body in house.drops.objects.items():
        if "/reportstatus-RTS22" in key:
            said = etree.fromstring(body)
            message = _text(said, ".//{*}MsgRptIdr")
            if _text(said, ".//{*}MsgSts/{*}Sts") == "RJCT":
                whole.add(message)
            single |= {(message, str(one.text)) for one in said.iter("{*}OrgnlRcrdId")}
    return whole, single


def _deal(record: etree._Element) -> Deal:
    quantity = _text(record, "{*}Tx/{*}Qty/*")
    price = record.find("{*}Tx/{*}Pric/{*}Pric")
    assert price is not None
    (figure,) = [e.text for e in price.iter("{*}Amt", "{*}Pctg")]
    return Deal(
        isin=_text(record, "{*}FinInstrm/{*}Id"),
        quantity=Decimal(quantity),
        price=Decimal(str(figure)),
        buyer=_party(record, "Buyr"),
        seller=_party(record, "Sellr"),
        at=_text(record, "{*}Tx/{*}TradDt"),
        venue=_text(record, "{*}Tx/{*}TradVn"),
        capacity=_text(record, "{*}Tx/{*}TradgCpcty"),
        short=record.findtext("{*}AddtlAttrbts/{*}ShrtSellgInd") or "",
    )


def _party(record: etree._Element, role: str) -> str:
    found = record.find(f"{{*}}{role}/{{*}}AcctOwnr/{{*}}Id")
    assert found is not None
    texts = [e.text for e in found.iter("{*}LEI", "{*}Intl")]
    texts += [e.text for e in found.iterfind("{*}Prsn/{*}Othr/{*}Id")]
    (name,) = texts
    return str(name)


def _text(element: etree._Element, path: str) -> str:
    return str(element.findtext(path if "{" in path else f"{{*}}{path}"))


def names_of(accounts: Sequence[Row], firm: str) -> dict[str, str]:
    """Return who is behind every number anybody was known by: account_id, of an entity its LEI."""
    found: dict[str, str] = {firm: firm, INTERNAL: INTERNAL}
    for row in accounts:
        born, country = row["birth_date"].replace("-", ""), row["nationality"] or row["country"]
        if row["lei"]:
            found[row["lei"]] = row["lei"]
        elif row["national_id_kind"] == "CONCAT":
            # VIDSK of Viðskiptavinur, and of the surname its two own letters with NUM of Númer
            own = f"{country}{born}VIDSK{row['surname'][:2]}NUM"
            found[own] = row["account_id"]
        elif row["national_id"]:
            found[country + row["national_id"]] = row["account_id"]
    return found


def wanted(house: House, accounts: Sequence[Row], listed: Mapping[str, Row], area: tuple[str, ...],
           firm: str, times: Mapping[str, str]) -> Counter[Deal]:  # fmt: skip
    """Return what should stand by the books: every reportable trade, and what is allotted of it.

    Parameters
    ----------
    accounts, listed, times
        What was told of the accounts and, by ISIN, of the instruments; when each trade was dealt.
    """
    known = {row["account_id"]: row for row in accounts}
    allotted: dict[str, list[Row]] = {}
    for row in house.table("allocations"):
        if row["status"] == "ALLOCATED":
            allotted.setdefault(row["block_trade_id"], []).append(row)
    found = Counter[Deal]()
    for row in house.table("trades"):
        in_area = {row["venue"], listed[row["isin"]]["venue"]} & set(area)
        if row["status"] == "CLEARED" and in_area:
            own = _holder(known[row["account_id"]], firm)
            at = times[row["trade_id"]].replace("Z", ".000000Z")
            row["trade_date"] = at
            found.update(_legs(row, allotted.get(row["trade_id"], []), own, listed, known, firm))
    return found


def _legs(row: Row, parts: Sequence[Row], own: str, listed: Mapping[str, Row],
          known: Mapping[str, Row], firm: str) -> Iterator[Deal]:  # fmt: skip
    """Yield the records of a trade: one, or that of a block and those out of it."""
    is_share = listed[row["isin"]]["asset_class"] == "EQUITY"
    sells = row["side"] != "BUY"
    short = "" if not (sells and is_share) else "SESH" if row["side"] == "SHORT" else "SELL"

    def deal(quantity: Decimal, ours: str, theirs: str, capacity: str) -> Deal:
        buyer, seller = (theirs, ours) if sells else (ours, theirs)
        return Deal(row["isin"], quantity, Decimal(row["price"]), buyer, seller, row["trade_date"],
                    row["venue"], capacity, short)  # fmt: skip

    whole = Decimal(row["quantity"])
    if not parts:
        yield deal(whole, own, row["counterparty"], "DEAL" if own == firm else "AOTC")
        return
    yield deal(whole, INTERNAL, row["counterparty"], "AOTC")
    for part in parts:
        client = _holder(known[part["account_id"]], firm)
        yield deal(Decimal(part["quantity"]), client, INTERNAL, "AOTC")
    left = whole - sum(Decimal(part["quantity"]) for part in parts)
    if left:
        yield deal(left, own, INTERNAL, "DEAL")


def _holder(account: Row, firm: str) -> str:
    if account["kind"] == "HOUSE":
        return firm
    if account["lei"]:
        return account["lei"]
    return account["account_id"]
