"""What the forms about home locations say."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.console.pages import Shelf
from backoffice.kernel.rulebook import default_rulebook
from backoffice.remote_operations.eligibility import KINDS, bars, conditions
from backoffice.remote_operations.home_acts import attest, change_home, decide_home, inspect
from backoffice.remote_operations.register import KnownHome, Proposal
from backoffice.service_desk.four_eyes import DECISIONS

_PLAIN: Final = ("person", "kind", "address", "branch", "supervisor", "since")


def home_said(form: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return a home as a form says it: what is met and what bars it are boxes of their own."""
    said: dict[str, Any] = {name: form.get(name, "").strip() for name in _PLAIN}
    kind = said["kind"] if said["kind"] in KINDS else KINDS[0]
    met = _ticked(form, "met.", conditions(kind, today, default_rulebook()))
    barred = _ticked(form, "bar.", bars(kind, today, default_rulebook()))
    return {**said, "met": met, "barred": barred}


def act_of(shelf: Shelf, person: Person, known: KnownHome, form: Mapping[str, str]) -> object:
    """Take an act about a home as a form says it.

    Raises
    ------
    ActRefusedError
        It is not taken, with why.
    """
    verb, text = form.get("verb", ""), form.get("text", "").strip()
    registers, rulebook, now = shelf.registers, default_rulebook(), shelf.now
    if verb in DECISIONS:
        return decide_home(registers, known.location_id, person, verb, rulebook, now, text)
    if verb == "ATTEST":
        met = _ticked(form, "met.", conditions(known.home.kind, now.date(), rulebook))
        return attest(registers, known, person, met, rulebook, now)
    if verb == "INSPECT":
        return inspect(registers, known, person, _day(form, "on"), text, now)
    if verb in {"CHANGE", "CLOSE"}:
        proposal = _proposal(known, verb, form)
        return change_home(registers, known, person, proposal, rulebook, now)
    raise ActRefusedError("INVALID", f"{verb} is nothing that is done about a home")


def _proposal(known: KnownHome, verb: str, form: Mapping[str, str]) -> Proposal:
    """Return what is proposed of a home: who lives there and where it is stay as they are."""
    changed = {name: form.get(name, "").strip() for name in ("branch", "supervisor")}
    home = known.home.model_copy(update={name: said for name, said in changed.items() if said})
    said = {
        "what": verb,
        "person": known.home.person,
        "happened_on": _day(form, "on"),
        "home": home if verb == "CHANGE" else None,
    }
    try:
        return Proposal.model_validate(said)
    except ValidationError as wrong:
        raise ActRefusedError("INVALID", wrong.errors()[0]["msg"]) from None


def _ticked(form: Mapping[str, str], prefix: str, known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in known if form.get(f"{prefix}{name}"))


def _day(form: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise ActRefusedError("INVALID", f"{name} is no date") from None
