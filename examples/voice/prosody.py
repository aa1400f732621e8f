"""How long each sound lasts and how the pitch moves: from spelled sounds to control tracks.

Durations follow the simplest of Klatt's rules (unstressed shorter, phrase-final longer, clusters
shorter). Pitch follows Fujisaki's model: a slow phrase component plus one accent per stressed vowel,
added in the logarithm, with a final fall.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from examples.voice.phonemes import SILENT_DB, Phoneme, Spoken, Three

FRAME_S = 0.0025
Track = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A stretch of steady targets: part of a phoneme."""

    seconds: float
    formants_hz: Three
    glide_hz: Three
    bandwidths_hz: Three
    voice_db: float = SILENT_DB
    breath_db: float = SILENT_DB
    noise_db: float = SILENT_DB
    shape_db: tuple[float, ...] = (-60.0,) * 6
    nasal: bool = False
    accent: bool = False


@dataclass(frozen=True)
class Controls:
    """Parameter tracks at one value per FRAME_S; `shape` and formants are (frames, n)."""

    formants_hz: Track
    bandwidths_hz: Track
    nasal_zero_hz: Track
    voice: Track
    breath: Track
    noise: Track
    shape: Track
    pitch_hz: Track

    @property
    def seconds(self) -> float:
        return len(self.voice) * FRAME_S


NASAL_POLE_HZ = 270.0
NASAL_ZERO_HZ = 450.0
EDGE_S = 0.03  # quiet before the first and after the last sound, so that filters ring out


def controls_of(spoken: list[Spoken], pitch_hz: float, pace: float, tract: float) -> Controls:
    """Control tracks of one sentence; `pace` above 1 is slower, `tract` above 1 is a shorter vocal tract."""
    pieces = _pieces(spoken, pace)
    first, last = pieces[0], pieces[-1]
    quiet = Piece(EDGE_S, first.formants_hz, first.formants_hz, first.bandwidths_hz)
    end = Piece(EDGE_S, last.glide_hz, last.glide_hz, last.bandwidths_hz)
    pieces = [quiet, *pieces, end]
    counts = [max(1, round(piece.seconds / FRAME_S)) for piece in pieces]
    return Controls(
        formants_hz=_smooth(_glides(pieces, counts), 0.055) * tract,
        bandwidths_hz=_smooth(_steps([piece.bandwidths_hz for piece in pieces], counts), 0.03),
        nasal_zero_hz=_smooth(
            _steps([(NASAL_ZERO_HZ if piece.nasal else NASAL_POLE_HZ,) for piece in pieces], counts), 0.03
        )[:, 0],
        voice=_smooth(_levels([piece.voice_db for piece in pieces], counts), 0.022)[:, 0],
        breath=_smooth(_levels([piece.breath_db for piece in pieces], counts), 0.02)[:, 0],
        noise=_smooth(_levels([piece.noise_db for piece in pieces], counts), 0.008)[:, 0],
        shape=_steps([tuple(10 ** (db / 20) for db in piece.shape_db) for piece in pieces], counts),
        pitch_hz=_pitch(pieces, counts, pitch_hz),
    )


def _pieces(spoken: list[Spoken], pace: float) -> list[Piece]:
    pieces: list[Piece] = []
    for at, sound in enumerate(spoken):
        before = spoken[at - 1].phoneme if at else None
        after = spoken[at + 1].phoneme if at + 1 < len(spoken) else None
        seconds = _seconds(sound, before, after, len(spoken) - at) * pace
        pieces += _unfold(sound, after, seconds)
    return pieces


def _seconds(sound: Spoken, before: Phoneme | None, after: Phoneme | None, left: int) -> float:
    percent = 1.0
    phoneme = sound.phoneme
    if phoneme.kind == "vowel":
        percent *= 1.0 if sound.stressed else 0.65
        if after is not None and after.kind in ("stop", "fricative", "affricate") and not after.voiced:
            percent *= 0.8
    elif (before is not None and before.kind != "vowel") or (after is not None and after.kind != "vowel"):
        percent *= 0.75
    if left <= 3:
        percent *= 1.5 if phoneme.kind == "vowel" else 1.25
    return (phoneme.min_ms + (phoneme.ms - phoneme.min_ms) * percent) / 1000


