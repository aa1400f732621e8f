"""Pre-flight: what a person should know before a file is made, a line each, in words.

Figures are those of `forecast`; the words say when they are a guess. "stop" is what would fail, "look" what
somebody may not want; all else is "good".
"""

from typing import Any, Literal

import msgspec

from saycut.operations.exporting import SOUND_FORMATS, for_platform
from saycut.operations.platforms import PRESETS, Preset, name_of
from saycut.render.canvas import canvas
from saycut.render.picture import DRAWN_SIZE
from saycut.studio.forecast import Size, Sound
from saycut.studio.lettering import lettering
from saycut.studio.music import NOT_STATED
from saycut.timeline.clock import clock_text, seconds
from saycut.timeline.project import LoudnessTarget, Project
from saycut.timeline.value import but
from saycut.words import Words

What = Literal["loudness", "peak", "sound", "length", "shape", "captions", "licences", "size", "room"]
Verdict = Literal["good", "look", "stop"]

USUAL_LUFS = -14.0
_NEAR_LU = 2.0
_MUCH_GAIN_DB = 15.0  # then what lies under the voice is heard, too
_SAFE_DBTP = -1.0
_LAYERS, _PCM_BYTES_PER_S = 4, 48_000 * 2 * 4  # work files: the sound as float32, a few times over
_COPIES = 3  # of the picture: without sound, with it, and where it is kept


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the file is to be: for a platform or for none, its format, "high" or "low"."""

    platform: str | None = None
    format: str = "mp4"
    quality: str = "high"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One line of it, with the figures that are in the words."""

    what: What
    verdict: Verdict
    words: Words
    figures: dict[str, Any] = {}


def as_chosen(project: Project, choice: Choice) -> tuple[Project, tuple[Words, ...]]:
    """`project` as an export by that choice makes it, and what is said about its shape."""
    notes: tuple[Words, ...] = ()
    if choice.platform is not None:
        project, notes = for_platform(project, choice.platform)
    if choice.quality in ("low", "small"):
        project = but(project, output=but(project.output, quality="small"))
    return project, notes


def checks(
    project: Project,
    choice: Choice,
    *,
    sound: Sound | None,
    size: Size,
    music: list[dict[str, Any]],
    free_bytes: int,
) -> list[Check]:
    """Every line, in the order in which they are read. `project` is the session's, without the choice."""
    made, notes = as_chosen(project, choice)
    preset = PRESETS.get(choice.platform or "", Preset())
    name = name_of(choice.platform or "")
    alone = choice.format in SOUND_FORMATS
    found = [_silence(alone)] if sound is None else [_loudness(made, sound), _peak(made, sound)]
    found.append(_length(made, name, preset))
    if not alone:
        found += [_shape(made, notes), _lettering(made, preset)]
    found += [_licences(music), _size(made, size, sound, name, preset), _room(made, size, free_bytes)]
    return found


def _silence(alone: bool) -> Check:
    if alone:
        en, zh = "There is no sound to put into a sound file.", "没有声音，无法生成音频文件。"
        return Check(what="sound", verdict="stop", words=Words(en, zh))
    return Check(what="sound", verdict="look", words=Words("There is no sound in it.", "没有声音。"))


def _loudness(made: Project, sound: Sound) -> Check:
    lufs = sound.lufs
    if lufs is None:
        words = Words("The sound is silent all through.", "声音全程静默。")
        return Check(what="loudness", verdict="look", words=words, figures=_heard(sound))
    now, now_zh = _now(f"{_figure(lufs)} LUFS", sound)
    target = made.target
    figures = {"lufs": round(lufs, 1), **_heard(sound)}
    if target is None:
        return _as_it_is(lufs, now, now_zh, figures)
    gain_db = target.lufs - lufs
    figures |= {"target_lufs": target.lufs, "gain_db": round(gain_db, 1)}
    en = f"{now}; brought to {_figure(target.lufs)} LUFS."
    zh = f"{now_zh}；将调到 {_figure(target.lufs)} LUFS。"
    if gain_db < _MUCH_GAIN_DB:
        return Check(what="loudness", verdict="good", words=Words(en, zh), figures=figures)
    more = Words(f"{en} That is much: noise comes up with it.", f"{zh}提升较大，噪声也会随之变大。")
    return Check(what="loudness", verdict="look", words=more, figures=figures)


