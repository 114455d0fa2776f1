"""What surrounds the emulator's process: its port and its environment."""

import os
import socket

from infra.local.errors import EmulatorError
from infra.local.home import Home

PORT_VARIABLE = "BACKOFFICE_PORT"
REGION = "us-east-1"
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")


def choose_port() -> int:
    """Return the port the caller wants, else a free one.

    Raises
    ------
    EmulatorError
        The wanted port is in use.
    """
    wanted = os.environ.get(PORT_VARIABLE)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", int(wanted or 0)))
        except (OSError, ValueError, OverflowError) as error:
            raise EmulatorError(
                f"port {wanted} of 127.0.0.1 is in use or none; "
                f"unset {PORT_VARIABLE} to let a free one be found"
            ) from error
        return int(probe.getsockname()[1])


def environment(home: Home, port: int) -> dict[str, str]:
    """Return the emulator's environment: nothing of the caller's but what finds programs."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_REGION": REGION,
        # The functions inherit the level above, which is the emulator's; they log as in the cloud.
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PERSIST_STATE": "1",
        "PYTHONUNBUFFERED": "1",
        "S3_DATA_DIR": str(home.objects),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(home.state),
        "TMPDIR": str(home.scratch),
        "TZ": "UTC",
    }
