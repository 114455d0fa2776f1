"""Commit a captured file: keep its original, then write its entry, once."""

from collections.abc import Sequence

from backoffice.intake.documents import CapturedRange, FileEntry, FilePlan, original_key
from backoffice.intake.drops import Drops, Originals
from backoffice.intake.schemas import DELIMITED, unknown_columns
from backoffice.intake.staging import read_plan
from backoffice.intake.totals import Totals, total
from backoffice.kernel.parts import Work


def commit_file(
    records: Originals, drops: Drops, work: Work, plan_key: str, captured: Sequence[CapturedRange]
) -> FileEntry:
    """Make a file visible: keep its original, then write its entry, once.

    Before the entry stands nothing of the file exists; after it everything does. A second commit
    of the same file changes nothing.
    """
    plan = read_plan(work, plan_key)
    drop = plan.drop
    original = original_key(drop.business_date, plan.sha256)
    records.copy_once(drops, drop.key, drop.version, original)
    refusal = plan.refusal or next((r.refusal for r in captured if r.refusal), None)
    good = () if refusal else sorted(captured, key=lambda found: found.index)
    entry = FileEntry(
        drop=drop,
        sha256=plan.sha256,
        size=plan.size,
        rows=plan.rows if drop.kind in DELIMITED and plan.header else sum(r.rows for r in good),
        captured=sum(found.captured for found in good),
        rejected=sum(found.rejected for found in good),
        sum_quantity=total(Totals(quantity=found.sum_quantity) for found in good).quantity,
        header=plan.header,
        unknown_columns=_unknown(plan, good),
        set_aside=plan.set_aside,
        cuts=tuple(found.cut for found in good if found.cut),
        parts=tuple(found.part for found in good if found.part),
        identities=tuple(found.identities for found in good if found.identities),
        shorts=tuple(found.shorts for found in good if found.shorts),
        rejects=tuple(found.rejects for found in good if found.rejects),
        entries=tuple(found.entries for found in good if found.entries),
        pages=tuple(page for found in good for page in found.pages),
        original=original,
        refusal=refusal,
    )
    records.put_once(entry.key, entry.model_dump_json().encode())
    return entry


def _unknown(plan: FilePlan, captured: Sequence[CapturedRange]) -> tuple[str, ...]:
    """Name what the contract does not know: of the header, or, sorted, met in the rows."""
    met = {name for found in captured for name in found.unknown}
    named = unknown_columns(plan.drop.kind, plan.header) if plan.drop.kind else ()
    return (*named, *sorted(met, key=lambda tag: (len(tag), tag)))
