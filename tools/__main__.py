"""Entry of ./run; standard library only, because nothing is installed yet when it starts."""

import sys

from runner.cli import main

sys.exit(main(sys.argv[1:]))
