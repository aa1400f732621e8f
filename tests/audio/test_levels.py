from pathlib import Path

import numpy as np
import pytest

from saycut.audio.levels import (
    MAX_GAIN_DB,
    MAX_LIMITING_DB,
    MAX_ROUNDS,
    LevelSketch,
    Round,
    Setting,
    Target,
    Verdict,
    gain_for,
    next_step,
    reach,
    sketch,
)
from saycut.audio.limiter import limit
from saycut.audio.loudness import Level, measure
from saycut.pcm import Pcm
from tests.audio.signals import decoded, in_blocks, joined, talk, through_aac, tone
from tests.shared import shared_data

RATE = 48_000


def sketched(sound: Pcm) -> LevelSketch:
    return sketch(in_blocks(sound), RATE, sound.shape[1])


def limited(sound: Pcm, setting: Setting) -> Pcm:
    return joined(limit(in_blocks(sound), RATE, setting.ceiling_dbtp, setting.gain_db))


def measured(sound: Pcm) -> Level:
    return measure(in_blocks(sound), RATE, sound.shape[1])


class Encoder:
    """An encoder that loses `lost_lu` and raises peaks by `overshoot_db`, over the real limiter."""

    def __init__(self, sound: Pcm, lost_lu: float, overshoot_db: float) -> None:
        self.sound, self.lost_lu, self.overshoot_db = sound, lost_lu, overshoot_db
        self.settings: list[Setting] = []

    def __call__(self, setting: Setting) -> Level:
        self.settings.append(setting)
        level = measured(limited(self.sound, setting))
        assert level.integrated_lufs is not None
        return Level(
            integrated_lufs=level.integrated_lufs - self.lost_lu,
            true_peak_dbtp=level.true_peak_dbtp + self.overshoot_db,
            range_lu=level.range_lu,
            sample_peak_dbfs=level.sample_peak_dbfs,
        )


def test_a_sketch_knows_the_level() -> None:
    sound = talk(12.0)
    level, expected = sketched(sound).level(), measured(sound)
    assert level.integrated_lufs == pytest.approx(expected.integrated_lufs, abs=1e-4)
    assert level.range_lu == pytest.approx(expected.range_lu, abs=1e-3)
    assert level.true_peak_dbtp == expected.true_peak_dbtp
    assert level.sample_peak_dbfs == expected.sample_peak_dbfs


def test_loudness_after_limiting_is_foreseen() -> None:
    sound = talk(65.0)  # more than the stretch that is computed at a time
    memory = sketched(sound)
    for gain_db in (-6.0, 3.0, 12.0):  # 12 dB: reduced by up to 11 dB
        setting = Setting(gain_db, -1.0)
        expected = measured(limited(sound, setting)).integrated_lufs
        assert memory.foresee(setting).integrated_lufs == pytest.approx(expected, abs=0.05)


def test_gain_without_limiter_stops_at_the_ceiling() -> None:
    level = Level(integrated_lufs=-24.0, true_peak_dbtp=-6.0, range_lu=5.0, sample_peak_dbfs=-6.1)
    assert gain_for(level, -23.0, -1.0) == pytest.approx(1.0)
    assert gain_for(level, -14.0, -1.0) == pytest.approx(5.0)
    assert gain_for(Level(None, -120.0, None, -120.0), -14.0, -1.0) is None


def test_the_first_setting_is_right_when_the_encoder_is_transparent() -> None:
    sound = talk(20.0)
    encoder = Encoder(sound, lost_lu=0.0, overshoot_db=0.0)
    verdict, rounds = reach(Target(lufs=-16.0), sketched(sound), encoder)
    assert verdict == Verdict(reached=True, best=0, reason=None)
    assert rounds[0].level.integrated_lufs == pytest.approx(-16.0, abs=0.15)
    plain_gain_db = -16.0 - (measured(sound).integrated_lufs or 0.0)
    assert encoder.settings[0].gain_db > plain_gain_db + 0.05  # what the limiter takes is added


@pytest.mark.parametrize(("lost_lu", "overshoot_db"), [(0.5, 0.0), (0.0, 1.5), (0.8, 1.0), (-0.5, 2.0)])
def test_what_the_encoder_does_is_put_right_in_the_next_round(lost_lu: float, overshoot_db: float) -> None:
    sound = talk(20.0)
    verdict, rounds = reach(Target(), sketched(sound), Encoder(sound, lost_lu, overshoot_db))
    assert verdict.reached
    assert verdict.best == 1
    assert rounds[1].level.integrated_lufs == pytest.approx(-14.0, abs=0.2)
    assert rounds[1].level.true_peak_dbtp <= -1.0


