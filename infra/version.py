"""Which release this is: said once, in pyproject.toml."""

import tomllib
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
VERSION: Final[str] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["version"]
