"""A known song inside a recording: where it plays, what of it is heard, and the recording without it."""
