"""Names of the engines that tell a voice from the rest. Light: doors and settings only name one."""

EMBEDDED = "embedded"  # our own network, audio/ears
RNNOISE = "rnnoise"
ONNX = "onnx:"  # and the path of a model
USUAL = EMBEDDED