def _unfold(sound: Spoken, after: Phoneme | None, seconds: float) -> list[Piece]:
    phoneme = sound.phoneme
    still = Piece(seconds, phoneme.formants_hz, phoneme.glide_hz, phoneme.bandwidths_hz)
    voiced = replace(still, voice_db=phoneme.voice_db)
    rubbed = replace(voiced, noise_db=phoneme.noise_db, shape_db=phoneme.shape_db)
    if phoneme.kind == "aspirate":
        into = after if after is not None else phoneme
        return [replace(still, formants_hz=into.formants_hz, glide_hz=into.formants_hz, breath_db=-12)]
    if phoneme.kind == "fricative":
        return [rubbed]
    if phoneme.kind == "affricate":
        return [replace(voiced, seconds=0.4 * seconds), replace(rubbed, seconds=0.6 * seconds)]
    if phoneme.kind == "stop":
        return _stop(phoneme, after, voiced, replace(rubbed, voice_db=SILENT_DB))
    return [replace(voiced, nasal=phoneme.kind == "nasal", accent=sound.stressed)]


def _stop(phoneme: Phoneme, after: Phoneme | None, closure: Piece, burst: Piece) -> list[Piece]:
    """Closure, burst and, for a voiceless stop before a voiced sound, a breath into that sound."""
    burst_s = 0.008 if phoneme.voiced else 0.014
    closure_s = max(0.03, closure.seconds - burst_s)
    pieces = [replace(closure, seconds=closure_s), replace(burst, seconds=burst_s)]
    if not phoneme.voiced and after is not None and after.voiced:
        pieces.append(Piece(0.03, after.formants_hz, after.formants_hz, (150.0, 120.0, 200.0), breath_db=-15))
    return pieces


def _pitch(pieces: list[Piece], counts: list[int], base_hz: float) -> Track:
    frames = sum(counts)
    time = np.arange(frames) * FRAME_S
    log = 0.22 * np.exp(-time / 1.1) - 0.10 * time / time[-1]
    starts = np.cumsum([0, *counts[:-1]])
    accents = [start * FRAME_S for start, piece in zip(starts, pieces, strict=True) if piece.accent]
    for number, at in enumerate(accents):
        last = number == len(accents) - 1
        strength, length = (0.24, 0.14) if last else (0.17 if number % 2 == 0 else 0.12, 0.18)
        log += strength * (_rise(time - at + 0.05) - _rise(time - at - length))
    log -= 0.28 * _rise((time - (time[-1] - 0.28)) * 0.6)  # the final fall
    return np.asarray(base_hz * np.exp(log))


def _rise(time: Track) -> Track:
    """Fujisaki's accent response: from 0 to 1 in about a tenth of a second."""
    held = np.maximum(time, 0) * 25.0
    return np.minimum(1 - (1 + held) * np.exp(-held), 1.0)


def _glides(pieces: list[Piece], counts: list[int]) -> Track:
    """Formants that stay for the first quarter, move, and stay for the last quarter."""
    parts = []
    for piece, count in zip(pieces, counts, strict=True):
        way = np.clip((np.arange(count) / count - 0.25) / 0.5, 0, 1)[:, None]
        start, end = np.array(piece.formants_hz), np.array(piece.glide_hz)
        parts.append(start + (end - start) * way)
    return np.concatenate(parts)


def _levels(levels_db: list[float], counts: list[int]) -> Track:
    return _steps([(0.0 if db <= SILENT_DB else 10 ** (db / 20),) for db in levels_db], counts)


def _steps(rows: list[tuple[float, ...]], counts: list[int]) -> Track:
    return np.repeat(np.array(rows, np.float64), counts, axis=0)


def _smooth(track: Track, seconds: float) -> Track:
    """The track through a raised-cosine window of this length, its ends held."""
    half = max(1, round(seconds / FRAME_S / 2))
    window = np.hanning(2 * half + 3)[1:-1]
    padded = np.pad(track, ((half, half), (0, 0)), mode="edge")
    columns = [np.convolve(column, window / window.sum(), mode="valid") for column in padded.T]
    return np.stack(columns, axis=1)
