"""A sheet as a page of HTML that needs nothing beside it, on screen and on paper."""

from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from backoffice.formats.printing.sheet import Sheet

_NAME: Final = "sheet.html"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )
    return environment.get_template(_NAME)


def _source(name: str) -> str:
    place = files("backoffice.formats.printing") / "templates" / name
    return place.read_text(encoding="utf-8")


def to_html(sheet: Sheet) -> bytes:
    """Write a sheet; everything it says is escaped."""
    return _template().render(sheet=sheet).encode()
