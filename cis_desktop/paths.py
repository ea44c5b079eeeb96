"""Where the files that come with the application are, from a checkout, installed, or frozen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CLOUD_FOLDERS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents", "syncthing")
CLOUD_NAMES = {
    "nextcloud", "owncloud", "box", "box sync", "mega", "megasync", "mega sync", "proton drive", "protondrive",
    "my files - proton drive", "pcloud", "pclouddrive", "pcloud drive", "pcloudsync", "pcloud sync", "tresorit",
    "tresors", "spideroak", "spideroak hive", "seafile", "seadrive", "insync", "sync", "sync.com", "yandex.disk",
    "yandexdisk", "jottacloud", "icedrive", "koofr", "filen", "internxt", "amazon drive", "kdrive", "cloudstorage",
}  # fmt: skip
"""Whole names of folders that such services make. The last is where macOS has all of theirs, in `~/Library`."""
CLOUD_SIGNS = (
    ".dropbox.cache", ".stfolder", ".stversions", ".sync_*.db", "._sync_*.db", ".owncloudsync.log",
    ".tmp.drivedownload", ".tmp.driveupload",
)  # fmt: skip
"""What Dropbox, Syncthing, Nextcloud, ownCloud and Google Drive leave at the top of a folder they copy."""
CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
NETWORK_SYSTEMS = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "ncpfs", "davfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2",
    "fuse.gvfsd-fuse", "fuse.glusterfs", "fuse.smbnetfs",
}  # fmt: skip
"""File systems of Linux whose disk is in another computer."""
DRIVE_REMOTE = 4
"""What Windows' GetDriveType answers for a network drive."""
EXAMPLE_SIGN = "EXAMPLE.txt"
"""In the folder of the example only: its passphrase, for whoever opens it again."""


def resources() -> Path:
    """Give the folder of icons, fonts, code lists and the rest."""
    frozen = getattr(sys, "_MEIPASS", None)
    home = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return home / "resources"


def synced(folder: Path) -> bool:
    """Say whether a cloud service copies what is in a folder: by a name on its path, or what such services leave."""
    # As it was named as well: such a name can be a link to another place.
    lowered = [str(each).lower() for each in (folder.absolute(), folder.resolve())]
    if any(cloud in each for cloud in CLOUD_FOLDERS for each in lowered):
        return True
    if any(part in CLOUD_NAMES for each in lowered for part in Path(each).parts):
        return True
    folder = folder.resolve()
    tops = [Path(os.environ[name]).resolve() for name in CLOUD_VARIABLES if os.environ.get(name)]
    return any(
        each in tops or any(next(each.glob(sign), None) for sign in CLOUD_SIGNS) for each in (folder, *folder.parents)
    )


def networked(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Say whether a folder is on a disk of another computer, as far as this system tells (`mounts` is Linux's)."""
    folder = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        return str(folder).startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == DRIVE_REMOTE
    if not mounts.is_file():
        return False
    found = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    # Blanks in a path are written as \040. The last mount at the longest path is the one that is seen.
    systems = {Path(parts[1].replace("\\040", " ")): parts[2] for parts in found if len(parts) > 2}
    return next((systems[each] in NETWORK_SYSTEMS for each in (folder, *folder.parents) if each in systems), False)
