"""What is timed beside a handler: its libraries' imports, and nothing else."""

from pathlib import Path

from bench.inputs.library_imports import library_imports

SOURCE = """
import json
from typing import TYPE_CHECKING
import polars as pl
from pydantic import BaseModel, Field
from backoffice.kernel import scaled
if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
try:
    import lxml.etree
except ImportError:
    pass
def later():
    import boto3
"""


def test_only_libraries_that_load_with_the_module_are_named(tmp_path: Path) -> None:
    module = tmp_path / "handler.py"
    module.write_text(SOURCE)
    assert library_imports([module, module]) == [
        "import polars",
        "from pydantic import BaseModel, Field",
        "import lxml.etree",
    ]
