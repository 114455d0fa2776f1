"""boto3 clients of one embedded AWS, untouched by whatever the caller's machine is set up for."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from infra.local.surroundings import REGION

ACCOUNT = "000000000000"
NOBODY = "local"  # the emulator takes every caller
_CONFIG = Config(
    connect_timeout=5,
    inject_host_prefix=False,  # one address serves every service
    max_pool_connections=32,
    proxies={},  # the loopback interface is never behind one
    read_timeout=120,
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},
)


class Clients:
    """Clients made once each, all for the emulator at `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        # Its clients are made by a name that comes at run time.
        self._session: Any = boto3.Session(
            aws_access_key_id=NOBODY, aws_secret_access_key=NOBODY, region_name=REGION
        )
        self.get = cache(self._make)

    def _make(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        return self._session.client(
            service, endpoint_url=self.endpoint, config=_CONFIG, verify=False
        )
