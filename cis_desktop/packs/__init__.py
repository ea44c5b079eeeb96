"""Packs: safe tables -> signed files that a council can open, check and audit."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .details import Details
    from .making import PackFiles, build
    from .signing import Signer, signing_key
    from .verifying import Verified, verify

__all__ = ["Details", "PackFiles", "Signer", "Verified", "build", "signing_key", "verify"]

_WHERE = {
    "Details": "details", "PackFiles": "making", "build": "making", "Signer": "signing", "signing_key": "signing",
    "Verified": "verifying", "verify": "verifying",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what makes and checks packs when it is first asked for: all at once would hold the window up."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(name)
