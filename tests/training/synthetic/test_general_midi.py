"""Arrangements: a file that reads back, notes that fit the key, a sound when the player is installed."""

import shutil
from dataclasses import dataclass, field

import numpy as np
import pytest
from training.synthetic.arranging import arrangement
from training.synthetic.genres import GENRES, GROOVES, MODES
from training.synthetic.midi_file import DRUMS, TICKS, Part, midi_file

from training.synthetic import general_midi as gm


@dataclass
class ReadTrack:
    """What a track says: (start tick, ticks, channel, pitch, velocity), programs by channel, text events."""

    notes: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    programs: dict[int, int] = field(default_factory=dict)
    metas: dict[int, bytes] = field(default_factory=dict)
    end: int = 0


def read(content: bytes) -> tuple[int, list[ReadTrack]]:
    """The ticks of a quarter and the tracks; asserts that every byte has its place."""
    assert content[:8] == b"MThd\x00\x00\x00\x06"
    form, count, ticks = (int.from_bytes(content[i : i + 2], "big") for i in (8, 10, 12))
    assert form == 1
    at, tracks = 14, []
    while at < len(content):
        assert content[at : at + 4] == b"MTrk"
        length = int.from_bytes(content[at + 4 : at + 8], "big")
        tracks.append(_track(content[at + 8 : at + 8 + length]))
        at += 8 + length
    assert at == len(content) and len(tracks) == count
    return ticks, tracks


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def _track(data: bytes) -> ReadTrack:
    out, at, tick = ReadTrack(), 0, 0
    sounding: dict[tuple[int, int], list[tuple[int, int]]] = {}
    while at < len(data):
        step, at = _number(data, at)
        tick += step
        status, channel = data[at] & 0xF0, data[at] & 0x0F
        if data[at] == 0xFF:
            length, begin = _number(data, at + 2)
            out.metas[data[at + 1]] = data[begin : begin + length]
            at = begin + length
        elif status == 0xC0:
            out.programs[channel] = data[at + 1]
            at += 2
        else:
            assert status in {0x80, 0x90, 0xB0}, hex(status)
            assert data[at + 1] < 128 and data[at + 2] < 128
            if status == 0x90:
                sounding.setdefault((channel, data[at + 1]), []).append((tick, data[at + 2]))
            elif status == 0x80:
                start, velocity = sounding[channel, data[at + 1]].pop(0)
                out.notes.append((start, tick - start, channel, data[at + 1], velocity))
            at += 3
    assert not any(sounding.values()), "a note never ends"
    assert 0x2F in out.metas
    out.end = tick
    return out


def test_a_file_reads_back_as_it_was_written() -> None:
    part = Part(3, 73, "flute")
    part.note(0.0, 1.0, 60, 100)
    part.note(1.0, 0.5, 60, 90)  # the same key again, without a gap
    part.note(200.0, 2.0, 72, 200)  # far: a delay of three bytes; too loud: held within 127
    ticks, (head, flute) = read(midi_file([part], 90.0, (6, 8)))
    assert ticks == TICKS and flute.programs == {3: 73} and flute.metas[3] == b"flute"
    assert int.from_bytes(head.metas[0x51], "big") == round(60e6 / 90) and head.metas[0x58][:2] == b"\x06\x03"
    assert flute.notes == [
        (0, TICKS, 3, 60, 100), (TICKS, TICKS // 2, 3, 60, 90), (200 * TICKS, 2 * TICKS, 3, 72, 127)
    ]  # fmt: skip


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_an_arrangement_is_in_its_key_and_as_long_as_asked(genre: str) -> None:
    for seed in range(4):
        piece = arrangement(seed, 60.0, genre)
        _, (_, *tracks) = read(piece.content)
        pitched = [note for track in tracks for note in track.notes if note[2] != DRUMS]
        scale = {(piece.tonic + step) % 12 for step in MODES[piece.mode]}
        inside = [note[3] % 12 in scale for note in pitched]
        assert len(pitched) > 20
        assert np.mean(inside) > 0.9  # a walking bass and power chords leave it now and then
        last_s = max(note[0] for note in pitched) / TICKS * 60 / piece.tempo_bpm
        bar_s = piece.meter[0] * 4 / piece.meter[1] * 60 / piece.tempo_bpm
        assert 60 - bar_s - 0.5 < last_s < 60 + bar_s
        assert 55 < piece.tempo_bpm < 185
        assert GENRES[genre].grooves or not any(note[2] == DRUMS for track in tracks for note in track.notes)


def test_a_seed_gives_one_piece_and_seeds_differ() -> None:
    pieces = [arrangement(seed, 40.0) for seed in range(30)]
    assert arrangement(4, 40.0) == pieces[4]
    assert len({piece.content for piece in pieces}) == 30
    assert len({piece.genre for piece in pieces}) > 7 and len({piece.tonic for piece in pieces}) > 7


def test_the_grooves_fill_whole_bars() -> None:
    for grooves in GROOVES.values():
        for groove in grooves:
            assert {len(steps) for steps in groove.values()} <= {12, 16}
            assert all(set(steps) <= set("xo?.") for steps in groove.values())


def test_a_missing_player_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(gm.PlayerMissing, match=r"needs the program fluidsynth.*apt-get install"):
        gm.general_midi(1, 10.0, 44_100)


@pytest.mark.skipif(
    shutil.which("fluidsynth") is None or not gm.SOUND_FONT.is_file(),
    reason="FLUIDSYNTH ABSENT: apt-get install --no-install-recommends fluidsynth fluid-soundfont-gm",
)
@pytest.mark.soak
def test_a_piece_sounds_from_beginning_to_end_and_the_same_twice() -> None:
    sound, piece = gm.general_midi(5, 12.0, 32_000, "pop")
    assert sound.shape[1] == 2 and 11 < len(sound) / 32_000 < 25
    assert np.isfinite(sound).all() and 0.2 < np.abs(sound).max() < 1
    seconds = np.sqrt(
        np.mean(sound[: len(sound) // 32_000 * 32_000].reshape(-1, 32_000, 2) ** 2, axis=(1, 2))
    )
    assert (seconds[:12] > 0.003).all()
    again, same = gm.general_midi(5, 12.0, 32_000, "pop")
    assert same == piece
    np.testing.assert_array_equal(again, sound)
