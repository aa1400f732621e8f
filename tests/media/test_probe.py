"""Every fact of a probe against what the factory knows to be true, and against real files."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from av.container import InputContainer

from saycut.errors import Cancelled, LimitExceeded, SaycutError, Unreadable
from saycut.media.child import probe as program
from saycut.media.child.opening import open_media
from saycut.media.info import MediaInfo, info_from_json, info_to_json
from saycut.media.probe import probe
from saycut.watch import Watch
from tests.factory import CLIPS, Clip, Picture, Sound, make
from tests.factory.clips import STILLS
from tests.media.material import made, real

PRIMING_S = Fraction(1024, 44_100)  # what AAC adds where the container has no way to hide it

WITH_PICTURE = [name for name, clip in CLIPS.items() if clip.picture is not None]


@pytest.mark.parametrize("name", WITH_PICTURE)
def test_pictures(name: str) -> None:
    clip, info = CLIPS[name], made(name).info
    picture, video = clip.picture, info.video
    assert picture is not None
    assert video is not None
    assert info.kind == "video"
    assert video.frame_count == len(clip.indices)
    assert video.hidden_frames == picture.hidden
    assert abs(video.duration_s - clip.duration_s) <= 2 * clip.tick_s
    assert video.is_vfr == (picture.ticks is not None)
    if picture.ticks is None:
        assert video.frame_rate == picture.rate
    assert video.rotation == picture.rotation
    turned = picture.rotation in (90, 270)
    stored = (picture.height, picture.width) if turned else (picture.width, picture.height)
    assert (video.width, video.height) == stored
    assert (video.display_width, video.display_height) == (picture.width, picture.height)
    assert video.is_hdr == picture.hdr
    assert video.bit_depth == (10 if "10" in picture.pix_fmt else 8)
    assert video.is_interlaced == picture.interlaced
    assert info.zero_pts_s == video.first_pts_s
    assert (video.color_range == "pc") == picture.full_range


@pytest.mark.parametrize("name", WITH_PICTURE)
def test_opening_without_decoding_pictures_tells_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = {"path": str(made(name).path), "demuxer": made(name).info.demuxer}
    program.main(request)
    told = capsys.readouterr().out

    def with_pictures(path: str, demuxer: str, **_: bool) -> InputContainer:
        return open_media(path, demuxer)

    monkeypatch.setattr(program, "open_media", with_pictures)
    program.main(request)
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("name", [name for name, clip in CLIPS.items() if clip.sounds])
def test_sounds(name: str) -> None:
    clip, info = CLIPS[name], made(name).info
    assert len(info.audios) == len(clip.sounds)
    for place, (track, sound) in enumerate(zip(info.audios, clip.sounds, strict=True)):
        assert (track.sample_rate_hz, track.channels) == (sound.rate_hz, sound.channels)
        early_s = sound.start_s - track.start_s
        assert -clip.tick_s <= early_s <= PRIMING_S
        ends_s = track.start_s + track.duration_s - clip.sound_end_s(place)
        assert -clip.tick_s <= ends_s <= Fraction(1024, sound.rate_hz) + clip.lag_s


@pytest.mark.parametrize("name", STILLS)
def test_images_are_measured_as_shown(name: str) -> None:
    still, info = STILLS[name], made(name).info
    assert info.kind == "image"
    assert info.image is not None
    assert (info.image.width, info.image.height) == (still.width, still.height)
    assert (info.image.frame_count, info.image.is_animated) == (still.frames, still.frames > 1)
    assert info.image.duration_s == (Fraction(still.frames, 10) if still.frames > 1 else 0)
    assert info.image.has_alpha == still.transparent


def test_the_larger_of_two_default_pictures_and_the_first_of_two_equal_sounds() -> None:
    info = real("nasa_two_video_two_audio.mp4").info
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.index, info.video.width, info.audio.index) == (3, 480, 4)
    assert [words.en for words in info.warnings] == [
        "2 video tracks: the one of 480×270 is used",
        "2 sound tracks: number 2 is used",
    ]
    two = made("two_sounds").info
    assert two.main_audio == 0  # stereo before mono


def test_covers_are_not_pictures() -> None:
    for name in ("covered", "m4a_cover", "mp3_cover"):
        info = made(name).info
        assert info.attached_picture
        assert len(info.videos) == (1 if name == "covered" else 0)
    assert not made("cfr30").info.attached_picture


def test_other_streams_are_counted() -> None:
    assert made("subtitled").info.subtitle_streams == 1
    assert made("timecoded").info.data_streams == 1
    assert made("cfr30").info.subtitle_streams == 0


def test_it_survives_json() -> None:
    for name in ("vfr", "surround", "png", "wav"):
        info = made(name).info
        assert info_from_json(info_to_json(info)) == info


def test_tags_are_few_and_short(tmp_path: Path) -> None:
    from saycut.media.copying import copy_all

    out = tmp_path / "titled.mp4"
    copy_all(made("cfr30"), out, title="t" * 5000)
    assert probe(out).tags == {"title": "t" * 200}


def test_a_cut_off_file_is_read_as_far_as_it_goes() -> None:
    whole, cut = real("film_dialogue_1940.mp4").info, real("truncated_half.mp4").info
    assert cut.is_cut_off
    assert "cut off" in cut.warnings[0].en
    assert whole.video is not None
    assert cut.video is not None
    assert 100 <= cut.video.frame_count < whole.video.frame_count
    assert not whole.is_cut_off


@pytest.mark.parametrize(
    ("name", "kept"),
    [("wav", 0.5), ("avi_mjpeg", 0.5), ("webm", 0.5), ("faststart", 0.7), ("mp3", 0.6), ("flac", 0.6)],
)
def test_cut_at_any_place_something_sensible_is_said(name: str, kept: float, tmp_path: Path) -> None:
    data = make(name).read_bytes()
    path = tmp_path / "cut.bin"
    path.write_bytes(data[: int(len(data) * kept)])
    whole = made(name).info
    cut = probe(path)
    assert 0.3 * whole.duration_s < cut.duration_s < 0.95 * whole.duration_s
    if name not in {"mp3", "flac"}:  # which cannot tell: nothing in them says how long they should be
        assert cut.is_cut_off


def test_cancelled_before_it_begins() -> None:
    watch = Watch()
    watch.cancel()
    with pytest.raises(Cancelled):
        probe(make("cfr30"), watch)


def test_pictures_that_cannot_be_decoded_are_refused(tmp_path: Path) -> None:
    spec = Clip(picture=Picture(frames=2), sounds=())
    data = bytearray(make(spec).read_bytes())
    begin = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4 if data.index(b"moov") > begin else len(data)
    data[begin:end] = bytes(end - begin)
    path = tmp_path / "blank.mp4"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="damaged"):
        probe(path)


def test_more_than_a_day_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    sound = Sound("pcm_s16le", rate_hz=8000, channels=1, length_s=Fraction(12), kind="silence")
    data = bytearray(make(Clip("wav", None, (sound,))).read_bytes())
    place = data.index(b"fmt ") + 8
    data[place + 4 : place + 8] = (1).to_bytes(4, "little")  # one sample a second
    path.write_bytes(data)
    with pytest.raises(LimitExceeded, match="longer than 24 hours"):
        probe(path)


# name: (what has to be true of a real file, from its manifest)
REAL: dict[str, Callable[[MediaInfo], bool]] = {
    "dog_rotated_270.mp4": lambda i: (i.video.rotation, i.video.display_width) == (270, 720),
    "portrait_4k60.mp4": lambda i: (i.video.rotation, i.video.display_height, i.video.frame_rate) == (90, 3840, 60),  # noqa: E501 - a table
    "hdr10_av1_portrait.mp4": lambda i: i.video.is_hdr and i.video.bit_depth == 10 and i.video.codec == "av1",
    "FLIR Thermal.mp4": lambda i: i.video.is_vfr and abs(i.audio.start_s - Fraction(188, 1000)) < 0.001,
    "été à la plage – iPhone.mov": lambda i: i.data_streams == 2 and i.video.rotation == 90,
    "bt601.mov": lambda i: abs(i.audio.start_s - Fraction(44, 1000)) < 0.001 and i.video.color_space == "smpte170m",  # noqa: E501 - a table
    "shorter_audio.mp4": lambda i: i.audio.duration_s < i.video.duration_s == Fraction(6, 5),
    "no_duration.webm": lambda i: 4.8 < i.duration_s < 5.1,
    "transparent.webm": lambda i: i.video.has_alpha,
    "surround51_960x540.webm": lambda i: i.audio.channels == 6,
    "pancake_kitchen.mkv": lambda i: abs(i.audio.start_s) < 0.001 and i.video.frame_count == 310,
    "explainer_voice.webm": lambda i: i.video.display_width == 427 and i.audio.language == "deu",
    "film_960x400.avi": lambda i: i.video.frame_rate == Fraction(24_000, 1001),
    "camera_2003.AVI": lambda i: i.video.frame_count == 41 and i.video.color_range == "pc",
    "chapters.mkv": lambda i: i.chapters == 2,
    "bear_id3_cover_chapters.mp3": lambda i: i.attached_picture and i.tags["title"] == "Test title",
    "audiobook.aac": lambda i: 8.9 < i.duration_s < 9.1,
    "guitar.mp3": lambda i: i.duration_s * 44_100 == 875 * 1152 - 1105 - 47,
    "Animation Lossy.webp": lambda i: i.image.frame_count == 101 and i.image.has_alpha,
    "hopper_orientation_6.webp": lambda i: i.kind == "image",
    "Samsung GT-I9000 (Galaxy S).jpg": lambda i: (i.image.width, i.image.height) == (480, 640),
    "iss_animated.gif": lambda i: i.image.is_animated and i.image.duration_s == Fraction(283, 100),
    "odd_853x479_yuv444.mp4": lambda i: (i.video.display_width, i.video.pix_fmt) == (853, "yuv444p"),
    "cover_art_stream.mp4": lambda i: i.attached_picture and len(i.videos) == 1,
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str) -> None:
    assert REAL[name](real(name).info)


def test_all_real_files_are_read_or_refused_in_a_sentence() -> None:
    from tests.shared import shared_data

    folder = shared_data("media")
    refused = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.suffix in (".md", ".csv"):
            continue
        try:
            real(path.name)
        except SaycutError as error:
            refused.append((path.name, str(error)))
    assert [name for name, _ in refused] == ["header_only.mp4"]
    assert "no index" in refused[0][1]
