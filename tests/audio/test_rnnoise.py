"""RNNoise by ctypes: alignment, exact length, freed state, and plain words when the library is missing."""

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from saycut.audio import rnnoise
from saycut.audio.rnnoise import suppressed
from saycut.errors import Internal
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of
from tests.audio.takes import decoded
from tests.shared import shared_data


def cleaned(sound: Pcm, block_samples: int = RATE_HZ) -> Pcm:
    parts = list(suppressed(blocks_of(PcmArray(sound), block_samples)))
    return np.concatenate([np.zeros((0, 1), np.float32), *parts])


@pytest.mark.parametrize("samples", [0, 1, 479, 480, 481, 959, 960, 961, 47_999, 48_000, 48_001, 49_440])
def test_output_is_exactly_as_long_as_the_input(samples: int) -> None:
    sound = np.random.default_rng(0).normal(0, 0.01, (samples, 1)).astype(np.float32)
    assert cleaned(sound, 1_000).shape == sound.shape


def test_speech_comes_out_in_its_place() -> None:
    speech = decoded(shared_data("media/jfk.wav"))[: 5 * RATE_HZ]
    out = cleaned(speech)
    middle = slice(2_000, len(speech) - 2_000)
    match = [float(speech[middle, 0] @ np.roll(out, -lag)[middle, 0]) for lag in range(-20, 21)]
    assert int(np.argmax(match)) - 20 == 0


def test_steady_noise_goes_and_does_not_depend_on_the_blocks() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, (3 * RATE_HZ, 1)).astype(np.float32)
    out = cleaned(noise)
    assert 20 * np.log10(np.std(noise[RATE_HZ:]) / np.std(out[RATE_HZ:])) > 20
    np.testing.assert_array_equal(out, cleaned(noise, 777))


def test_what_is_no_number_does_not_spoil_the_rest() -> None:
    noise = np.random.default_rng(2).normal(0, 0.01, (2 * RATE_HZ, 1)).astype(np.float32)
    noise[1_000], noise[2_000] = np.nan, np.inf
    assert np.isfinite(cleaned(noise)).all()


def test_the_state_is_freed_also_when_the_reader_stops_early(monkeypatch: pytest.MonkeyPatch) -> None:
    library = rnnoise._library()
    freed: list[int] = []
    counting = SimpleNamespace(
        rnnoise_create=library.rnnoise_create,
        rnnoise_process_frame=library.rnnoise_process_frame,
        rnnoise_destroy=lambda state: (freed.append(state), library.rnnoise_destroy(state)),
    )
    monkeypatch.setattr(rnnoise, "_library", lambda: counting)
    stream = suppressed(blocks_of(PcmArray(np.zeros((3 * RATE_HZ, 1), np.float32))))
    next(stream)
    assert not freed
    assert isinstance(stream, Iterator)
    stream.close()  # type: ignore[attr-defined] # a generator is returned as the iterator it is
    assert len(freed) == 1


def test_a_missing_library_is_said_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnnoise, "files", lambda _: [])
    rnnoise._library.cache_clear()
    try:
        with pytest.raises(Internal, match=r"pip install .*pyrnnoise==") as caught:
            cleaned(np.zeros((480, 1), np.float32))
    finally:
        rnnoise._library.cache_clear()
    assert caught.value.exit_code == 1


def test_neither_pyrnnoise_nor_matplotlib_is_imported() -> None:
    code = (
        "import sys, numpy as np; from saycut.audio.rnnoise import suppressed;"
        "list(suppressed(iter([np.zeros((480, 1), np.float32)])));"
        "sys.exit(any(name in sys.modules for name in ('pyrnnoise', 'matplotlib', 'av')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
