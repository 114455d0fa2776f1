"""What else a script has the market send: files once more, half a file, statements."""

from collections.abc import Iterator
from datetime import date, timedelta

from backoffice.formats.iso20022.instruction_reader import Instruction
from cli.market.drops import Drops, Files
from cli.market.outbox import Outbox
from cli.market.script import (
    AGAIN,
    DELAY,
    STATEMENT_KINDS,
    TRANSACTIONS,
    TWICE,
    Script,
    StatementRule,
)
from cli.market.spoken import Spoken
from cli.market.statements import statement


def extra_files(script: Script, drops: Drops) -> Files:
    """Return the status files that come again today, whole under another name, or cut in half."""
    files = {}
    for rule in script.files:
        if drops.day not in rule.on:
            continue
        of = rule.of or drops.day
        for drop in drops.statuses:
            if drop.day == of:
                name = f"status-{rule.do}-{of:%Y%m%d}-{drop.number}.xml"
                half = drop.body[: len(drop.body) // 2]
                files[drops.key(name)] = drop.body if rule.do == AGAIN else half
    return files


def statement_files(script: Script, drops: Drops, outbox: Outbox) -> Files:
    """Return the statements sent today: the day's own, and those of days before that are late."""
    sent = list(_sent(script, drops))
    if not sent:
        return {}
    spoken = Spoken.of((drop.day, drop.body) for drop in drops.statuses)
    days = {day for day, rule in sent if rule.kind == TRANSACTIONS}
    told = frozenset[str]().union(*(spoken.told_on(day) for day in days))
    instructions = _instructions(outbox, told)
    files = {}
    for day, rule in sent:
        content = statement(rule, day, spoken, script.openings, instructions)
        key = drops.numbered(rule.kind, day, content)
        files[key] = content
        if rule.do == TWICE:
            files[f"{key.removesuffix('.csv')}-again.csv"] = content
    return files


def _sent(script: Script, drops: Drops) -> Iterator[tuple[date, StatementRule]]:
    for kind in STATEMENT_KINDS:
        rule = script.statement_rule(kind, drops.day)
        if rule is not None and rule.do != DELAY:
            yield drops.day, rule
        for late in script.statements:
            if late.kind == kind and late.do == DELAY and late.days:
                for day in sorted(late.on):
                    if _arrives(day, late, script, drops):
                        yield day, late


def _arrives(day: date, late: StatementRule, script: Script, drops: Drops) -> bool:
    """Whether a late statement comes today: on its day, or on the first the market works after."""
    due = day + timedelta(days=late.days or 0)
    if drops.day < due or script.statement_rule(late.kind, day) != late:
        return False
    return drops.day == due or drops.key(f"{late.kind}-1.csv", day) not in drops.known


def _instructions(outbox: Outbox, told: frozenset[str]) -> dict[str, Instruction]:
    if not told:
        return {}
    read = outbox.instructions(lambda obligation_id, _: obligation_id in told)
    found: dict[str, Instruction] = {}
    for instruction in read:
        if isinstance(instruction, Instruction):
            found.setdefault(instruction.obligation_id, instruction)
    return found
