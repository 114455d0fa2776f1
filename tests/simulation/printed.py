"""Clients' documents of a house, made by the deployed machine's steps."""

import json

from backoffice.formats.printing.print_documents import print_documents
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.client_documents.gather import (
    Slice,
    gather_slice,
    plan_documents,
)
from backoffice.records.client_documents.register import PrintedSlice, register_editions
from tests.simulation.house import House


def make(house: House, asked: AskedDocuments) -> None:
    """Make what is asked for, step by step."""
    planned = plan_documents(house.records, house.work, asked)
    slices = []
    for key in planned.slices:
        one = Slice.model_validate_json(house.work.read_bytes(key))
        staged = gather_slice(house.records, house.work, one, default_rulebook())
        archive, printed, failed = print_documents(
            json.loads(house.work.read_bytes(staged)), house.keys
        )
        kept = house.records.keep_bytes("client-documents", one.edition.as_of, archive, ".zip")
        said = {"edition": one.edition, "archive": kept, "printed": printed, "failed": failed}
        slices.append(PrintedSlice.model_validate(said))
    register_editions(house.records, planned.editions, slices)
