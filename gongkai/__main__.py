"""`python -m gongkai` is the command `gongkai`."""

import sys

from gongkai.site.cli import main

sys.exit(main())
