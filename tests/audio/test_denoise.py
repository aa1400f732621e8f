"""Noise reduction as a whole: what goes, what stays, and that it holds back where a recording is clean."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d

from saycut.audio import rnnoise
from saycut.audio.denoise import DenoiseReport, Kind, Strength, denoise
from saycut.audio.engines import EMBEDDED, RNNOISE, USUAL
from saycut.errors import Cancelled, Internal, NotFound, SaycutError, Usage
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmArray
from saycut.watch import Watch
from tests.audio.signals import joined, tone
from tests.audio.takes import decoded
from tests.audio.voices import spoken, voice
from tests.shared import shared_data

KINDS: tuple[Kind, Kind] = ("wind", "noise")
SECONDS = 7.2  # three times somebody speaks and stops


def hiss(dbfs: float, seconds: float = SECONDS, channels: int = 1) -> Pcm:
    rng = np.random.default_rng(5)
    return rng.normal(0, 10 ** (dbfs / 20), (round(seconds * RATE_HZ), channels)).astype(np.float32)


def cleaned(sound: Pcm, strength: Strength = "medium", kind: Kind = "noise") -> tuple[Pcm, DenoiseReport]:
    blocks, report = denoise(PcmArray(sound), strength=strength, kind=kind)
    return joined(blocks), report


def level_db(sound: Pcm) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def inside(samples: int, wanted: bool, guard_s: float = 0.25) -> NDArray[np.bool_]:
    """Where the voice speaks, or does not, for certain."""
    return np.asarray(minimum_filter1d(spoken(samples) == wanted, 2 * round(guard_s * RATE_HZ) + 1))


@pytest.fixture(scope="module")
def noisy() -> tuple[Pcm, Pcm]:
    """The voice, and the voice with hiss 12 dB below it."""
    clean = voice(SECONDS)
    return clean, clean + hiss(-36.0)


@pytest.fixture(scope="module")
def medium(noisy: tuple[Pcm, Pcm]) -> tuple[Pcm, DenoiseReport]:
    return cleaned(noisy[1])


def test_noise_goes_and_the_voice_stays(noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]) -> None:
    clean, mix = noisy
    out, _ = medium
    assert out.shape == mix.shape and out.dtype == np.float32
    pauses, speech = inside(len(mix), False), inside(len(mix), True)
    assert level_db(out[pauses]) - level_db(mix[pauses]) < -20
    assert level_db(out[speech]) - level_db(clean[speech]) == pytest.approx(0.0, abs=0.5)
    assert level_db((out - clean)[speech]) < level_db((mix - clean)[speech]) - 6


def test_the_voice_keeps_its_place_and_polarity(
    noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]
) -> None:
    clean, out = noisy[0][:, 0], medium[0][:, 0]
    match = [float(clean[2_000:-2_000] @ np.roll(out, -lag)[2_000:-2_000]) for lag in range(-1_000, 1_001)]
    assert int(np.argmax(match)) - 1_000 == 0
    assert max(match) > 0.95 * float(clean @ clean)


def test_the_report_says_what_was_measured(noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]) -> None:
    mix = noisy[1]
    out, report = medium
    pauses = inside(len(mix), False)
    assert report.engine == USUAL
    assert report.noise_floor_before_dbfs == pytest.approx(level_db(mix[pauses]), abs=1.5)
    assert report.noise_floor_after_dbfs == pytest.approx(level_db(out[pauses]), abs=4)
    assert report.mean_attenuation_db == pytest.approx(level_db(mix) - level_db(out), abs=0.3)
    # 12 dB over hiss up to 24 kHz are 17 up to 8 kHz
    assert report.input_snr_db == pytest.approx(17, abs=2.5)
    assert not report.backed_off and report.hum_hz is None and report.clicks == 0


def test_light_leaves_more_than_medium_and_medium_more_than_strong(
    noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]
) -> None:
    pauses = inside(len(noisy[1]), False)
    light_db, medium_db, strong_db = (
        level_db(out[pauses]) - level_db(noisy[1][pauses])
        for out in (cleaned(noisy[1], "light")[0], medium[0], cleaned(noisy[1], "strong")[0])
    )
    assert light_db == pytest.approx(-10.5, abs=1)  # a gain of 0.3
    assert medium_db == pytest.approx(-26, abs=1.5)  # of 0.05
    assert strong_db < medium_db - 5


def clean_engine(clean: Pcm) -> Callable[[Blocks], Blocks]:
    """An engine that knows the voice."""

    def engine(blocks: Blocks) -> Blocks:
        at = 0
        for block in blocks:
            yield clean[at : at + len(block)]
            at += len(block)

    return engine


@pytest.mark.parametrize(
    ("snr_db", "least_db", "most_db"), [(5, -30, -20), (25, -30, -20), (40, -10, -5), (75, -0.1, 0.1)]
)
def test_pauses_hold_back_only_where_the_noise_is_next_to_nothing(
    snr_db: int, least_db: float, most_db: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = voice(SECONDS)
    mix = clean + hiss(-24.0 - snr_db)
    monkeypatch.setattr(rnnoise, "suppressed", clean_engine(clean))
    out, report = cleaned(mix)
    pauses = inside(len(mix), False)
    assert least_db <= level_db(out[pauses]) - level_db(mix[pauses]) <= most_db
    assert report.backed_off == (snr_db > 14)


def test_words_are_left_alone_in_a_clean_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the engine would take a quarter of them away."""
    clean = voice(SECONDS)
    mix = clean + hiss(-24.0 - 40)
    monkeypatch.setattr(rnnoise, "suppressed", clean_engine(clean * np.float32(0.75)))
    out, _ = cleaned(mix)
    speech = inside(len(mix), True)
    assert level_db((out - mix)[speech]) - level_db(mix[speech]) < -40


