"""What the sample broker trades: real instruments, their venues, and plausible closes.

ISINs are the published ones; closes are round figures near where the shares stood, not quotes.
"""

from typing import NamedTuple


class Instrument(NamedTuple):
    """An instrument of the sample days."""

    isin: str
    symbol: str
    name: str
    venue: str
    currency: str
    close_cents: int


_AMERICAN = """
US0378331005 AAPL Apple|XNAS|25400
US5949181045 MSFT Microsoft|XNAS|51800
US0231351067 AMZN Amazon.com|XNAS|22200
US02079K3059 GOOGL Alphabet A|XNAS|24500
US67066G1040 NVDA NVIDIA|XNAS|18800
US88160R1014 TSLA Tesla|XNAS|43600
US30303M1027 META Meta Platforms A|XNAS|71500
US46625H1005 JPM JPMorgan Chase|XNYS|30900
US92826C8394 V Visa A|XNYS|34900
US4781601046 JNJ Johnson & Johnson|XNYS|18900
US9311421039 WMT Walmart|XNYS|10200
US7427181091 PG Procter & Gamble|XNYS|15100
US1912161007 KO Coca-Cola|XNYS|6600
US7134481081 PEP PepsiCo|XNAS|14200
US2546871060 DIS Walt Disney|XNYS|11200
US4581401001 INTC Intel|XNAS|3700
US17275R1023 CSCO Cisco Systems|XNAS|6900
US7170811035 PFE Pfizer|XNYS|2700
US30231G1022 XOM Exxon Mobil|XNYS|11300
US1667641005 CVX Chevron|XNYS|15400
US0605051046 BAC Bank of America|XNYS|5000
US4592001014 IBM IBM|XNYS|28900
US64110L1061 NFLX Netflix|XNAS|115300
US78462F1030 SPY SPDR S&P 500 ETF|XNYS|66900
"""
_ICELANDIC = """
IS0000028157 ARION Arion banki|XICE|18350
IS0000028538 ISB Íslandsbanki|XICE|12700
IS0000020469 KVIKA Kvika banki|XICE|1825
IS0000020121 HAGA Hagar|XICE|10450
IS0000026193 SIMINN Síminn|XICE|1310
IS0000019800 EIM Eimskipafélag Íslands|XICE|37400
IS0000020352 REITIR Reitir fasteignafélag|XICE|11700
IS0000013464 ICEAIR Icelandair Group|XICE|118
IS0000000297 BRIM Brim|XICE|6500
IS0000024602 SJOVA Sjóvá-Almennar tryggingar|XICE|4340
IS0000020584 FESTI Festi|XICE|31600
IS0000022689 EIK Eik fasteignafélag|XICE|1235
"""


def _read(text: str, currency: str) -> list[Instrument]:
    instruments = []
    for line in text.strip().splitlines():
        names, venue, close = line.split("|")
        isin, symbol, name = names.split(" ", 2)
        instruments.append(Instrument(isin, symbol, name, venue, currency, int(close)))
    return instruments


AMERICAN = _read(_AMERICAN, "USD")
ICELANDIC = _read(_ICELANDIC, "ISK")
INSTRUMENTS = AMERICAN + ICELANDIC

COUNTERPARTIES = (
    ("8I5DZWZKVSZI1NUHU748", "JPMorgan Chase & Co.", "CHASUS33", "NET"),
    ("784F5XWPLTWKTBV3E584", "The Goldman Sachs Group, Inc.", "GOLDUS33", "NET"),
    ("IGJSJL3JD5P30I6NJZ34", "Morgan Stanley", "MSNYUS33", "NET"),
    ("R0MUWSFPU8MPRO8K5P83", "BNP Paribas", "BNPAFRPP", "NET"),
    ("7LTWFZYICNSX8D621K86", "Deutsche Bank AG", "DEUTDEFF", "TRADE"),
)
STRANGER = "54930084UKLVMY22DS16"
"""A well-formed LEI that stands in no counterparties file."""

FEES = (
    # fee_code, venue, side, basis, rate, minimum, maximum, rounding, currency, from, to
    ("SEC31", "*", "SELL", "NOTIONAL", "0.0000206", "", "", "UP", "USD", "2026-04-04", ""),
    ("TAF", "*", "SELL", "SHARES", "0.000195", "0.01", "9.79", "UP", "USD", "2026-01-01", ""),
    ("NASDAQ-ICE", "XICE", "BOTH", "NOTIONAL", "0.000035", "50", "5000", "HALF_UP", "ISK",
     "2026-01-01", "2026-12-31"),
    ("CLEARING", "*", "BOTH", "TRADE", "0.02", "", "", "HALF_UP", "USD", "2026-01-01", ""),
)  # fmt: skip
