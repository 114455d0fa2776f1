"""Elements in which an answer repeats our own instruction: known, and so not "unknown"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COMPARED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "sese.024": ("TxDtls/FinInstrmId/ISIN", "TxDtls/SctiesMvmntTp"),
        "sese.025": ("FinInstrmId/ISIN", "TxIdDtls/SctiesMvmntTp"),
        "sese.027": ("TxDtls/FinInstrmId/ISIN", "TxId/AcctOwnrTxId/SctiesSttlmTxId/SctiesMvmntTp"),
    }
)
"""Where each message repeats the ISIN and the movement; sese.031 repeats neither."""

_TRANSACTION: Final = (
    "TxDtls/AcctOwnr/",
    "TxDtls/SfkpgAcct/",
    "TxDtls/SfkpgPlc/",
    "TxDtls/TradId",
    "TxDtls/TradDt/",
    "TxDtls/SttlmDt/",
    "TxDtls/SttlmQty/",
    "TxDtls/SttlmAmt/",
    "TxDtls/SttlmParams/",
    "TxDtls/Pmt",
    "TxDtls/DlvrgSttlmPties/",
    "TxDtls/RcvgSttlmPties/",
)
ECHOES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sese.024": _TRANSACTION,
        "sese.025": (
            "TxIdDtls/Pmt",
            "TradDtls/TradId",
            "TradDtls/TradDt/",
            "TradDtls/SttlmDt/",
            "QtyAndAcctDtls/AcctOwnr/",
            "QtyAndAcctDtls/SfkpgAcct/",
            "QtyAndAcctDtls/CshAcct/",
            "QtyAndAcctDtls/SfkpgPlc/",
            "QtyAndAcctDtls/PrevslySttld",
            "QtyAndAcctDtls/RmngToBeSttld",
            "SttlmParams/",
            "DlvrgSttlmPties/",
            "RcvgSttlmPties/",
        ),
        "sese.027": (*_TRANSACTION, "CxlReqRef", "TxId/AcctOwnrTxId/"),
        "sese.031": ("AcctOwnr/", "SfkpgAcct/", "ReqRef", "ReqDtls/"),
    }
)
"""Path prefixes of what each message repeats."""