def test_real_speech_from_a_studio_is_hardly_touched() -> None:
    speech = decoded(shared_data("media/jfk.wav"))[: 8 * RATE_HZ]
    out, _ = cleaned(speech)
    assert level_db(out - speech) - level_db(speech) < -20


def test_silence_stays_silence() -> None:
    out, report = cleaned(np.zeros((2 * RATE_HZ + 77, 2), np.float32))
    assert out.shape == (2 * RATE_HZ + 77, 2)
    assert not out.any()
    assert report.input_snr_db is None and report.mean_attenuation_db == 0.0


def test_silence_before_and_after_stays_silence(noisy: tuple[Pcm, Pcm]) -> None:
    rest = np.zeros((RATE_HZ, 1), np.float32)
    out, _ = cleaned(np.concatenate((rest, noisy[1][: 2 * RATE_HZ], rest)))
    window = 2_048
    assert not out[: RATE_HZ - window].any() and not out[3 * RATE_HZ + window :].any()


@pytest.mark.parametrize("samples", [0, 1, 479, 511, 2_049, RATE_HZ - 1, RATE_HZ + 1, 4 * RATE_HZ + 960])
def test_exactly_as_long_as_the_input(samples: int) -> None:
    blocks, _ = denoise(PcmArray(hiss(-40.0, 5.0, 2)[:samples]))
    assert sum(len(block) for block in blocks) == samples


def test_the_stereo_image_is_kept() -> None:
    """The voice 6 dB to the left, 40 samples late on the right, and hiss of its own on either side."""
    mono = voice(3.6)
    clean = np.column_stack((mono, np.float32(0.5) * np.roll(mono, 40)))
    out, _ = cleaned(clean + hiss(-50.0, 3.6, 2))
    speech = inside(len(mono), True)
    assert level_db(out[speech, :1]) - level_db(out[speech, 1:]) == pytest.approx(6.02, abs=0.15)
    lags = [float(out[5_000:-5_000, 0] @ np.roll(out[:, 1], -lag)[5_000:-5_000]) for lag in range(80)]
    assert int(np.argmax(lags)) == 40


def test_mono_in_two_channels_stays_mono(noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]) -> None:
    out, _ = cleaned(np.repeat(noisy[1], 2, axis=1))
    np.testing.assert_array_equal(out[:, 0], out[:, 1])
    np.testing.assert_allclose(out[:, :1], medium[0], atol=1e-6)


def test_opposite_sides_are_heard(noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]) -> None:
    out, _ = cleaned(noisy[1] * np.array([1, -1], np.float32))
    np.testing.assert_allclose(out[:, :1], medium[0], atol=1e-5)
    np.testing.assert_array_equal(out[:, 0], -out[:, 1])


