"""Singers: on pitch, in time, the same for a seed, and unlike speech in what makes them singing."""

import numpy as np
import pytest
from scipy.signal import welch
from training.synthetic.autotune import autotuned, pitch_of
from training.synthetic.sound import Sound
from training.synthetic.sung import REGISTERS, Voice, random_voice, sing, sung
from training.synthetic.tunes import SungNote, harmony, ladder_of, tune

from training.synthetic import autotune

RATE_HZ = 16_000
PLAIN = Voice(vibrato_cents=0.0, jitter_cents=2.0)


def measured_hz(sound: Sound, from_s: float, to_s: float, near_hz: float) -> float:
    """The period by autocorrelation, sought within a fifth of `near_hz`."""
    part = sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)].astype(np.float64)
    spectrum = np.fft.rfft(part * np.hanning(len(part)), 16 * len(part))  # sixteen times finer lags
    power = np.zeros(8 * 16 * len(part) + 1)
    power[: len(spectrum)] = np.abs(spectrum) ** 2
    correlation = np.fft.irfft(power)
    fine_hz = RATE_HZ * 16
    lags = np.arange(int(fine_hz / near_hz / 1.2), int(fine_hz / near_hz * 1.2))
    return float(fine_hz / lags[np.argmax(correlation[lags])])


def cents(measured: float, wanted: float) -> float:
    return float(1200 * np.log2(measured / wanted))


@pytest.mark.parametrize("midi", [40, 48, 57, 64, 69, 76, 83])
@pytest.mark.parametrize("vowel", ["a", "i", "u"])
def test_a_note_is_sung_within_30_cents(midi: int, vowel: str) -> None:
    note = SungNote(0.3, 1.2, float(midi), vowel, "s", first=True)
    sound = sing([note], PLAIN, np.random.default_rng(midi), 1.8, RATE_HZ)
    wanted_hz = 440.0 * 2 ** ((midi - 69) / 12)
    assert abs(cents(measured_hz(sound, 0.8, 1.3, wanted_hz), wanted_hz)) < 30


def test_each_note_of_a_phrase_is_on_pitch_and_rests_are_silent() -> None:
    notes = [
        SungNote(0.5 + 0.6 * i, 0.6, m, "ae", "l", i == 0) for i, m in enumerate((57.0, 60.0, 64.0, 62.0))
    ]
    sound = sing(notes, PLAIN, np.random.default_rng(1), 4.0, RATE_HZ)
    for note in notes:
        wanted_hz = 440.0 * 2 ** ((note.midi - 69) / 12)
        found_hz = measured_hz(sound, note.start_s + 0.15, note.start_s + 0.45, wanted_hz)
        assert abs(cents(found_hz, wanted_hz)) < 30, note
    assert np.abs(sound[round(3.2 * RATE_HZ) :]).max() < 1e-3


def test_vibrato_swings_as_deep_and_as_fast_as_asked() -> None:
    voice = Voice(vibrato_cents=60.0, vibrato_hz=5.5, vibrato_after_s=0.0, jitter_cents=0.0)
    sound = sing([SungNote(0.1, 2.8, 57.0, "a", "", True)], voice, np.random.default_rng(2), 3.0, RATE_HZ)
    track = 1200 * np.log2(pitch_of(sound, RATE_HZ)[60:260] / 220.0)
    assert 40 < (track.max() - track.min()) / 2 < 75
    spectrum = np.abs(np.fft.rfft(track - track.mean()))
    assert np.argmax(spectrum) / 2.0 == pytest.approx(5.5, abs=0.51)  # 200 steps of 10 ms: 0.5 Hz a bin


def test_vowels_differ_where_their_formants_lie() -> None:
    def share(vowel: str, low_hz: float, high_hz: float) -> float:
        note = SungNote(0.1, 1.8, 45.0, vowel, "", True)
        hz, power = welch(sing([note], PLAIN, np.random.default_rng(3), 2.0, RATE_HZ), RATE_HZ, nperseg=1024)
        return float(power[(hz > low_hz) & (hz < high_hz)].sum() / power.sum())

    assert share("i", 1700, 3300) > 3 * share("u", 1700, 3300)
    assert share("a", 550, 1250) > 3 * share("i", 550, 1250)


