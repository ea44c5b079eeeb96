"""`python -m cis_desktop`: the command line without the window."""

import sys

from cis_desktop.cli import main

sys.exit(main())