class Endless:
    """Two minutes of noise, made where they are read; remembers how far that was."""

    rate_hz, channels, samples = RATE_HZ, 2, 120 * RATE_HZ

    def __init__(self) -> None:
        self.read_to = 0

    def read(self, start: int, count: int) -> Pcm:
        self.read_to = max(self.read_to, start + count)
        return np.random.default_rng(start).normal(0, 0.01, (count, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("engine", "held_s", "kind"), [(RNNOISE, 8, "click"), (RNNOISE, 8, "noise"), (EMBEDDED, 28, "noise")]
)
def test_no_more_than_some_seconds_are_held(kind: Kind, engine: str, held_s: int) -> None:
    """Our own network hears ten seconds at a time, and the next ten before it lets them go."""
    reader = Endless()
    blocks, _ = denoise(reader, kind=kind, engine=engine)
    assert reader.read_to == 0
    given = 0
    for block in blocks:
        given += len(block)
        assert reader.read_to - given < held_s * RATE_HZ
        if given > 45 * RATE_HZ:
            return
    pytest.fail("the sound ended early")


def test_hum_is_notched_and_named(noisy: tuple[Pcm, Pcm]) -> None:
    hum = sum(tone(50.0 * order, -30.0 - 3 * order, SECONDS, channels=1) for order in range(1, 7))
    out, report = cleaned(noisy[0] + hum + hiss(-60.0), kind="hum")
    plain, other = cleaned(noisy[0] + hum + hiss(-60.0))
    assert report.hum_hz == pytest.approx(50.0, abs=0.1)
    assert other.hum_hz is None
    late = slice(2 * RATE_HZ, None)  # a notch takes a second to settle
    wave = np.exp(-2j * np.pi * 50.0 * np.arange(len(out[late])) / RATE_HZ) * np.hanning(len(out[late]))
    assert abs(wave @ out[late, 0]) < 0.1 * abs(wave @ plain[late, 0])


def test_clicks_are_counted_and_redrawn(noisy: tuple[Pcm, Pcm]) -> None:
    sound = noisy[0] + hiss(-55.0)
    places = [20_000, 95_000, 150_000, 330_000]
    clicked = sound.copy()
    clicked[places] += 0.5
    out, report = cleaned(clicked, kind="click")
    plain, _ = cleaned(sound)
    assert report.clicks == len(places)
    assert np.abs(out - plain)[places].max() < 0.05
    assert np.abs(cleaned(clicked)[0] - plain)[places].max() > 0.05


def test_wind_takes_the_rumble_and_nothing_else(noisy: tuple[Pcm, Pcm]) -> None:
    sound = noisy[1] + tone(45.0, -20.0, SECONDS, channels=1)
    middle = slice(RATE_HZ, -RATE_HZ)
    taper = np.hanning(len(sound[middle]))
    wind, plain = (np.abs(np.fft.rfft(cleaned(sound, kind=kind)[0][middle, 0] * taper)) for kind in KINDS)
    before = np.abs(np.fft.rfft(sound[middle, 0] * taper))
    hz = np.fft.rfftfreq(len(taper), 1 / RATE_HZ)
    below, above = (hz > 40) & (hz < 50), hz > 140
    assert wind[below].max() < 1e-3 * before[below].max()
    assert np.linalg.norm((wind - plain)[above]) < 1e-3 * np.linalg.norm(plain[above])


def test_what_is_no_number_is_nothing(noisy: tuple[Pcm, Pcm], medium: tuple[Pcm, DenoiseReport]) -> None:
    broken = noisy[1].copy()
    broken[1_000, 0], broken[90_000, 0] = np.nan, np.inf
    out, _ = cleaned(broken)
    assert np.isfinite(out).all()
    late = slice(5 * RATE_HZ, None)
    assert level_db(out[late] - medium[0][late]) < level_db(medium[0][late]) - 30


def test_progress_reaches_the_end_and_a_stop_is_heard_within_a_second() -> None:
    told: list[tuple[str, float]] = []
    blocks, _ = denoise(
        PcmArray(hiss(-40.0, 2.5)), watch=Watch(lambda stage, share: told.append((stage, share)))
    )
    joined(blocks)
    assert {stage for stage, _ in told} == {"denoise"}
    assert [share for _, share in told] == pytest.approx([0.0, 0.4, 0.8, 1.0])
    watch = Watch()
    blocks, _ = denoise(PcmArray(hiss(-40.0, 2.5)), watch=watch)
    watch.cancel()
    with pytest.raises(Cancelled):
        next(blocks)


@pytest.mark.parametrize(
    ("engine", "rate_hz", "error"),
    [
        ("rnnoise", 44_100, Internal),
        ("magic", RATE_HZ, Usage),
        ("onnx:/no/such/model.onnx", RATE_HZ, NotFound),
    ],
)
def test_what_cannot_be_done_is_refused(engine: str, rate_hz: int, error: type[SaycutError]) -> None:
    with pytest.raises(error):
        denoise(PcmArray(hiss(-40.0, 1.0), rate_hz), engine=engine)
