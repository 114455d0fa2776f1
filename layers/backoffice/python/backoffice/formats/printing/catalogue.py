"""What documents say: a catalogue of texts for each language, with exactly the same keys."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from backoffice.formats.printing.languages import LANGUAGES, Language

_FOLDER: Final = "catalogues"
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A language and its texts by key (`column.amount`)."""

    language: Language
    texts: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Return the text of a key with its fields filled.

        Raises
        ------
        KeyError
            When the catalogue has no such key.
        """
        text = self.texts[key]
        return text.format_map(values) if values else text

    def code(self, group: str, code: str) -> str:
        """Return the word for a code of a group; for one nobody has put into words, the code."""
        found = self.texts.get(f"{group}.{code}")
        return found if found is not None else self.say(f"{group}.{_UNKNOWN}", code=code)


@cache
def catalogue(code: str) -> Catalogue:
    """Return the catalogue of a language by its code; KeyError for one there is none of."""
    return read_catalogue(files("backoffice.formats.printing") / _FOLDER, code)


def read_catalogue(folder: Traversable, code: str) -> Catalogue:
    """Read the catalogue of a language from a folder; KeyError for a language there is none of."""
    language = LANGUAGES[code]
    text = (folder / f"{language.tag}.toml").read_text(encoding="utf-8")
    return Catalogue(language, dict(_flat(tomllib.loads(text))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, value)]
    return found
