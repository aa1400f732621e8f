"""The performance, the room and the song together, and what is true about them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examples.stage import room, script, song

Track = NDArray[np.float64]

RATE_HZ = 48_000
SONG_FROM_S = 2.4  # the clips begin one bar into the song
LAV_BEFORE_S, LAV_AFTER_S, LAV_GAIN_DB = 1.3, 0.9, -5.0

# Levels, RMS in dBFS; the voice while it speaks.
VOICE_DBFS = -20.0
TALK_LEVELS = {"voice": VOICE_DBFS, "hiss": -41.0, "hum": -45.0, "music": -46.0}
VLOG_LEVELS = {"voice": VOICE_DBFS, "hiss": -62.0, "hum": -70.0, "music": -28.0}


@dataclass(frozen=True)
class Scene:
    """Every sound of the demo, float64 at 48 kHz.

    `parts` are stereo (samples, 2), as long as the picture: "voice" (reverberant, -20 dBFS), "hiss", "hum"
    (RMS 1) and "music" (the stretch of `song` that plays, RMS 1). `lav` and `voiceover` are mono (samples,).
    `song` is stereo.
    """

    seed: int
    performance: script.Performance
    narration: script.Performance
    parts: dict[str, Track]
    lav: Track
    song: Track
    song_rms: float

    def mix(self, levels: dict[str, float]) -> Track:
        """What the camera hears at these levels (dBFS RMS of each part), (samples, 2)."""
        return np.asarray(sum(self.parts[name] * self._gain(name, level) for name, level in levels.items()))

    def _gain(self, name: str, level_dbfs: float) -> float:
        return room.db(level_dbfs - VOICE_DBFS) if name == "voice" else room.db(level_dbfs)

    @property
    def voiceover(self) -> Track:
        return self.narration.pcm * room.db(2.0)

    def truth(self) -> dict[str, Any]:
        """What an edit of these files should find, in seconds and dB."""
        performed = self.performance
        return {
            "seed": self.seed,
            "rate_hz": RATE_HZ,
            "duration_s": performed.seconds,
            "sentences": _sentences(performed),
            "speech_s": [[a, b] for a, b, _ in performed.spoken],
            "pauses_s": [[a, b] for a, b in performed.pauses],
            "lav_offset_s": -LAV_BEFORE_S,  # on the camera's clock the recording begins here
            "lav": {
                "starts_before_camera_s": LAV_BEFORE_S,
                "clock_fast_ppm": 1e6 * (room.DRIFT[0] / room.DRIFT[1] - 1),
                "gain_db": LAV_GAIN_DB,
            },
            "song": {
                "bpm": song.BPM,
                "duration_s": song.SECONDS,
                "clip_starts_at_s": SONG_FROM_S,
                "gain_in_talk_db": TALK_LEVELS["music"] - 20 * float(np.log10(self.song_rms)),
                "gain_in_vlog_db": VLOG_LEVELS["music"] - 20 * float(np.log10(self.song_rms)),
            },
            "voiceover": {
                "duration_s": self.narration.seconds,
                "sentences": _sentences(self.narration),
            },
            "levels_dbfs": {"talk": TALK_LEVELS, "vlog": VLOG_LEVELS},
        }


def _sentences(performed: script.Performance) -> list[dict[str, Any]]:
    return [{"start_s": start, "end_s": end, "words": words} for start, end, words in performed.spoken]


def scene_of(seed: int = 1) -> Scene:
    """All sounds of the demo; the same for the same seed."""
    voice_rng, room_rng, song_rng, story_rng = (np.random.default_rng([seed, part]) for part in range(4))
    performed = script.perform(script.TALK, script.HOST, script.TALK_S, voice_rng)
    whole = song.compose(song_rng)
    first = round(SONG_FROM_S * RATE_HZ)
    played = whole[first : first + len(performed.pcm)]
    song_rms = float(np.sqrt(np.mean(played**2)))
    parts = {
        "voice": room.reverberant(performed.pcm, room_rng),
        "hiss": room.hiss(len(performed.pcm), room_rng),
        "hum": room.hum(len(performed.pcm)),
        "music": played / song_rms,
    }
    lav = room.lavalier(performed.pcm, LAV_BEFORE_S, LAV_AFTER_S, LAV_GAIN_DB, room_rng)
    narration = script.perform(script.VOICEOVER, script.NARRATOR, script.VOICEOVER_S, story_rng)
    return Scene(seed, performed, narration, parts, lav, whole, song_rms)
