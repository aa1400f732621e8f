"""`python -m saycut`."""

from saycut.cli.main import script

script()
