"""The mixed sound of a timeline: splits, speed, reverse, transitions, fades."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.audio.tempo import stretched
from saycut.operations.add_music import AddMusic
from saycut.operations.clips import renumbered
from saycut.operations.mute import Mute
from saycut.pcm import RATE_HZ, Pcm, PcmArray, PcmReader
from saycut.render.bank import SoundBank
from saycut.render.sound import mixed
from saycut.timeline.backwards import turned_round
from saycut.timeline.project import Asset, Blend, Cleanup, Fades, Project, Segment, Track
from saycut.timeline.ripple import at_speed, without
from saycut.timeline.spans import Spans
from saycut.timeline.value import but
from saycut.watch import Watch
from tests.factory.sound import locate_sound, time_code
from tests.projects import GivenFacts, project, video

FPS = Fraction(30_000, 1001)


class HeldSounds(SoundBank):
    """A bank whose sounds are arrays: the time code of another source for every asset."""

    def __init__(self, folder: Path, **sources: int) -> None:
        super().__init__({}, folder, Watch())
        self._codes = {name: time_code(0, 10, channels=2, source=n) for name, n in sources.items()}

    def sound(
        self, project: Project, asset: Asset, cleanups: tuple[Cleanup, ...], drift_ppm: float
    ) -> PcmReader:
        return PcmArray(self._codes[asset.id])

    def spoken_regions(self, asset: Asset) -> Spans:
        return ()


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[HeldSounds]:
    held = HeldSounds(tmp_path, clip=0, other=1)
    yield held
    held.close()


def heard(project_: Project, bank: SoundBank, tmp_path: Path) -> Pcm:
    with mixed(project_, bank, tmp_path, Watch()) as sound:
        return sound.read(0, sound.samples)


def one(seconds: Fraction | int = 10) -> Project:
    return project(but(video("clip", seconds), frame_rate=FPS))


def two(overlap_s: int) -> Project:
    """Four seconds of each clip, the last `overlap_s` of the first going over into the second."""
    first, second = video("clip", 10), video("other", 10)
    slot_s = Fraction(overlap_s)
    cut = 4 - slot_s
    before = Segment(asset_id="clip", at_s=cut, start_s=cut, duration_s=slot_s)
    segments = (
        Segment(asset_id="clip", at_s=Fraction(0), start_s=Fraction(0), duration_s=cut),
        Segment(
            asset_id="other",
            at_s=cut,
            start_s=Fraction(0),
            duration_s=slot_s,
            clip=1,
            blend=Blend(kind="dissolve", before=before),
        ),
        Segment(asset_id="other", at_s=Fraction(4), start_s=slot_s, duration_s=4 - slot_s, clip=1),
    )
    return Project(assets=(first, second), tracks=(Track(id="main", role="main", segments=segments),))


def test_a_split_changes_no_sample(bank: HeldSounds, tmp_path: Path) -> None:
    whole = without(one(), [(Fraction(60) / FPS, Fraction(71) / FPS)])
    split = whole
    for number, frame in enumerate((7, 31, 59, 61, 100, 201), 1):
        split = renumbered(split, Fraction(frame) / FPS, whole.duration_s, number)
    assert len(split.tracks[0].segments) == 8
    assert np.array_equal(heard(split, bank, tmp_path), heard(whole, bank, tmp_path))


def test_backwards_is_the_same_samples_the_other_way_round(bank: HeldSounds, tmp_path: Path) -> None:
    forwards = heard(one(8), bank, tmp_path)
    backwards = heard(turned_round(one(8), Fraction(0), Fraction(8)), bank, tmp_path)
    fade = 300  # the source goes on before and behind it, so its ends have 5 ms fades
    assert np.array_equal(backwards[fade:-fade], forwards[::-1][fade:-fade])


def test_a_split_of_what_runs_backwards_or_fast_changes_no_sample(bank: HeldSounds, tmp_path: Path) -> None:
    for whole in (
        turned_round(one(), Fraction(0), Fraction(10)),
        at_speed(one(), Fraction(0), Fraction(10), Fraction(3, 2)),
        turned_round(at_speed(one(), Fraction(0), Fraction(10), Fraction(7, 5)), Fraction(0), Fraction(5)),
    ):
        split = renumbered(whole, Fraction(40) / FPS, Fraction(121) / FPS, 1)
        assert np.array_equal(heard(split, bank, tmp_path), heard(whole, bank, tmp_path))


@pytest.mark.parametrize("factor", [Fraction(2), Fraction(1, 2)])
def test_a_sped_range_is_in_step_and_what_follows_keeps_its_samples(
    factor: Fraction, bank: HeldSounds, tmp_path: Path
) -> None:
    fast = at_speed(project(video()), Fraction(2), Fraction(6), factor)
    pcm = heard(but(fast, assets=(but(video(), duration_s=Fraction(10)),)), bank, tmp_path)
    for at_s in (Fraction(5, 2), Fraction(3), Fraction(7, 2)):
        found, confidence = locate_sound(pcm, int(at_s * RATE_HZ) - 512, 1024, within_s=10)
        assert confidence > 0.5
        assert abs(found + 512 - (2 + (at_s - 2) * factor) * RATE_HZ) < 480
    after = 2 + 4 / factor + Fraction(1, 10)
    found, _ = locate_sound(pcm, int(after * RATE_HZ), within_s=10)
    assert found == pytest.approx(6.1 * RATE_HZ, abs=0.01)
    found, _ = locate_sound(pcm, RATE_HZ, within_s=10)
    assert found == pytest.approx(RATE_HZ, abs=0.01)


def test_only_the_stretch_that_is_needed_is_made(bank: HeldSounds, tmp_path: Path) -> None:
    fast = at_speed(one(), Fraction(30) / FPS, Fraction(60) / FPS, Fraction(2))
    heard(fast, bank, tmp_path)
    made = [sound.samples for sound in bank._kept.values()]
    assert made == [pytest.approx(30 / FPS / 2 * RATE_HZ + 2 * 4800, abs=2)]


def test_backwards_and_fast(bank: HeldSounds, tmp_path: Path) -> None:
    fast = at_speed(project(video("clip", 10)), Fraction(0), Fraction(10), Fraction(2))
    pcm = heard(turned_round(fast, Fraction(0), Fraction(5)), bank, tmp_path)
    sound = PcmArray(time_code(0, 10, channels=2))
    forwards = np.concatenate(list(stretched(sound, Fraction(2), 0, 5 * RATE_HZ)))
    assert len(pcm) == 5 * RATE_HZ
    assert np.allclose(pcm[300:-300], forwards[::-1][300:-300], atol=1e-6)


def test_two_sounds_go_over_into_each_other_at_an_even_power(bank: HeldSounds, tmp_path: Path) -> None:
    pcm = heard(two(2), bank, tmp_path)
    clip, other = (time_code(0, 10, channels=2, source=n) for n in (0, 1))
    slot = slice(2 * RATE_HZ, 4 * RATE_HZ)
    assert np.array_equal(pcm[: 2 * RATE_HZ], clip[: 2 * RATE_HZ])
    assert np.array_equal(pcm[4 * RATE_HZ : 6 * RATE_HZ - 300], other[2 * RATE_HZ : 4 * RATE_HZ - 300])
    angle = ((np.arange(2 * RATE_HZ) + 0.5) / (2 * RATE_HZ) * np.pi / 2)[:, None]
    wanted = clip[slot] * np.cos(angle) + other[: 2 * RATE_HZ] * np.sin(angle)
    # The outgoing sound ends with 5 ms of fade where next to nothing of it is left.
    assert np.allclose(pcm[slot], wanted, atol=3e-3)
    assert np.allclose(pcm[slot][300:-300], wanted[300:-300], atol=1e-6)


def test_a_silent_clip_goes_over_into_one_that_is_heard(bank: HeldSounds, tmp_path: Path) -> None:
    timeline = two(2)
    first, slot, last = timeline.tracks[0].segments
    assert slot.blend is not None
    quiet = but(slot, blend=but(slot.blend, before=but(slot.blend.before, audible=False)))
    track = but(timeline.tracks[0], segments=(but(first, audible=False), quiet, last))
    pcm = heard(timeline.with_track(track), bank, tmp_path)
    assert not pcm[: 2 * RATE_HZ].any()
    middle = 3 * RATE_HZ
    other = time_code(0, 10, channels=2, source=1)
    assert np.allclose(pcm[middle : middle + 10], other[RATE_HZ : RATE_HZ + 10] * np.sqrt(0.5), atol=1e-4)


def test_fades_of_a_clip_and_of_the_whole(bank: HeldSounds, tmp_path: Path) -> None:
    code = time_code(0, 10, channels=2)
    timeline = one()
    (segment,) = timeline.tracks[0].segments
    fades = Fades(sound_in_s=Fraction(1), sound_out_s=Fraction(2))
    clip = timeline.with_track(but(timeline.tracks[0], segments=(but(segment, fades=fades),)))
    for faded in (clip, but(timeline, fades=fades)):
        pcm = heard(faded, bank, tmp_path)
        assert np.allclose(pcm[RATE_HZ // 2 : RATE_HZ // 2 + 9], 0.5 * code[RATE_HZ // 2 :][:9], atol=1e-4)
        assert np.array_equal(pcm[RATE_HZ : 8 * RATE_HZ], code[RATE_HZ : 8 * RATE_HZ])
        assert np.allclose(pcm[9 * RATE_HZ :][:9], 0.5 * code[9 * RATE_HZ :][:9], atol=1e-4)
        assert np.abs(pcm[-5:]).max() < 1e-4


def test_composed_music_of_which_a_range_is_muted_plays_on_behind_it(tmp_path: Path) -> None:
    class Composing(HeldSounds):
        def bed(self, asset: Asset, duration_s: Fraction) -> PcmReader:
            return PcmArray(time_code(0, float(duration_s), channels=2, source=1))

    silent = project(but(video("clip", 10), has_sound=False))
    with_music = AddMusic(duck=False, fade_in=0, fade_out=0).apply(silent, GivenFacts(), "1").project
    muted = Mute(target="music", start=3, end=5).apply(with_music, GivenFacts(), "2").project
    assert len(muted.track("music-1").segments) == 3
    pcm = heard(muted, Composing(tmp_path, clip=0), tmp_path)
    assert not pcm[3 * RATE_HZ + 300 : 5 * RATE_HZ - 300].any()
    found, confidence = locate_sound(pcm, 7 * RATE_HZ, source=1, within_s=10)
    assert confidence > 0.9
    assert found == pytest.approx(7 * RATE_HZ, abs=0.01)


def with_bed(*gains_db: float) -> Project:
    """Ten seconds of voice with music under it, in as many equal parts as there are gains."""
    gains_db = gains_db or (0.0,)
    length_s = Fraction(10, len(gains_db))
    segments = tuple(
        Segment(asset_id="other", at_s=n * length_s, start_s=n * length_s, duration_s=length_s, gain_db=gain)
        for n, gain in enumerate(gains_db)
    )
    bed = Track(id="bed", role="music", segments=segments, under_voice_lu=18.0, duck_db=6.0)
    return one().with_asset(video("other", 10)).with_track(bed)


def test_music_under_a_voice_is_turned_down_by_just_what_was_asked(bank: HeldSounds, tmp_path: Path) -> None:
    def bed(*gains_db: float) -> Pcm:
        with mixed(with_bed(*gains_db), bank, tmp_path, Watch(), frozenset({"bed"})) as sound:
            return sound.read(0, sound.samples)

    usual, quieter, partly = bed(), bed(-12.0), bed(0.0, -12.0)
    down = 10 ** (-12 / 20)
    assert float(np.abs(quieter - usual * down).max()) < 1e-4
    middle, join = len(usual) // 2, 1000
    assert float(np.abs(partly - usual)[: middle - join].max()) < 1e-4
    assert float(np.abs(partly - usual * down)[middle + join :].max()) < 1e-4


def test_a_track_alone_is_heard_as_it_lies_in_the_mix(bank: HeldSounds, tmp_path: Path) -> None:
    whole = with_bed()
    parts = []
    for track_id in ("main", "bed"):
        with mixed(whole, bank, tmp_path, Watch(), frozenset({track_id})) as sound:
            parts.append(sound.read(0, sound.samples))
    together = heard(whole, bank, tmp_path)
    assert float(np.abs(together - parts[0] - parts[1]).max()) < 1e-4
    levels = [float(np.sqrt((part**2).mean())) for part in parts]
    assert levels[1] < levels[0] / 4  # the bed stays under a voice that is not heard
    with mixed(whole, bank, tmp_path, Watch(), frozenset()) as sound:
        assert not sound.read(0, sound.samples).any()
