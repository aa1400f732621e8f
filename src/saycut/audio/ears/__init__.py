"""Our own ears: a small network, made by `training/`, that tells speech, music and everything else apart in
any recording, bin by bin. Its weights are in the package; nothing is fetched."""
