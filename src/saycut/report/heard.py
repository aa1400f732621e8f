"""What our own ears hear in each sound: voice and music along its length, and where nothing is heard."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saycut.audio.sound_map import SoundMap
from saycut.report.drawing import levels_svg, spans_svg
from saycut.timeline.clock import clock_text
from saycut.words import Words

HEARD = Words("What is heard", "听到的内容")
CAPTION = Words(
    "Level of the voice and of the music in dBFS, told apart by Saycut's own network; the top is full scale, "
    "the bottom −60. The bars are the stretches that count as music.",
    "人声与音乐的电平（dBFS），由 Saycut 自带的网络分辨；顶部为满刻度，底部为 −60。色条为判定为音乐的片段。",
)
KEY_VOICE, KEY_MUSIC = Words("voice", "人声"), Words("music", "音乐")
NO_MUSIC = Words("No music is heard.", "没有听到音乐。")
_QUIETEST_DBFS = -60.0
_MOST_POINTS = 500
_MOST_SPANS = 12  # in words


def strip(heard: SoundMap, name: str, language: str, scale: str) -> str:
    """What one sound shows in words, and the drawing of it with its `scale` beside."""
    told = summary(heard).said(language)
    lines = [("voice", _thinned(heard.speech_dbfs)), ("music", _thinned(heard.music_dbfs))]
    drawn = levels_svg(lines, _QUIETEST_DBFS, f"{name}: {told}")
    bars = ""
    if heard.music_s:
        row = spans_svg(heard.music_s, KEY_MUSIC.said(language), heard.duration_s, "heard-music")
        bars = f'<div class="plot rows">{row}</div>'
    return f'<p class="soft">{told}</p><div class="plot heard">{drawn}{scale}</div>{bars}'


def summary(heard: SoundMap) -> Words:
    """Where music plays, and how far the voice lies above it."""
    if not heard.music_s:
        return NO_MUSIC
    places = music_places(heard, _MOST_SPANS)
    level = voice_level(heard)
    if level is None:
        return Words(f"Music: {places.en}.", f"音乐：{places.zh}。")
    return Words(
        f"Music: {places.en}. The voice lies {level.en} it where both are heard.",
        f"音乐：{places.zh}。两者同时出现时，人声比音乐{level.zh}。",
    )


def music_places(heard: SoundMap, most: int) -> Words:
    """The first `most` stretches of music, and how many there are besides; empty without music."""
    shown = ", ".join(f"{clock_text(a)}–{clock_text(b)}" for a, b in heard.music_s[:most])
    more = len(heard.music_s) - most
    if more <= 0:
        return Words(shown, shown)
    return Words(f"{shown} and {more} more", f"{shown} 等共 {len(heard.music_s)} 段")


def voice_level(heard: SoundMap) -> Words | None:
    """ "12 dB above": how far the voice lies from the music; None where they never meet."""
    over_db = heard.voice_over_music_db
    if over_db is None:
        return None
    level = f"{abs(over_db):.0f} dB"
    return Words(f"{level} above", f"高 {level}") if over_db >= 0 else Words(f"{level} below", f"低 {level}")


def _thinned(levels_dbfs: Sequence[float]) -> NDArray[np.float64]:
    """At most so many levels: of several steps their mean power."""
    power = np.power(10, np.asarray(levels_dbfs, np.float64) / 10)
    each = -(-len(power) // _MOST_POINTS) if len(power) else 1
    starts = np.arange(0, len(power), each)
    counts = np.diff(np.append(starts, len(power)))
    means = np.add.reduceat(power, starts) / counts if len(power) else power
    return np.asarray(10 * np.log10(means), np.float64)
