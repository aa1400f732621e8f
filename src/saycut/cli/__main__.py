"""`python -m saycut.cli`."""

from saycut.cli import script

script()
