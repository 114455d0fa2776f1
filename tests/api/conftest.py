"""The API in this process, on the loopback interface, with moto in place of AWS."""

from collections.abc import Iterator

import pytest

from tests.api.gateway import Gateway
from tests.api.serving import serving
from tests.unit.stores.aws import aws


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("intake", "reference", "cases", "balances", "front_office"):
            environment.setenv(f"{name.upper()}_TABLE", name)
        environment.setenv("CALLS_PER_SECOND", "10000")
        environment.setenv("CALLS_AT_ONCE", "10000")
        environment.setenv("RECORDS_BUCKET", "records")
        environment.setenv("PRINT_SHEET_FUNCTION", "front_office/print_sheet")
        environment.setenv("KEYS_BUCKET", "keys")
        environment.setenv("WORK_BUCKET", "work")
        environment.setenv("POWERTOOLS_SERVICE_NAME", "front_office")
        environment.setenv("POWERTOOLS_LOG_LEVEL", "ERROR")
        with aws(environment):
            made = Gateway()
            environment.setenv("RESOLVE_CASE_MACHINE", made.machine)
            environment.setenv("KEY_ARN", made.key)
            yield made


@pytest.fixture(scope="module")
def address(gateway: Gateway) -> Iterator[str]:
    """Serve the API; yield its address with its stage."""
    with serving(gateway) as place:
        yield f"{place}/v1"
