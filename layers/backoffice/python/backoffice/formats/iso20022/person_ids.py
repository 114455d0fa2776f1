"""What stands in a transaction report for a person who has no number: CONCAT."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "Æ": "AE",
        "Ø": "O",
        "Ð": "D",
        "Đ": "D",
        "Þ": "TH",
        "ß": "SS",
        "Ł": "L",
        "Œ": "OE",
        "\u0131": "I",
    }
)
_TITLES: Final = re.compile(
    r"^(ATTY|COACH|DAME|DR|FR|GOV|HONORABLE|MADAME|MAID|MAJ|MASTER|MISS|MONSIEUR|MR|MRS|MS|MX"
    r"|OFC|PH\.D|PRES|PROF|REV|SIR)\.? "
)
_PREFIXES: Final = re.compile(
    r"^(AM|AUF|AUF DEM|AUS DER|D|DA|DE|DE L|DEL|DE LA|DE LE|DI|DO|DOS|DU|IM|LA|LE|MAC|MC|MHAC"
    r"|MHÍC|MHIC GIOLLA|MIC|NI|NÍ|NÍC|O|Ó|UA|UI|UÍ|VAN|VAN DE|VAN DEN|VAN DER|VOM|VON|VON DEM"
    r"|VON DEN|VON DER)[ ']"
)
_LONG: Final = 5


def concat_id(country: str, born: str, given: str, surname: str) -> str:
    """Put together what stands for a person without a number.

    The country, the date of birth (YYYYMMDD), five letters of the first name and five of the
    surname, filled up with `#` (Delegated Regulation (EU) 2017/590, article 6(4), annex IV).
    """
    first = _plain(_TITLES.sub("", given.upper())).split(" ")[0]
    last = _plain(_PREFIXES.sub("", surname.upper()))
    return f"{country}{born.replace('-', '')}{_five(first)}{_five(last)}"


def _five(name: str) -> str:
    return re.sub("[^A-Z]", "", name)[:_LONG].ljust(_LONG, "#")


def _plain(name: str) -> str:
    """Write a name in the letters A to Z, as RTS 22's annex IV has it."""
    parts = unicodedata.normalize("NFD", name.translate(_LETTERS))
    return "".join(c for c in parts if not unicodedata.combining(c))
