"""ISO 4217: the active currencies and how many decimals their money has.

Source: ISO 4217 list one, as amended to 2026. Funds codes without cash use that carry minor units
(BOV, CHE, CHW, CLF, COU, MXV, USN, UYI, UYW) are in the list; metals, test codes and units of
account without minor units are not currencies anything settles in, and are left out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backoffice.kernel.errors import OutOfRangeError

_DECIMALS: Final[dict[int, str]] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
        "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
        "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
        "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
        "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
        "XAD XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

MINOR_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {code: decimals for decimals, codes in _DECIMALS.items() for code in codes.split()}
)


def minor_units(code: str) -> int:
    """Return the number of decimals of a currency.

    Raises
    ------
    OutOfRangeError
        When the code is not in ISO 4217.
    """
    try:
        return MINOR_UNITS[code]
    except KeyError:
        raise OutOfRangeError(f"{code!r} is no ISO 4217 currency") from None
