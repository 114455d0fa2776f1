"""What the platform runs by, put on record: rules, code, settings and schedules, and each change.

The books of a day name the rulebook they were made by (`Books.rulebook`); the record of that
version says when it came, what it changed from what to what, who deployed it, and which request two
people had approved.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.parts import Document
from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.acts import DeskAct, new_act, new_id
from backoffice.service_desk.configuration_requests import REQUEST, is_approved
from backoffice.service_desk.registers import Registers

JOB: Final = "record_configuration"
RECORD: Final = "CFG"
FIRST, CHANGED = "FIRST", "CHANGED"
UNAPPROVED: Final = "UNAPPROVED_CHANGE"
_NOTICES_AGAIN: Final = timedelta(days=7)


class Configuration(Document):
    """What the platform runs by: versions, and every rule, setting and schedule by its name."""

    rulebook: str
    code: str
    version: str
    rules: dict[str, str]
    settings: dict[str, str]
    schedules: dict[str, str]


class Change(Document):
    """One thing that changed: its name, what it was ("" for nothing) and what it is."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A configuration that was put on record; `approved` tells whether its request was."""

    record_id: str
    act: DeskAct
    changes: tuple[Change, ...]
    request: str
    approved: bool


def configuration_now(
    rulebook: Rulebook, version: str, settings: Mapping[str, str], schedules: Mapping[str, str]
) -> Configuration:
    """Return what this worker runs by."""
    return Configuration(
        rulebook=rulebook.version,
        code=_digest(files("backoffice")),
        version=version,
        rules={f"{rule.name} from {rule.valid_from}": _said(rule) for rule in rulebook.rules()},
        settings=dict(settings),
        schedules=dict(schedules),
    )


def record_configuration(
    registers: Registers, found: Configuration, now: datetime, by: str, request: str
) -> Recorded | None:
    """Put a configuration on record when it is not the one recorded last; None when it is.

    A change whose request two people had not approved becomes a case.
    """
    last = latest_record(registers)
    _tell_again(registers, last, now.date() - _NOTICES_AGAIN)
    before = Configuration.model_validate(last.said["configuration"]) if last else None
    if before == found:
        return None
    changed = [] if before is None else list(changes(before, found))
    said = {
        "configuration": found.model_dump(mode="json"),
        "changes": [one.model_dump() for one in changed],
        "by": by,
        "request": request,
    }
    about, verb = new_id(RECORD, now.date()), CHANGED if last else FIRST
    act = new_act(about, len(registers.trail(about)) + 1, now, JOB, verb, said)
    if not registers.add(act):
        return None
    recorded = _recorded(act, registers)
    _tell_unapproved(registers, recorded)
    return recorded


def changes(before: Configuration, after: Configuration) -> Iterator[Change]:
    """Name what changed, from what to what."""
    for name in ("version", "code", "rulebook"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(what=name, was=was, now=now)
    for group in ("rules", "settings", "schedules"):
        was, now = getattr(before, group), getattr(after, group)
        for name in sorted({*was, *now}):
            if was.get(name) != now.get(name):
                what = f"{group.removesuffix('s')} {name}"
                yield Change(what=what, was=was.get(name, ""), now=now.get(name, ""))


def latest_record(registers: Registers) -> DeskAct | None:
    """Return the act by which the latest configuration was recorded."""
    trails = registers.trails(RECORD)
    return trails[max(trails)][-1] if trails else None


def read_records(registers: Registers) -> list[Recorded]:
    """Return every configuration that was recorded, the newest first."""
    acts = [act for trail in registers.trails(RECORD).values() for act in trail]
    return [_recorded(act, registers) for act in sorted(acts, key=_place, reverse=True)]


def _recorded(act: DeskAct, registers: Registers) -> Recorded:
    request = str(act.said.get("request", ""))
    approved = is_approved(registers, request, act.at)
    told = tuple(Change.model_validate(one) for one in act.said["changes"])
    return Recorded(act.about, act, told, request, approved)


def _tell_again(registers: Registers, last: DeskAct | None, since: date) -> None:
    """Tell again what was done since a day: who died after writing it told nobody."""
    for kind in (RECORD, REQUEST):
        registers.give_notices(kind, since)
    if last and last.at[:10] >= str(since):
        _tell_unapproved(registers, _recorded(last, registers))


def _tell_unapproved(registers: Registers, recorded: Recorded) -> None:
    act = recorded.act
    if act.verb == CHANGED and not recorded.approved:
        cause = Cause(code=UNAPPROVED, subject=f"{act.about} {act.number}")
        day = date.fromisoformat(act.at[:10])
        give_notice(registers.records, Notice(source=JOB, day=day, causes=(cause,)))


def _place(act: DeskAct) -> tuple[str, int]:
    return act.about, act.number


def _said(rule: object) -> str:
    value, until = getattr(rule, "value", ""), getattr(rule, "valid_to", None)
    return f"{value} until {until}" if until else str(value)


def _digest(package: Traversable) -> str:
    """Hash the code of a package, by names and texts."""
    digest = hashlib.sha256()
    for place, source in _sources(package, ""):
        digest.update(f"{place}\0{hashlib.sha256(source).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources(folder: Traversable, place: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir():
            yield from _sources(each, f"{place}{each.name}/")
        elif each.name.endswith((".py", ".j2")):
            yield f"{place}{each.name}", each.read_bytes()
