"""The query catalogue's tables point to the lists that the days publish."""

import json

from infra.blocks.storage import ANSWERS
from infra.capabilities.query_catalogue import TABLES
from tests.infra.conftest import Synthesized, flat


def test_each_table_reads_the_lists_of_its_days(prod: Synthesized) -> None:
    document = json.loads(TABLES.read_text(encoding="utf-8"))
    found = {}
    for resource in prod.of_type("AWS::Glue::Table").values():
        table = resource["Properties"]["TableInput"]
        found[table["Name"]] = {
            column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]
        }
        place = flat(table["StorageDescriptor"]["Location"])
        assert place.startswith("s3://backoffice-prod-outbox")
        assert place.endswith(f"/{document['place']}{table['Name']}/")
        template = flat(table["Parameters"]["storage.location.template"])
        assert template == f"{place}day=${{day}}/"
        assert [key["Name"] for key in table["PartitionKeys"]] == ["day"]
    assert found == {name: table["columns"] for name, table in document["tables"].items()}


def test_a_question_is_bounded_and_its_answer_encrypted_where_it_expires(prod: Synthesized) -> None:
    (workgroup,) = prod.of_type("AWS::Athena::WorkGroup").values()
    settings = workgroup["Properties"]["WorkGroupConfiguration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] <= 100 * 10**9
    answers = settings["ResultConfiguration"]
    assert flat(answers["OutputLocation"]).endswith(f"/{ANSWERS}")
    assert answers["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
