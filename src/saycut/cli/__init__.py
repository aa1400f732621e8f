"""The command line."""

import os


def script() -> None:
    """Entry point of `saycut`: an interrupt while the program still loads ends it as quietly as later."""
    # Our matrices are small. With a thread for every core OpenBLAS mostly waits for itself: replacing a sound
    # took 40 % more CPU that way, and as long by the clock. It looks here when it is loaded.
    if "OMP_NUM_THREADS" not in os.environ:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from saycut.cli.main import script as loaded
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    loaded()
