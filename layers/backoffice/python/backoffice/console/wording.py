"""What pages say, in each language: catalogues with exactly the same keys."""

from functools import cache
from importlib.resources import files
from typing import Final

from backoffice.formats.printing.catalogue import Catalogue, read_catalogue

ENGLISH: Final = "EN"
LANGUAGES: Final = (ENGLISH, "IS")


@cache
def wording(code: str) -> Catalogue:
    """Return the catalogue of a language by its code, EN or IS."""
    return read_catalogue(files("backoffice.console") / "catalogues", code)
