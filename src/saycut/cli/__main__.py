"""`python -m saycut.cli`."""

from saycut.cli.main import script

script()
