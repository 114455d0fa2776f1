"""Print the documents of one slice of accounts, and keep them as one archive."""

import json
import os
from functools import cache
from typing import Any

import boto3

from backoffice.formats.printing.print_documents import print_documents
from backoffice.stores.archives import Archives
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.ring_bucket import RingBucket


@cache
def _archives() -> Archives:
    # not by `stores.wiring`: this function goes without the columnar layer that buckets need
    names = {name: os.environ[f"{name.upper()}_BUCKET"] for name in ("records", "work")}
    return Archives(boto3.client("s3"), **names, lock=os.environ.get("RECORDS_LOCK", ""))


@cache
def _keys() -> KeyRings:
    rings = RingBucket(boto3.client("s3"), os.environ["KEYS_BUCKET"])
    return KeyRings(rings, boto3.client("kms"), os.environ["KEY_ARN"])


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take where contents are staged and of which edition; hand over what was printed."""
    contents, edition = event["contents"], event["edition"]
    archive, printed, failed = print_documents(json.loads(_archives().staged(contents)), _keys())
    key = _archives().keep(f"client-documents/{edition['as_of']}", archive) if printed else None
    told = {"edition": edition, "archive": key, "printed": printed, "failed": failed}
    place = contents.removesuffix(".contents.json") + ".printed.json"
    _archives().stage(place, json.dumps(told).encode())
    return {"handed_over": place}
