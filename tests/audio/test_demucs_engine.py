"""Demucs on a stream: the windows alone, what is refused, and small networks against demucs' own way."""

import importlib.util
import socket
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from saycut.audio.demucs_engine import at_its_rate, in_windows, load_demucs
from saycut.audio.denoise import denoise
from saycut.audio.separation import engine_of
from saycut.errors import Impossible, NotFound, Usage
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmArray, blocks_of
from tests.audio.demucs_models import as_numpy_1_wrote, bag, kept, tiny
from tests.audio.signals import in_blocks, joined
from tests.audio.voices import voice

needs_demucs = pytest.mark.skipif(
    importlib.util.find_spec("demucs") is None, reason="the extra is missing: pip install 'saycut[demucs]'"
)
SIZE, OVERLAP = 1_000, 250


@pytest.fixture(scope="module")
def speech() -> Pcm:
    return voice(4.0)[: 4 * RATE_HZ - 77]


def counted(samples: int) -> Pcm:
    """A sound each of whose samples is another number."""
    return np.arange(1, samples + 1, dtype=np.float32)[:, None]


def windowed(sound: Pcm, block: int, model: Callable[[Any], Any] = lambda sound: sound) -> Pcm:
    parts = list(in_windows(blocks_of(PcmArray(sound), block), model, SIZE, OVERLAP))
    assert all(len(part) for part in parts)
    return np.concatenate([np.zeros((0, 1), np.float32), *parts])


# ---- windows, with plain functions in the place of a network ----


@pytest.mark.parametrize("block", [1, 249, 1_000, 99_999])
@pytest.mark.parametrize("samples", [0, 1, 249, 250, 251, 999, 1_000, 1_001, 1_250, 1_251, 1_751, 5_003])
def test_what_changes_nothing_gives_every_sample_back(samples: int, block: int) -> None:
    sound = counted(samples)
    np.testing.assert_array_equal(windowed(sound, block), sound)


def test_every_window_is_whole_and_the_last_ends_with_the_sound() -> None:
    heard: list[Pcm] = []

    def model(sound: Pcm) -> Pcm:
        heard.append(sound.copy())
        return sound

    windowed(counted(1_802), 100, model)
    assert [len(sound) for sound in heard] == [SIZE, SIZE, SIZE]
    assert [(sound[0], sound[-1]) for sound in heard] == [(1, 1_000), (751, 1_750), (803, 1_802)]
    heard.clear()
    windowed(counted(299), 100, model)
    np.testing.assert_array_equal(heard[0], np.pad(counted(299)[:, 0], (350, 351)))


def test_windows_that_differ_are_crossfaded() -> None:
    levels = iter([0.0, 1.0, 1.0])
    out = windowed(counted(2_000), 100, lambda sound: np.full_like(sound, next(levels)))[:, 0]
    np.testing.assert_array_equal(out[:751], 0)
    np.testing.assert_array_equal(out[1_000:], 1)
    np.testing.assert_allclose(np.diff(out[750:1_001]), 1 / OVERLAP, atol=1e-6)


def test_no_more_is_heard_ahead_than_two_windows() -> None:
    taken, ahead = 0, []

    def source() -> Blocks:
        nonlocal taken
        for _ in range(300):
            taken += 100
            yield np.zeros((100, 1), np.float32)

    given = 0
    for part in in_windows(source(), lambda sound: sound, SIZE, OVERLAP):
        ahead.append(taken - given)
        given += len(part)
    assert given == taken == 30_000
    assert max(ahead) <= 2 * SIZE


def test_a_long_sound_takes_no_more_memory_than_a_short_one() -> None:
    def peak_bytes(blocks: int) -> int:
        silence = (np.zeros((10_000, 1), np.float32) for _ in range(blocks))
        tracemalloc.start()
        for _ in in_windows(silence, lambda sound: sound, 40_000, 10_000):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_bytes(20)
    assert peak_bytes(2_000) < 1.2 * peak_bytes(20)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("samples", [0, 1, 2, 47_999, 191_923])
def test_at_another_rate_a_sound_stays_on_time_and_as_long(speech: Pcm, samples: int, rate_hz: int) -> None:
    sound = speech[:samples]
    source = blocks_of(PcmArray(sound), 7_777)
    parts = list(at_its_rate(source, lambda same: same, rate_hz=rate_hz, size=rate_hz))
    out = np.concatenate([np.zeros((0, 1), np.float32), *parts])
    assert out.shape == sound.shape
    if samples > 2:  # of less than that a filter keeps little
        assert float(np.std(out - sound)) < 1e-3 * float(np.std(sound))


def test_one_sample_that_is_no_number_spoils_nothing(speech: Pcm) -> None:
    broken, mended = speech.copy(), speech.copy()
    broken[70_000], mended[70_000] = np.inf, 0
    one, other = (
        joined(at_its_rate(in_blocks(sound), lambda same: same, rate_hz=44_100, size=44_100))
        for sound in (broken, mended)
    )
    np.testing.assert_array_equal(one, other)


