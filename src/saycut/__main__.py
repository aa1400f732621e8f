"""`python -m saycut`."""

from saycut.cli import script

script()
