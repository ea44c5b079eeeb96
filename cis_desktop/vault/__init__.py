"""The vault: keys, the encrypted database, and the history that carries audit, undo and sync."""

from cis_desktop.vault.history import Change, derived_uid
from cis_desktop.vault.store import Vault
from cis_desktop.vault.tables import Connection

__all__ = ["Change", "Connection", "Vault", "derived_uid"]