# ---- what is not there, with the extra or without ----


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every socket fails; who wanted one is written down."""
    wanted: list[str] = []

    def refused(*args: Any, **named: Any) -> NoReturn:
        wanted.append(repr(args))
        raise OSError("no network here")

    class Refused(socket.socket):
        __init__ = refused

    monkeypatch.setattr(socket, "socket", Refused)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refused)
    yield wanted
    assert wanted == []


@pytest.mark.parametrize("name", ["htdemucs", "955717e8", "demucs_unittest", "htdemucs_ft"])
def test_a_model_that_is_not_in_the_folder_is_not_found_and_never_fetched(
    tmp_path: Path, name: str, no_network: list[str]
) -> None:
    (tmp_path / "other.yaml").write_text("models: ['abc']")
    with pytest.raises(NotFound) as caught:
        engine_of(f"demucs:{tmp_path}/{name}")
    assert caught.value.sentence() == f"The demucs model {name} in {tmp_path} was not found."
    assert caught.value.sentence("zh") == f"找不到 {tmp_path} 中的 demucs 模型 {name}。"


@pytest.mark.parametrize("name", ["/nowhere/at/all", "hf://adefossez/htdemucs", "htdemucs"])
def test_a_folder_that_is_not_there_is_not_found(name: str, no_network: list[str]) -> None:
    with pytest.raises(NotFound):
        engine_of(f"demucs:{name}")


def test_an_empty_folder_holds_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        load_demucs(tmp_path)
    assert caught.value.sentence() == f"A demucs model in {tmp_path} was not found."


def test_of_several_one_must_be_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("models: ['abc']")
    with pytest.raises(Usage, match=r"several models \(one, two\): write demucs:.*/NAME\.") as caught:
        load_demucs(tmp_path)
    assert "请写 demucs:" in caught.value.sentence("zh")


def test_without_the_extra_one_sentence_says_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some.yaml").write_text("models: ['abc']")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(Usage, match=r"pip install 'saycut\[demucs\]'\.$") as caught:
        engine_of(f"demucs:{tmp_path}")
    assert "pip install 'saycut[demucs]'" in caught.value.sentence("zh")


def test_torch_is_not_imported_unless_it_is_asked_for() -> None:
    told = "import sys, saycut.audio.separation as s; s.engine_of('rnnoise'); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, check=True).stdout == b"False\n"


# ---- with demucs ----


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks and three bags: one network alone; two, the second of which alone makes the voice; two
    of unequal say."""
    place = tmp_path_factory.mktemp("weights")
    kept(place, "aa11", tiny(1))
    kept(place, "bb22", tiny(2, half=True))
    bag(place, "one", ["aa11"])
    bag(place, "fine", ["aa11", "bb22"], weights=[[1, 1, 1, 0], [0, 0, 0, 1]])
    bag(place, "mean", ["aa11", "bb22"], weights=[[1, 1, 1, 3], [0, 0, 0, 1]], segment=44)
    return place


def through(place: Path, sound: Pcm, block: int = RATE_HZ) -> Pcm:
    parts = list(load_demucs(place)(blocks_of(PcmArray(sound), block)))
    return np.concatenate([np.zeros((0, 1), np.float32), *parts])


def as_demucs_does(place: Path, name: str, sound: Pcm) -> Pcm:
    """The voice by demucs' own loading and its own division of the whole."""
    import soxr
    import torch
    from demucs.apply import apply_model
    from demucs.pretrained import get_model

    low = soxr.resample(sound[:, 0], RATE_HZ, 44_100, quality="HQ")
    mix = torch.from_numpy(low / low.std()).expand(1, 2, -1)
    stems = apply_model(get_model(name, place), mix, shifts=0, overlap=0.25)
    return soxr.resample(stems[0, 3].mean(0).numpy() * low.std(), 44_100, RATE_HZ, quality="HQ")[:, None]


@needs_demucs
@pytest.mark.parametrize("name", ["aa11", "bb22", "one", "fine", "mean"])
def test_a_window_is_what_demucs_makes_of_it(
    folder: Path, speech: Pcm, name: str, no_network: list[str]
) -> None:
    short = speech[: round(0.9 * RATE_HZ)]
    wanted = as_demucs_does(folder, name, short)
    out = through(folder / name, short)
    assert out.shape == short.shape
    level = float(wanted.std())
    assert level > 1e-4  # there is something to compare
    assert float(np.std(out - wanted)) < 1e-3 * level


@needs_demucs
def test_windows_follow_each_other_as_in_demucs(folder: Path, speech: Pcm) -> None:
    """All but the last, which here ends with the sound. A window is scaled by its own loudness, not by that
    of the whole; a network makes up for nearly all of it."""
    wanted, out = as_demucs_does(folder, "one", speech), through(folder / "one", speech)
    until = round(2.9 * RATE_HZ)
    assert out.shape == speech.shape
    assert float(np.std((out - wanted)[:until])) < 0.02 * float(wanted.std())