def _as_it_is(lufs: float, now: str, now_zh: str, figures: dict[str, Any]) -> Check:
    if abs(lufs - USUAL_LUFS) <= _NEAR_LU:
        words = Words(f"{now}: about as most platforms play it.", f"{now_zh}：接近多数平台的播放响度。")
        return Check(what="loudness", verdict="good", words=words, figures=figures)
    en, zh = ("quieter", "偏小") if lufs < USUAL_LUFS else ("louder", "偏大")
    words = Words(
        f"{now}: {en} than the {_figure(USUAL_LUFS)} LUFS of most platforms. Choosing one sets it.",
        f"{now_zh}：比多数平台的 {_figure(USUAL_LUFS)} LUFS {zh}。选择平台即可自动调整。",
    )
    return Check(what="loudness", verdict="look", words=words, figures=figures)


def _peak(made: Project, sound: Sound) -> Check:
    figures = {"true_peak_dbtp": round(sound.true_peak_dbtp, 1), **_heard(sound)}
    now, now_zh = _now(f"{_figure(sound.true_peak_dbtp)} dBTP", sound)
    if made.target is not None or _is_held(made):
        ceiling = (made.target or LoudnessTarget()).ceiling_dbtp
        figures["ceiling_dbtp"] = ceiling
        held = _figure(ceiling)
        words = Words(
            f"Peaks at {now}; held under {held} dBTP.", f"峰值 {now_zh}；将限制在 {held} dBTP 以内。"
        )
        return Check(what="peak", verdict="good", words=words, figures=figures)
    if sound.true_peak_dbtp <= _SAFE_DBTP:
        words = Words(f"Peaks at {now}: nothing is clipped.", f"峰值 {now_zh}：不会削波。")
        return Check(what="peak", verdict="good", words=words, figures=figures)
    words = Words(
        f"Peaks at {now}: it may crackle when a platform encodes it again. Choosing one limits it.",
        f"峰值 {now_zh}：平台再次编码时可能出现爆音。选择平台即会限制峰值。",
    )
    return Check(what="peak", verdict="look", words=words, figures=figures)


def _is_held(made: Project) -> bool:
    """Whether the limiter works without a target, too (`render.render`)."""
    audible = made.audible()
    return any(s.gain_db > 0 for _, s in audible) or len({track.id for track, _ in audible}) > 1


def _length(made: Project, name: Words, preset: Preset) -> Check:
    length_s = made.duration_s
    said = clock_text(length_s)
    figures: dict[str, Any] = {"length_s": round(float(length_s), 3)}
    if preset.most_s is None or length_s <= preset.most_s:
        return Check(
            what="length", verdict="good", words=Words(f"{said} long.", f"时长 {said}。"), figures=figures
        )
    most = clock_text(seconds(preset.most_s))
    words = Words(
        f"{said} long; {name.en} takes {most} from most people.",
        f"时长 {said}；{name.zh} 对多数用户的上限为 {most}。",
    )
    return Check(what="length", verdict="look", words=words, figures={**figures, "most_s": preset.most_s})


def _shape(made: Project, notes: tuple[Words, ...]) -> Check:
    drawn = not made.has_picture
    wide, high = DRAWN_SIZE if drawn else canvas(made)
    figures: dict[str, Any] = {"width": wide, "height": high}
    if drawn:
        words = Words(
            f"{wide}×{high}: a picture is drawn for the sound.", f"{wide}×{high}：将为声音生成画面。"
        )
        return Check(what="shape", verdict="good", words=words, figures=figures)
    rate = float(made.frame_rate or 0)
    figures["fps"] = round(rate, 3)
    en = f"{wide}×{high}, {rate:.4g} frames a second."
    zh = f"{wide}×{high}，每秒 {rate:.4g} 帧。"
    said = Words(" ".join([en, *(n.en for n in notes)]), "".join([zh, *(n.zh for n in notes)]))
    return Check(what="shape", verdict="look" if notes else "good", words=said, figures=figures)


