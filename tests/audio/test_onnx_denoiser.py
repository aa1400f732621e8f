"""Models that a person brings: each kind fed as it wants to be, on time, and wrong ones refused plainly."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from saycut.audio.denoise import denoise
from saycut.audio.onnx_denoiser import load_denoiser
from saycut.errors import EngineFailed, Impossible, NotFound
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of
from tests.audio.signals import joined, tone
from tests.audio.voices import voice

Shape = Sequence[int | str]
FLOAT = TensorProto.FLOAT


def saved(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, Shape],
    outputs: dict[str, Shape],
    *,
    constants: dict[str, Any] | None = None,
    rate_hz: int | None = 48_000,
    kind: int = FLOAT,
) -> Path:
    """A model of a few nodes as a file."""
    graph = helper.make_graph(
        nodes,
        "denoiser",
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in outputs.items()],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in (constants or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if rate_hz is not None:
        helper.set_model_props(model, {"sample_rate": str(rate_hz)})
    onnx.save(model, str(path))
    return path


def gain_model(
    path: Path, gain: float, shape: Shape, rate_hz: int | None = 48_000, kind: int = FLOAT
) -> Path:
    """Multiplies what it hears; no state."""
    value = np.array(gain, helper.tensor_dtype_to_np_dtype(kind))
    return saved(
        path,
        [helper.make_node("Mul", ["x", "g"], ["y"])],
        {"x": shape},
        {"y": shape},
        constants={"g": value},
        rate_hz=rate_hz,
        kind=kind,
    )


def late_model(path: Path, frame: int, rate_hz: int) -> Path:
    """Gives each frame of [1, frame] back one frame late, by a state; and takes a switch of one number."""
    return saved(
        path,
        [
            helper.make_node("Add", ["state", "switch"], ["y"]),
            helper.make_node("Identity", ["x"], ["next"]),
        ],
        {"x": [1, frame], "state": [1, frame], "switch": [1]},
        {"y": [1, frame], "next": [1, frame]},
        rate_hz=rate_hz,
    )


def spectral_model(path: Path, gain: float, bins: int = 257, rate_hz: int | None = None) -> Path:
    """Multiplies one STFT frame after another and counts them in a state."""
    frame = [1, bins, 1, 2]
    return saved(
        path,
        [helper.make_node("Mul", ["x", "g"], ["y"]), helper.make_node("Add", ["count", "one"], ["counted"])],
        {"x": frame, "count": [1, 1]},
        {"y": frame, "counted": [1, 1]},
        constants={"g": np.float32(gain), "one": np.float32(1)},
        rate_hz=rate_hz,
    )


def through(model: Path, sound: Pcm, block_samples: int = RATE_HZ, rate_hz: int | None = None) -> Pcm:
    parts = list(load_denoiser(model, rate_hz=rate_hz)(blocks_of(PcmArray(sound), block_samples)))
    return np.concatenate([np.zeros((0, 1), np.float32), *parts])


@pytest.fixture(scope="module")
def speech() -> Pcm:
    return voice(9.6)[: 9 * RATE_HZ + 123]  # more than two windows of four seconds


@pytest.mark.parametrize("shape", [["n"], [1, "n"], [1, 1, "n"], ["b", "n"], [1, 4_800], [1, 512]])
def test_waveform_models_of_any_length_without_state(tmp_path: Path, speech: Pcm, shape: Shape) -> None:
    out = through(gain_model(tmp_path / "half.onnx", 0.5, shape), speech)
    np.testing.assert_allclose(out, speech / 2, atol=1e-6)


@pytest.mark.parametrize("frame", [480, 512])
def test_a_model_with_state_is_fed_in_order_and_its_delay_taken_out(
    tmp_path: Path, speech: Pcm, frame: int
) -> None:
    out = through(late_model(tmp_path / "late.onnx", frame, 48_000), speech)
    np.testing.assert_allclose(out, speech, atol=1e-6)


def test_a_late_model_of_a_lower_rate_is_on_time_too(tmp_path: Path, speech: Pcm) -> None:
    out = through(late_model(tmp_path / "late.onnx", 256, 16_000), speech)
    assert out.shape == speech.shape
    assert np.std(out - speech) < 0.01 * np.std(speech)


def test_spectral_models_of_257_bins_are_taken_for_16_khz(tmp_path: Path, speech: Pcm) -> None:
    out = through(spectral_model(tmp_path / "half.onnx", 0.5), speech)
    assert out.shape == speech.shape
    assert np.std(out - speech / 2) < 0.01 * np.std(speech)


def test_spectral_models_of_another_rate_say_so(tmp_path: Path, speech: Pcm) -> None:
    out = through(spectral_model(tmp_path / "half.onnx", 0.5, bins=481, rate_hz=48_000), speech)
    np.testing.assert_allclose(out, speech / 2, atol=1e-5)


def test_the_band_above_a_model_follows_the_gain_it_has_below(tmp_path: Path) -> None:
    both = tone(1_000.0, -12.0, 3.0, channels=1) + tone(15_000.0, -12.0, 3.0, channels=1)
    out = through(gain_model(tmp_path / "tenth.onnx", 0.1, ["n"], 16_000), both)
    middle = slice(RATE_HZ, 2 * RATE_HZ)
    spectrum = np.abs(np.fft.rfft(out[middle, 0])) / np.abs(np.fft.rfft(both[middle, 0])).max()
    assert spectrum[1_000] == pytest.approx(0.1, rel=0.02)
    assert spectrum[15_000] == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("samples", [0, 1, 479, 4_801, RATE_HZ, 5 * RATE_HZ + 7])
def test_exactly_as_long_as_the_input(tmp_path: Path, speech: Pcm, samples: int, rate_hz: int) -> None:
    model = gain_model(tmp_path / "same.onnx", 1.0, [1, 480], rate_hz)
    assert through(model, speech[:samples], 10_000).shape == (samples, 1)


@pytest.mark.parametrize("block", [777, 30_000, 200_000])
def test_blocks_of_any_size_give_the_same(tmp_path: Path, speech: Pcm, block: int) -> None:
    for model in (
        gain_model(tmp_path / "window.onnx", 0.5, ["n"]),
        late_model(tmp_path / "late.onnx", 256, 16_000),
    ):
        np.testing.assert_allclose(through(model, speech, block), through(model, speech), atol=1e-5)


def test_silence_stays_silence(tmp_path: Path) -> None:
    for model in (
        gain_model(tmp_path / "wave.onnx", 1.0, ["n"], 16_000),
        spectral_model(tmp_path / "frames.onnx", 1.0),
    ):
        assert not through(model, np.zeros((2 * RATE_HZ, 1), np.float32)).any()


def test_denoise_works_with_it(tmp_path: Path, speech: Pcm) -> None:
    model = gain_model(tmp_path / "same.onnx", 1.0, ["n"])
    hiss = np.random.default_rng(0).normal(0, 0.01, speech.shape).astype(np.float32)
    sound = (speech + hiss)[: 3 * RATE_HZ]
    blocks, report = denoise(PcmArray(sound), engine=f"onnx:{model}")
    assert np.std(joined(blocks) - sound) < 0.2 * np.std(sound)  # the model takes everything for speech
    assert report.engine == f"onnx:{model}"


# ---- refused ----


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_denoiser(tmp_path / "none.onnx")


def wrong_models(folder: Path) -> dict[str, Path]:
    """Models that cannot be run, by what the refusal must name."""
    (folder / "text.onnx").write_text("no model at all")
    (folder / "empty.onnx").write_bytes(b"")
    longer = [helper.make_node("Concat", ["x", "x"], ["y"], axis=0)]
    add = [helper.make_node("Mul", ["x", "g"], ["y"])]
    return {
        "cannot be loaded": folder / "text.onnx",
        "cannot be loaded|first input|shape": folder / "empty.onnx",
        "sample_rate": gain_model(folder / "rate.onnx", 1.0, ["n"], None),
        "48000": gain_model(folder / "cd.onnx", 1.0, ["n"], 44_100),
        "not float32": gain_model(folder / "double.onnx", 1.0, ["n"], kind=TensorProto.DOUBLE),
        r"shape \[1, 2, 0\]": gain_model(folder / "stereo.onnx", 1.0, [1, 2, "n"]),
        "keeps no state": gain_model(folder / "frame.onnx", 1.0, [1, 257, 1, 2], 16_000),
        "made 96000 values of 48000": saved(folder / "long.onnx", longer, {"x": ["n"]}, {"y": ["m"]}),
        "nothing is known to feed its input g": saved(
            folder / "extra.onnx", add, {"x": ["n"], "g": ["n"]}, {"y": ["n"]}
        ),
    }


@pytest.mark.parametrize("number", range(9))
def test_wrong_models_are_refused_in_both_languages(tmp_path: Path, number: int) -> None:
    said, model = list(wrong_models(tmp_path).items())[number]
    with pytest.raises(Impossible, match=said) as caught:
        load_denoiser(model)
    assert caught.value.exit_code == 3
    english, chinese = caught.value.sentence("en"), caught.value.sentence("zh")
    assert model.name in english and "\n" not in english
    assert chinese.startswith(f"{model.name} 不是 Saycut 能运行的降噪模型：")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.split("：", 1)[1])


def test_a_rate_that_is_given_goes_before_the_one_in_the_file(tmp_path: Path, speech: Pcm) -> None:
    model = gain_model(tmp_path / "half.onnx", 0.5, ["n"], None)
    np.testing.assert_allclose(
        through(model, speech[:RATE_HZ], rate_hz=48_000), speech[:RATE_HZ] / 2, atol=1e-6
    )


def test_a_model_that_fails_on_the_way_is_an_engine_that_failed(tmp_path: Path) -> None:
    """It drops samples that are not zero, so that the trial on silence does not show it."""
    nodes = [
        helper.make_node("Equal", ["x", "zero"], ["silent"]),
        helper.make_node("Compress", ["x", "silent"], ["y"], axis=0),
    ]
    model = saved(
        tmp_path / "drops.onnx", nodes, {"x": ["n"]}, {"y": ["m"]}, constants={"zero": np.float32(0)}
    )
    with pytest.raises(EngineFailed, match=r"drops\.onnx made"):
        through(model, np.ones((RATE_HZ, 1), np.float32))


def test_values_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    model = saved(tmp_path / "log.onnx", [helper.make_node("Log", ["x"], ["y"])], {"x": ["n"]}, {"y": ["n"]})
    assert np.isfinite(through(model, tone(440.0, -6.0, 1.0, channels=1))).all()
