"""Saycut: say what your clip should sound like, get it back ready to post."""

__version__ = "0.1.0"