def _lettering(made: Project, preset: Preset) -> Check:
    """Whether there are words on the picture, and whether they can be read where they lie."""
    wide, high = canvas(made) if made.has_picture else DRAWN_SIZE
    told = lettering(made, upright=preset.upright and high > wide)
    figures = {"titles": len(made.titles)}
    if told.trouble:
        return Check(what="captions", verdict="look", words=told.trouble[0], figures=figures)
    count = len(made.titles)
    if count:
        texts = f"{count} text{'s' if count > 1 else ''} on the picture, inside its margins."
        words = Words(texts, f"画面上有 {count} 处文字，均在安全区内。")
        return Check(what="captions", verdict="good", words=words, figures=figures)
    if preset.upright and made.audible():
        words = Words(
            "No captions: many people watch there without sound.", "没有字幕：该平台许多人静音观看。"
        )
        return Check(what="captions", verdict="look", words=words, figures=figures)
    words = Words("No captions, and no text on the picture.", "没有字幕，画面上也没有文字。")
    return Check(what="captions", verdict="good", words=words, figures=figures)


def _licences(music: list[dict[str, Any]]) -> Check:
    if not music:
        words = Words("No music was added: nobody has to be credited.", "没有添加音乐，无需署名。")
        return Check(what="licences", verdict="good", words=words, figures={"music": []})
    unknown = [piece for piece in music if piece["licence"] == NOT_STATED]
    if unknown:
        title = unknown[0]["title"]
        words = Words(
            f"“{title}”: nothing says under which licence. Make sure that you may use it.",
            f"“{title}”未注明许可，请确认你有权使用。",
        )
        return Check(what="licences", verdict="look", words=words, figures={"music": music})
    lines = [f"“{piece['title']}”, {piece['author']}, {piece['licence']}" for piece in music]
    words = Words(f"Credit to give: {'; '.join(lines)}.", f"署名：{'；'.join(lines)}。")
    return Check(what="licences", verdict="good", words=words, figures={"music": music})


def _size(made: Project, size: Size, sound: Sound | None, name: Words, preset: Preset) -> Check:
    heard_s = 0.0 if sound is None or not sound.heard_s else sound.took_s / sound.heard_s
    # Sound and picture are made side by side; the sound is gone through about four times.
    takes_s = max(size.picture_s, heard_s * 4 * float(made.duration_s)) + 2
    said, takes = _megabytes(size.bytes), clock_text(seconds(round(takes_s)))
    figures: dict[str, Any] = {"bytes": size.bytes, "takes_s": round(takes_s, 1), "basis": size.basis}
    en, zh = f"About {said}, made in about {takes}.", f"约 {said}，生成约需 {takes}。"
    most = preset.most_bytes
    if most is None or size.bytes <= most:
        return Check(what="size", verdict="good", words=Words(en, zh), figures=figures)
    words = Words(
        f"{en} {name.en} takes {_megabytes(most)} from most people.",
        f"{zh}{name.zh} 对多数用户的上限为 {_megabytes(most)}。",
    )
    return Check(what="size", verdict="look", words=words, figures={**figures, "most_bytes": most})


def _room(made: Project, size: Size, free_bytes: int) -> Check:
    work = _LAYERS * _PCM_BYTES_PER_S * float(made.duration_s) if made.audible() else 0.0
    needed = round(_COPIES * size.bytes + work)
    figures = {"needed_bytes": needed}
    if needed <= free_bytes:
        words = Words(
            f"There is room for the {_megabytes(needed)} that making it takes.",
            f"磁盘空间足够（生成过程需要 {_megabytes(needed)}）。",
        )
        return Check(what="room", verdict="good", words=words, figures=figures)
    words = Words(
        f"Making it takes {_megabytes(needed)}, and there is less room on the disk of the service.",
        f"生成过程需要 {_megabytes(needed)}，服务所在磁盘空间不足。",
    )
    return Check(what="room", verdict="stop", words=words, figures=figures)


def _now(figure: str, sound: Sound) -> tuple[str, str]:
    """The figure, with what it is judged by where that is not all."""
    if sound.whole:
        return figure, figure
    return (
        f"about {figure} (judged by {sound.heard_s:.0f} s of it)",
        f"约 {figure}（根据其中 {sound.heard_s:.0f} 秒判断）",
    )


def _heard(sound: Sound) -> dict[str, Any]:
    return {"whole": sound.whole, "heard_s": round(sound.heard_s, 1)}


def _figure(value: float) -> str:
    """With a real minus sign; whole ones without a tenth."""
    text = f"{value:.0f}" if value == round(value) else f"{value:.1f}"
    return text.replace("-", "−")


def _megabytes(count: int) -> str:
    if count < 1_000_000:
        return f"{max(round(count / 1000), 1)} kB"
    return f"{count / 1e6:.1f} MB" if count < 100_000_000 else f"{count / 1e6:.0f} MB"
