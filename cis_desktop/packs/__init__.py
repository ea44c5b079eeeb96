"""Packs: safe tables -> signed files that a council can open, check and audit."""

from .details import Details
from .making import PackFiles, build
from .signing import Signer, signing_key
from .verifying import Verified, verify

__all__ = ["Details", "PackFiles", "Signer", "Verified", "build", "signing_key", "verify"]
