"""What is said and when: the performance the camera records, and another one for the voiceover."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.voice.say import OUT_HZ, Voice, say

Track = NDArray[np.float64]

HOST = Voice()
NARRATOR = Voice(pitch_hz=186.0, pace=1.0, tract=1.16)

# (silence before it in s, sentence); the pauses between sentences are what a creator wants trimmed
TALK: tuple[tuple[float, str], ...] = (
    (0.8, "Hello and welcome to the channel."),
    (1.4, "Today I will show you how to fix the sound of a video."),
    (2.3, "First we remove the noise from the room."),
    (1.1, "Then we trim the long pauses."),
    (1.8, "Thank you for watching, see you next time."),
)
TALK_S = 22.0
VOICEOVER: tuple[tuple[float, str], ...] = (
    (0.25, "Good morning everyone, here is my little garden in the sun."),
    (0.45, "Every new light can grow with water and time."),
    (0.45, "Walk with me to the open door, our story is near."),
)
VOICEOVER_S = 12.0


@dataclass(frozen=True)
class Performance:
    """`pcm` is the dry voice, mono 48 kHz (samples,), RMS 0.1 while speaking.

    `opening` is how far the mouth is open, at 100 Hz; `spoken` are (start, end, sentence) in seconds.
    """

    pcm: Track
    opening: Track
    spoken: tuple[tuple[float, float, str], ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / OUT_HZ

    @property
    def pauses(self) -> tuple[tuple[float, float], ...]:
        """Where nobody speaks, the beginning and the end included, in seconds."""
        edges = [0.0, *(edge for start, end, _ in self.spoken for edge in (start, end)), self.seconds]
        return tuple(zip(edges[::2], edges[1::2], strict=True))


def perform(
    lines: tuple[tuple[float, str], ...], voice: Voice, seconds: float, rng: np.random.Generator
) -> Performance:
    """Speak `lines` within exactly `seconds`. Raises ValueError when they take longer."""
    pcm, opening = np.zeros(round(seconds * OUT_HZ)), np.zeros(round(seconds * 100))
    spoken, at = [], 0.0
    for pause, words in lines:
        said = say(words, voice, rng)
        start = round((at + pause) * 100) / 100
        at = start + said.seconds
        if at > seconds:
            raise ValueError(f"{words!r} ends at {at:.2f} s, after {seconds} s")
        first = round(start * OUT_HZ)
        pcm[first : first + len(said.pcm)] += said.pcm
        opening[round(start * 100) : round(start * 100) + len(said.opening)] = said.opening
        spoken.append((start, round(at, 4), words))
    return Performance(pcm, opening, tuple(spoken))
