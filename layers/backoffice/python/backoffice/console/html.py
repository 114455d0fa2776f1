"""Write a page as HTML; everything it says is escaped."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined

from backoffice.console.menu import MENU
from backoffice.console.pages import Page, Viewer
from backoffice.console.wording import wording
from backoffice.formats.printing.catalogue import Catalogue

_TONES: Final = {
    "good": "SETTLED CLEARED COMMITTED HEALED ACCEPTED DECIDED APPROVED CARRIED_OUT REGISTERED"
    " WELL RESOLVED SUCCEEDED",
    "bad": "FAILED REFUSED REJECTED LATE NOT_CARRIED_OUT UNAPPROVED REVOKE EXPIRED DRIFT_LEFT"
    " FAILING MISSED TIMED_OUT ABORTED RESPONSE RESOLUTION URGENT",
    "wait": "HELD WAITING PROPOSED PARTIAL OPEN REPEATED SUBMITTED DUE TAKEN",
}
_TONE_OF: Final = {code: tone for tone, codes in _TONES.items() for code in codes.split()}
_ISO_DAY: Final = 10


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )


def _source(name: str) -> str:
    place = files("backoffice.console") / "templates" / name
    return place.read_text(encoding="utf-8")


def to_html(page: Page, viewer: Viewer, base: str, here: str, version: str) -> str:
    """Write a page.

    Parameters
    ----------
    base
        The path that every link begins with.
    here
        Where this page stands below it, to come back to.
    version
        Changes when a stylesheet or script does: browsers keep these.
    """
    words = wording(viewer.language)
    template = _environment().get_template(page.template)
    return template.render(
        page=page,
        viewer=viewer,
        base=base,
        here=here,
        version=version,
        menu=MENU,
        say=words.say,
        code=words.code,
        number=words.language.number,
        day=lambda text: _day(words, text),
        moment=lambda text: _moment(words, text),
        tone=lambda code: _TONE_OF.get(code, "plain"),
        lang=words.language.tag,
        **page.model,
    )


def _day(words: Catalogue, text: str | date | None) -> str:
    """Write a date; what is none stays as it is."""
    if text is None:
        return ""
    try:
        return words.language.short(date.fromisoformat(str(text)[:_ISO_DAY]))
    except ValueError:
        return str(text)


def _moment(words: Catalogue, text: str) -> str:
    """Write an instant of UTC to the minute."""
    return f"{_day(words, text)} {text[11:16]}"
