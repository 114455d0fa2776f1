"""The query catalogue: Glue tables over the records' own parts, and the Athena workgroup to ask.

Both cost nothing until a query runs, and then by what it reads. A table's partitions are its days,
projected rather than registered: a day's list of parts is there once the day is published.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aws_cdk import Aws
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from constructs import Construct

from infra.blocks.storage import ANSWERS, Storage
from infra.stages import Stage

TABLES: Final = Path(__file__).with_name("catalogue_tables.json")
"""Written by `python -m functions.write_catalogue_tables` from what the records hold."""

_HIVE: Final = "org.apache.hadoop.hive.ql.io"
_SYMLINKS: Final = f"{_HIVE}.SymlinkTextInputFormat"
_OUTPUT: Final = f"{_HIVE}.HiveIgnoreKeyTextOutputFormat"
_PARQUET: Final = f"{_HIVE}.parquet.serde.ParquetHiveSerDe"
_FIRST_DAY: Final = "2020-01-01"
_MOST_BYTES_A_QUERY: Final = 100 * 10**9
"""What a query may read: half a US dollar at the published price."""


class QueryCatalogue(Construct):
    """A database of the records' tables, and who answers questions about them."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, storage: Storage
    ) -> None:
        super().__init__(scope, construct_id)
        self._storage = storage
        document = json.loads(TABLES.read_text(encoding="utf-8"))
        name = stage.named("records").replace("-", "_")
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=name, description="The books and records, day by day."
            ),
        )
        for table, described in document["tables"].items():
            self._table(name, table, described, document["place"]).add_dependency(database)
        self._workgroup(stage)

    def _table(
        self, database: str, name: str, described: dict[str, Any], place: str
    ) -> glue.CfnTable:
        lists = f"s3://{self._storage.bucket_name('outbox')}/{place}{name}/"
        day = glue.CfnTable.ColumnProperty(name="day", type="date", comment="The business day.")
        return glue.CfnTable(
            self,
            "".join(word.title() for word in name.split("_")),
            catalog_id=Aws.ACCOUNT_ID,
            database_name=database,
            table_input=glue.CfnTable.TableInputProperty(
                name=name,
                description=described["says"],
                table_type="EXTERNAL_TABLE",
                partition_keys=[day],
                parameters=_projected(lists),
                storage_descriptor=_parts_of(lists, described["columns"]),
            ),
        )

    def _workgroup(self, stage: Stage) -> None:
        storage, group = self._storage, athena.CfnWorkGroup
        athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=stage.named("records"),
            description="Questions about the books and records.",
            recursive_delete_option=True,
            work_group_configuration=group.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=False,
                bytes_scanned_cutoff_per_query=_MOST_BYTES_A_QUERY,
                result_configuration=group.ResultConfigurationProperty(
                    output_location=f"s3://{storage.bucket_name('work')}/{ANSWERS}",
                    encryption_configuration=group.EncryptionConfigurationProperty(
                        encryption_option="SSE_KMS", kms_key=storage.key.key_arn
                    ),
                ),
            ),
        )


def _parts_of(lists: str, columns: Mapping[str, str]) -> glue.CfnTable.StorageDescriptorProperty:
    """Read the Parquet parts that the lists in a place name."""
    return glue.CfnTable.StorageDescriptorProperty(
        columns=[
            glue.CfnTable.ColumnProperty(name=name, type=kind) for name, kind in columns.items()
        ],
        location=lists,
        input_format=_SYMLINKS,
        output_format=_OUTPUT,
        serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=_PARQUET),
    )


def _projected(lists: str) -> dict[str, str]:
    """Let the days be told from the dates asked about: no partition is ever registered."""
    return {
        "EXTERNAL": "TRUE",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": f"{_FIRST_DAY},NOW+1DAYS",
        "storage.location.template": f"{lists}day=${{day}}/",
    }