def test_silence_is_left_alone_and_said() -> None:
    step = next_step(Target(), sketched(np.zeros((RATE, 2), np.float32)), [])
    assert isinstance(step, Verdict)
    assert (step.reached, step.best) == (False, None)
    assert step.reason is not None
    assert "silent" in step.reason.en and "静音" in step.reason.zh


def test_peaks_far_above_the_rest_are_not_crushed_and_it_is_said() -> None:
    sound = tone(300.0, -45.0, 10.0)
    sound[:: RATE // 20] += 0.9  # a click every 50 ms
    memory = sketched(sound)
    verdict, rounds = reach(Target(lufs=-9.0), memory, Encoder(sound, 0.0, 0.0))
    assert not verdict.reached
    assert verdict.reason is not None
    assert "crush" in verdict.reason.en and "-9 LUFS" in verdict.reason.en
    assert len(rounds) == 1  # a second attempt would have been the same
    assert memory.foresee(rounds[0].setting).limiting_db == pytest.approx(MAX_LIMITING_DB, abs=0.05)
    assert rounds[0].level.true_peak_dbtp <= -1.0


def test_one_click_does_not_keep_a_quiet_sound_quiet() -> None:
    sound = tone(300.0, -40.0, 3.0)
    sound[RATE] = 0.9
    verdict, rounds = reach(Target(), sketched(sound), Encoder(sound, 0.0, 0.0))
    assert verdict.reached
    assert rounds[0].setting.gain_db > 20.0


def test_a_whisper_of_noise_is_not_raised_without_limit() -> None:
    sound = tone(1000.0, -68.0, 5.0)
    verdict, rounds = reach(Target(), sketched(sound), Encoder(sound, 0.0, 0.0))
    assert not verdict.reached
    assert rounds[0].setting.gain_db == MAX_GAIN_DB
    assert verdict.reason is not None
    assert "quiet" in verdict.reason.en


def test_an_encoder_that_cannot_be_tamed_ends_after_four_rounds_with_the_truth() -> None:
    sound = talk(10.0)
    overshoots = iter([0.5, 2.0, 4.0, 8.0, 16.0])

    def encode(setting: Setting) -> Level:
        return Encoder(sound, 0.0, next(overshoots))(setting)

    verdict, rounds = reach(Target(), sketched(sound), encode)
    assert len(rounds) == MAX_ROUNDS
    assert not verdict.reached
    assert verdict.best == 0  # the least far above the ceiling
    assert verdict.reason is not None
    assert "dBTP" in verdict.reason.en


def test_among_the_attempts_one_under_the_ceiling_is_preferred() -> None:
    memory = sketched(talk(5.0))

    def attempt(lufs: float, dbtp: float) -> Round:
        return Round(Setting(0.0, -1.0), Level(lufs, dbtp, 5.0, dbtp))

    attempts = [attempt(-14.0, -0.9), attempt(-15.0, -1.2), attempt(-16.0, -1.4), attempt(-13.0, 0.5)]
    step = next_step(Target(), memory, attempts)
    assert isinstance(step, Verdict)
    assert (step.reached, step.best) == (False, 1)


def test_a_step_depends_on_nothing_but_its_arguments() -> None:
    memory = sketched(talk(5.0))
    first = next_step(Target(), memory, [])
    assert isinstance(first, Setting)
    rounds = [Round(first, Level(-15.0, -0.4, 5.0, -0.6))]
    assert next_step(Target(), memory, rounds) == next_step(Target(), memory, rounds)
    assert next_step(Target(), memory, []) == first


@pytest.mark.parametrize(
    ("name", "target", "bitrate", "most_rounds"),
    [
        ("media/speech_60s.wav", Target(), "192k", 1),
        ("media/librivox_sonnet.mp3", Target(), "192k", 1),
        ("media/talk_143s.mp3", Target(), "96k", 3),
        ("media/film_dialogue_1940.mp4", Target(lufs=-16.0), "128k", 2),
    ],
)
def test_real_sound_measures_right_after_aac(
    name: str, target: Target, bitrate: str, most_rounds: int, tmp_path: Path
) -> None:
    sound = decoded(shared_data(name))[: 40 * RATE]

    def encode(setting: Setting) -> Level:
        return measured(through_aac(limited(sound, setting), tmp_path, bitrate))

    verdict, rounds = reach(target, sketched(sound), encode)
    assert verdict.reached and verdict.best is not None
    assert len(rounds) <= most_rounds
    level = rounds[verdict.best].level
    assert level.integrated_lufs == pytest.approx(target.lufs, abs=0.2)
    assert level.true_peak_dbtp <= target.ceiling_dbtp
