"""Measurements beside plain ffmpeg in the same run. `python -m benchmarks` prints the table."""
