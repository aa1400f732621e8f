"""Names of the engines that tell a voice from the rest. Light: doors and settings only name one."""

EMBEDDED = "embedded"  # our own network, audio/ears
RNNOISE = "rnnoise"
ONNX = "onnx:"  # and the path of a model
DEMUCS = "demucs:"  # and the folder of its weights, or FOLDER/NAME
USUAL = EMBEDDED


def brought(engine: str) -> str | None:
    """The kind of an engine that a person brings, whose name goes on with a path; None for our own."""
    return next((kind for kind in (ONNX, DEMUCS) if engine.startswith(kind)), None)
