"""The public code lists the contract leans on: currencies, countries, venues, check digits."""

from __future__ import annotations

_LETTER_BASE = 55  # ord("A") - 10: ISO identifiers read A as 10
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_MINOR = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_MINOR = "CLF UYW"
_TWO_MINOR = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""
MINOR_UNITS: dict[str, int] = {
    code: digits
    for digits, block in ((0, _NO_MINOR), (2, _TWO_MINOR), (3, _THREE_MINOR), (4, _FOUR_MINOR))
    for code in block.split()
}

_COUNTRY_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRY_CODES.split())

US_VENUES = frozenset({"XNYS", "XNAS"})
VENUE_ZONES: dict[str, str] = {
    "XNYS": "America/New_York",
    "XNAS": "America/New_York",
    "XICE": "Atlantic/Reykjavik",
    "XLON": "Europe/London",
    "XETR": "Europe/Berlin",
    "XSTO": "Europe/Stockholm",
    "XCSE": "Europe/Copenhagen",
    "XHEL": "Europe/Helsinki",
    "XPAR": "Europe/Paris",
    "XAMS": "Europe/Amsterdam",
    "XSWX": "Europe/Zurich",
}


def _digits(text: str) -> str:
    """Letters as two digits, A = 10."""
    return "".join(c if c.isdigit() else str(ord(c) - _LETTER_BASE) for c in text)


def isin_check_digit(body: str) -> str:
    """Give the twelfth character of the ISIN that begins with the eleven of `body`."""
    total = 0
    for place, digit in enumerate(reversed(_digits(body))):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def isin_is_valid(isin: str) -> bool:
    """Say whether the last digit of a well-shaped ISIN is the right one (ISO 6166)."""
    return isin_check_digit(isin[:-1]) == isin[-1]


def lei_check_digits(body: str) -> str:
    """Give the last two characters of the LEI that begins with the eighteen of `body`."""
    return f"{98 - int(_digits(body) + '00') % 97:02d}"


def lei_is_valid(lei: str) -> bool:
    """Say whether a well-shaped LEI passes mod 97-10 (ISO 17442)."""
    return int(_digits(lei)) % 97 == 1
