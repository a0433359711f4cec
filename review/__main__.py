"""`python -m review`: the command line."""

import sys

from review.cli import main

if __name__ == "__main__":
    sys.exit(main())
