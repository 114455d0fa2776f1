"""What stands in a transaction report for a person who has no number: CONCAT."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans("ÆæØøÐðĐđÞþßẞŁłŒœ\u0131", "AAOODDDDTTSSLLOOI")
"""The letters of the annex's table that are more than a letter with a mark: each is one letter."""
_TITLES: Final = re.compile(
    r"^(ATTY|COACH|DAME|DR|FR|GOV|HONORABLE|MADAME|MAID|MAJ|MASTER|MISS|MONSIEUR|MR|MRS|MS|MX"
    r"|OFC|PH\.D|PRES|PROF|REV|SIR)\.? "
)
_PREFIXES: Final = re.compile(
    r"^(DE L'|(AM|AUF DEM|AUF|AUS DER|DE LA|DE LE|DEL|DE|DA|DI|DOS|DO|DU|D|IM|LA|LE|MHAC"
    r"|MHIC GIOLLA|MHIC|MAC|MIC|MC|NIC|NI|O|UA|UI|VAN DEN|VAN DER|VAN DE|VAN|VOM|VON DEM|VON DEN"
    r"|VON DER|VON) )"
)
_LONG: Final = 5


def concat_id(country: str, born: str, given: str, surname: str) -> str:
    """Put together what stands for a person without a number.

    The country, the date of birth (YYYYMMDD), five letters of the first name and five of the
    surname, filled up with `#` (Delegated Regulation (EU) 2017/590, article 6(4), annex IV).
    """
    first = _TITLES.sub("", _plain(given)).split(" ")[0]
    last = _PREFIXES.sub("", _plain(surname))
    return f"{country}{born.replace('-', '')}{_five(first)}{_five(last)}"


def _five(name: str) -> str:
    return re.sub("[^A-Z]", "", name)[:_LONG].ljust(_LONG, "#")


def _plain(name: str) -> str:
    """Write a name in the letters A to Z, as RTS 22's annex IV has it."""
    parts = unicodedata.normalize("NFD", name.translate(_LETTERS).upper())
    return "".join(c for c in parts if not unicodedata.combining(c))
