"""The command line."""


def script() -> None:
    """Entry point of `saycut`: an interrupt while the program still loads ends it as quietly as later."""
    try:
        from saycut.cli.main import script as loaded
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    loaded()