def test_a_hissed_consonant_comes_before_its_vowel() -> None:
    sound = sing([SungNote(0.5, 0.8, 57.0, "a", "s", False)], PLAIN, np.random.default_rng(4), 1.5, 48_000)
    hiss, vowel = (
        sound[round(0.41 * 48_000) : round(0.47 * 48_000)],
        sound[round(0.7 * 48_000) : round(0.9 * 48_000)],
    )

    def treble(part: Sound) -> float:
        power = np.abs(np.fft.rfft(part)) ** 2
        hz = np.fft.rfftfreq(len(part), 1 / 48_000)
        return float(power[hz > 4000].sum() / power.sum())

    assert treble(hiss) > 0.5
    assert treble(vowel) < 0.05


def test_a_piece_is_stereo_finite_below_full_scale_and_the_same_for_a_seed() -> None:
    for seed in range(8):
        piece = sung(np.random.default_rng(seed), 6.0, RATE_HZ)
        assert piece.shape == (6 * RATE_HZ, 2) and piece.dtype == np.float32
        assert np.isfinite(piece).all() and 0.05 < np.abs(piece).max() < 1
        assert -30 < 20 * np.log10(np.sqrt(np.mean(piece**2))) < -19.9
    np.testing.assert_array_equal(piece, sung(np.random.default_rng(7), 6.0, RATE_HZ))
    assert not np.array_equal(piece, sung(np.random.default_rng(8), 6.0, RATE_HZ))


def test_tunes_stay_in_their_scale_and_range_and_harmonies_too() -> None:
    for seed in range(20):
        voice = random_voice(np.random.default_rng(seed))
        melody = tune(np.random.default_rng(seed), 20.0, voice.low, voice.high)
        assert melody.notes and all(note.midi in melody.ladder for note in melody.notes)
        assert all(n.start_s >= 0 and n.start_s + n.duration_s <= 20.0 + 1e-9 for n in melody.notes)
        thirds = harmony(melody, 2)
        assert any(3 <= abs(a.midi - b.midi) <= 5 for a, b in zip(melody.notes, thirds, strict=True))
    assert ladder_of(0, "major", 60, 72) == (60, 62, 64, 65, 67, 69, 71, 72)
    assert all(low < high for low, high, _ in REGISTERS.values())


def spoken(seconds: float = 3.0) -> Sound:
    """A voice whose pitch glides all the time, as in speech, in syllables of 0.25 s."""
    notes = [
        SungNote(0.1 + 0.3 * i, 0.25, 50.0 + 3 * np.sin(2.1 * i) + 0.37, "a", "t", True) for i in range(9)
    ]
    return sing(
        notes,
        Voice(vibrato_cents=0, scoop_cents=300, portamento_s=0.1),
        np.random.default_rng(5),
        seconds,
        RATE_HZ,
    )


def off_the_notes(sound: Sound) -> float:
    """How far the pitch lies from the nearest semitone, in cents, at the median."""
    f0_hz = pitch_of(sound, RATE_HZ)
    midi = 69 + 12 * np.log2(f0_hz[f0_hz > 0] / 440)
    return float(np.median(np.abs(midi - np.rint(midi))) * 100)


def test_speech_becomes_longer_and_lands_on_notes() -> None:
    speech = spoken()
    for seed in range(4):
        song = autotuned(speech, RATE_HZ, np.random.default_rng(seed))
        assert 1.3 < len(song) / len(speech) < 4.01
        assert np.isfinite(song).all() and np.abs(song).max() < 1
        assert off_the_notes(song) < 15 < off_the_notes(speech)
    np.testing.assert_array_equal(song, autotuned(speech, RATE_HZ, np.random.default_rng(3)))


def test_what_has_no_voice_is_not_made_longer() -> None:
    hiss = np.random.default_rng(6).normal(0, 0.05, RATE_HZ).astype(np.float32)
    assert len(autotuned(hiss, RATE_HZ, np.random.default_rng(6))) == RATE_HZ
    silence = np.zeros(RATE_HZ, np.float32)
    np.testing.assert_array_equal(autotuned(silence, RATE_HZ, np.random.default_rng(6)), silence)


@pytest.mark.parametrize("hz", [20.0, 5000.0])
def test_a_pitch_past_the_notes_stays_at_their_end(hz: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in a squeal: the melody may not leave the ladder of its notes."""
    speech = spoken()
    found = pitch_of(speech, RATE_HZ)
    monkeypatch.setattr(autotune, "pitch_of", lambda *_: np.where(found > 0, hz, 0.0))
    for seed in range(8):
        assert np.isfinite(autotuned(speech, RATE_HZ, np.random.default_rng(seed))).all()
