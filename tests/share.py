"""How much is taken of what a long test says: `CIS_SOAK_SHARE`, from 0 to 1; all of it unless told."""

import os

SHARE = float(os.environ.get("CIS_SOAK_SHARE", "1"))