@needs_demucs
@pytest.mark.parametrize("samples", [0, 1, 47_999, 100_003])
def test_exactly_as_long_as_the_input(folder: Path, speech: Pcm, samples: int) -> None:
    assert through(folder / "one", speech[:samples]).shape == (samples, 1)


@needs_demucs
def test_blocks_of_any_size_give_the_same(folder: Path, speech: Pcm) -> None:
    np.testing.assert_allclose(
        through(folder / "one", speech, 5_001), through(folder / "one", speech), atol=1e-6
    )


@needs_demucs
def test_silence_and_what_is_no_number_stay_silent(folder: Path) -> None:
    for value in (0.0, np.nan):
        assert not through(folder / "one", np.full((RATE_HZ, 1), value, np.float32)).any()


@needs_demucs
def test_denoise_works_with_it_and_no_socket_is_wanted(
    folder: Path, speech: Pcm, no_network: list[str]
) -> None:
    sound = np.repeat(speech[: 2 * RATE_HZ], 2, axis=1)
    blocks, report = denoise(PcmArray(sound), engine=f"demucs:{folder}/fine")
    out = joined(blocks)
    assert out.shape == sound.shape
    assert np.isfinite(out).all()
    assert report.engine == f"demucs:{folder}/fine"


@needs_demucs
def test_what_of_demucs_knows_addresses_is_not_even_imported(folder: Path) -> None:
    told = (
        "import sys, pathlib; from saycut.audio.demucs_engine import load_demucs;"
        f"load_demucs(pathlib.Path({str(folder / 'one')!r}));"
        "print(sorted({'demucs.pretrained', 'demucs.hf', 'huggingface_hub'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, check=True).stdout == b"[]\n"


@needs_demucs
def test_one_thread_and_no_gradients(folder: Path) -> None:
    import torch

    torch.set_num_threads(2)
    load_demucs(folder / "one")
    assert torch.get_num_threads() == 1


@needs_demucs
def test_files_that_hold_numbers_of_an_older_numpy_are_read(folder: Path, speech: Pcm) -> None:
    old = as_numpy_1_wrote(next(folder.glob("aa11-*.th")))
    short = speech[:RATE_HZ]
    np.testing.assert_array_equal(through(folder / old.stem, short), through(folder / "aa11", short))


class Trap:
    """Unpickled, it would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def refused(folder: Path) -> dict[str, Path]:
    """Models that cannot be run, by what the refusal must name."""
    whole = tiny(3)
    kept(folder, "text", whole).write_bytes(b"no weights at all")
    (folder / "plain.th").write_bytes(b"no weights at all")
    kept(folder, "trap", {**whole, "training_args": Trap(folder / "sprung")})
    kept(folder, "klass", {**whole, "klass": "HTDemucs"})
    kept(folder, "packed", {**whole, "state": {"__quantized": True}})
    kept(folder, "other", {**whole, "state": {}})
    kept(folder, "three", tiny(3, sources=["speech", "music", "effects"]))
    kept(folder, "low", tiny(3, samplerate=16_000))
    kept(folder, "brief", tiny(3, segment=0.5))
    kept(folder, "good", whole)
    bag(folder, "none", [])
    (folder / "broken.yaml").write_text("models: [")
    bag(folder, "uneven", ["good"], weights=[[1, 1, 1, 1], [1, 1, 1, 1]])
    bag(folder, "mute", ["good"], weights=[[1, 1, 1, 0]])
    said = {
        "text": "checksum",
        "plain": "cannot be loaded|other than weights",
        "trap": "other than weights",
        "klass": "names no network",
        "packed": "diffq",
        "other": "cannot be built",
        "three": "no source named vocals",
        "low": "44100, 48000 Hz",
        "brief": "less than a second",
        "none": "lists no models",
        "broken": "lists no models",
        "uneven": "more or fewer models",
        "mute": "make no voice",
    }
    return {reason: folder / name for name, reason in said.items()}


@needs_demucs
def test_wrong_models_are_refused_in_both_languages(tmp_path: Path) -> None:
    for said, place in refused(tmp_path).items():
        with pytest.raises(Impossible, match=said) as caught, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch on networks so small
            load_demucs(place)
        assert caught.value.exit_code == 3
        english, chinese = caught.value.sentence("en"), caught.value.sentence("zh")
        assert place.name in english and "\n" not in english
        assert "不是 Saycut 能运行的 demucs 模型：" in chinese
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.split("：", 1)[1])
    assert not (tmp_path / "sprung").exists()


@needs_demucs
def test_a_file_that_a_bag_names_is_not_found_when_it_is_not_there(
    tmp_path: Path, no_network: list[str]
) -> None:
    bag(tmp_path, "htdemucs", ["955717e8"])
    with pytest.raises(NotFound, match="955717e8"):
        load_demucs(tmp_path)
