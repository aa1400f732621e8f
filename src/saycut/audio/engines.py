"""Names of the engines that tell a voice from the rest. Light: doors and settings only name one."""

EMBEDDED = "embedded"  # our own network, audio/ears
RNNOISE = "rnnoise"
ONNX = "onnx:"  # and the path of a model
DEMUCS = "demucs:"  # and the folder of its weights, or FOLDER/NAME
BROUGHT = (ONNX, DEMUCS)  # a person brings these; what follows the name is a path
USUAL = EMBEDDED
