"""The page itself: HTML that holds everything it shows."""

import base64
from collections.abc import Sequence
from html import escape
from importlib import resources

import msgspec

from saycut import __version__
from saycut.audio.sound_map import SoundMap
from saycut.report import heard
from saycut.report import phrases as say
from saycut.report.drawing import loudness_svg, loudness_y, spans_svg, waveform_svg
from saycut.report.portrait import Portrait
from saycut.report.spectrogram import (
    BRIGHTEST_DBFS,
    DARKEST_DBFS,
    TICKS_HZ,
    height_share,
    legend_png,
    spectrogram_png,
)
from saycut.words import Words

Spans = tuple[tuple[float, float], ...]

_TICKS = 4
_NARROW = 0.4  # below this share of the width there is room for two times only


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two files, measured. Without sound `portrait` and `excerpt` are None."""

    name: str
    duration_s: float
    lufs: float | None = None
    true_peak_dbtp: float | None = None
    noise_floor_dbfs: float | None = None
    portrait: Portrait | None = None
    heard: SoundMap | None = None
    excerpt: bytes | None = None  # M4A
    excerpt_s: float = 0.0


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What the page tells. `cut` is in seconds of BEFORE, None when it could not be found; `recorded` when it
    comes from a recipe. `music` is in seconds of AFTER, None when nothing says where there is any.
    `target_lufs` is the loudness that was aimed at, None when nothing says so."""

    before: Side
    after: Side
    picture_identical: bool | None
    cut: Spans | None
    recorded: bool = False
    music: Spans | None = None
    target_lufs: float | None = None


def page(told: Comparison, language: str) -> str:
    """One self-contained HTML document in `language`."""
    style = resources.files("saycut.report").joinpath("page.css").read_text("utf-8")
    tag = "zh-Hans" if language == "zh" else "en"
    title = f"{say.TITLE.said(language)} · {told.after.name}"
    parts = [
        f'<!doctype html>\n<html lang="{tag}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>",
        _head(told, language),
        _players(told, language),
        _pictures(told, language),
        _heard(told, language),
        _curve(told, language),
        _cuts(told, language),
        _table(told, language),
        f"<footer>{escape(say.FOOTER.said(language).format(version=__version__))}</footer>",
        "</main></body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _head(told: Comparison, language: str) -> str:
    names = (
        f'<span class="before-name"><b>{escape(told.before.name)}</b></span> → '
        f'<span class="after-name"><b>{escape(told.after.name)}</b></span>'
    )
    cards = [
        (say.LENGTH, told.before.duration_s, told.after.duration_s, "s", 1),
        (say.LOUDNESS, told.before.lufs, told.after.lufs, "LUFS", 1),
        (say.TRUE_PEAK, told.before.true_peak_dbtp, told.after.true_peak_dbtp, "dBTP", 1),
        (say.NOISE_FLOOR, told.before.noise_floor_dbfs, told.after.noise_floor_dbfs, "dBFS", 0),
    ]
    rows = [
        f"<li><span>{words.said(language)}</span><b>{_number(after, digits)} <i>{unit}</i></b>"
        f"<small>{say.KEY_BEFORE.said(language)} {_number(before, digits)} {unit}</small></li>"
        for words, before, after, unit, digits in cards
    ]
    heading = f"<h1>{say.TITLE.said(language)}</h1>"
    return f'<header>{heading}<p class="names">{names}</p></header><ul class="cards">{"".join(rows)}</ul>'


def _players(told: Comparison, language: str) -> str:
    sides = [(say.BEFORE, told.before), (say.AFTER, told.after)]
    players = [
        f'<div><h3 id="listen-{place}">{words.said(language)}</h3>'
        f'<audio controls preload="metadata" aria-labelledby="listen-{place}" '
        f'src="{_data_uri("audio/mp4", side.excerpt)}"></audio></div>'
        for place, (words, side) in enumerate(sides)
        if side.excerpt is not None
    ]
    if not players:
        return ""
    longest_s = max(side.duration_s for _, side in sides)
    held_s = max(side.excerpt_s for _, side in sides)
    whole = held_s >= longest_s - 0.5
    note = (say.LISTEN_WHOLE if whole else say.excerpt(held_s, longest_s)).said(language)
    return _section(
        say.LISTEN, f'<p class="soft">{note}</p><div class="listen">{"".join(players)}</div>', language
    )


def _pictures(told: Comparison, language: str) -> str:
    longest_s = max(told.before.duration_s, told.after.duration_s)
    if told.before.portrait is None and told.after.portrait is None:
        return ""
    cut = told.cut or ()
    notes = f'<p class="soft">{say.SAME_SCALE.said(language)} {say.WAVE_CAPTION.said(language)}</p>'
    body = [notes, _keys(_wave_keys(cut), language)]
    body.append(_side_pictures(told.before, say.BEFORE, longest_s, language, cut=cut))
    joins_s = [at_s for at_s in joined_at(cut) if 0.01 < at_s < told.after.duration_s - 0.01]
    body.append(
        _side_pictures(told.after, say.AFTER, longest_s, language, joins_s=joins_s, music=told.music or ())
    )
    scale = (
        f'<div class="legend"><span>{_number(DARKEST_DBFS, 0)} dBFS</span>'
        f'<img alt="" src="{_data_uri("image/png", legend_png())}">'
        f"<span>{_number(BRIGHTEST_DBFS, 0)} dBFS</span></div>"
    )
    return _section(
        say.WAVES,
        "".join([*body, scale, f'<p class="soft">{say.SPECTRUM_CAPTION.said(language)}</p>']),
        language,
    )


def _wave_keys(cut: Spans) -> list[tuple[str, str, Words]]:
    return [("var(--cut)", "bar", say.KEY_CUT), ("var(--cut)", "dashed", say.KEY_JOIN)] if cut else []


def joined_at(cut: Spans) -> list[float]:
    """Where, in the later sound, the parts beside each cut meet."""
    gone_s, places = 0.0, []
    for start_s, end_s in cut:
        places.append(start_s - gone_s)
        gone_s += end_s - start_s
    return places


def _side_pictures(
    side: Side,
    which: Words,
    longest_s: float,
    language: str,
    *,
    cut: Spans = (),
    joins_s: Sequence[float] = (),
    music: Spans = (),
) -> str:
    heading = f"<h3>{which.said(language)} · {_number(side.duration_s, 1)} s</h3>"
    if side.portrait is None:
        return f'{heading}<p class="soft">{say.NO_SOUND.said(language)}</p>'
    seen = side.portrait
    kind = "of-before" if which is say.BEFORE else "of-after"
    alt = say.wave_alt(which, side.name, side.duration_s, side.lufs).said(language)
    wave = waveform_svg(seen.peak, seen.rms, alt, side.duration_s, cut=cut, joins_s=joins_s)
    marks = "".join(_mark(100 / 6 * place, f"{db}") for place, db in ((1, "−20"), (5, "−20")))
    spectrum = escape(say.spectrum_alt(which, side.name).said(language))
    image = f'<img alt="{spectrum}" src="{_data_uri("image/png", spectrogram_png(seen.spectrum))}">'
    ticks = "".join(_mark(100 * (1 - height_share(hz)), _hz(hz)) for hz in TICKS_HZ)
    rows = ""
    if music:
        label = say.MUSIC.said(language)
        bars = spans_svg(music, label, side.duration_s, "music")
        rows = f'<p class="soft">{label}</p><div class="plot rows">{bars}</div>'
    share = 100 * side.duration_s / max(longest_s, 1e-9)
    return (
        f'{heading}<figure class="strip {kind}" style="width:{max(share, 12):.2f}%">'
        f'<div class="plot wave">{wave}{marks}</div>{rows}{_times(side.duration_s, longest_s)}'
        f'<div class="plot spectrum">{image}{ticks}</div></figure>'
    )


def _heard(told: Comparison, language: str) -> str:
    longest_s = max(told.before.duration_s, told.after.duration_s)
    strips = []
    for words, side in ((say.BEFORE, told.before), (say.AFTER, told.after)):
        if side.heard is not None:
            share = 100 * side.duration_s / max(longest_s, 1e-9)
            scale = "".join(_mark(100 * place / 3, f"−{20 * place}") for place in (1, 2))
            drawn = heard.strip(side.heard, side.name, language, scale)
            times = _times(side.duration_s, longest_s)
            strips.append(
                f'<h3>{words.said(language)}</h3><figure class="strip" style="width:{max(share, 12):.2f}%">'
                f"{drawn}{times}</figure>"
            )
    if not strips:
        return ""
    keys = [("var(--voice)", "", heard.KEY_VOICE), ("var(--music)", "", heard.KEY_MUSIC)]
    caption = f'<p class="soft">{heard.CAPTION.said(language)}</p>'
    return _section(heard.HEARD, "".join([caption, _keys(keys, language), *strips]), language)


def _curve(told: Comparison, language: str) -> str:
    sides = [("before", told.before), ("after", told.after)]
    lines = [
        (name, side.portrait.loudness_s, side.portrait.loudness, side.lufs)
        for name, side in sides
        if side.portrait is not None and len(side.portrait.loudness)
    ]
    if not lines:
        return ""
    longest_s = max(told.before.duration_s, told.after.duration_s)
    alt = say.curve_alt(told.before.lufs, told.after.lufs).said(language)
    chart = loudness_svg(lines, told.target_lufs, alt, longest_s)
    marks = "".join(
        _mark(loudness_y(level) / 2, f"{_number(level, 0)}{' LUFS' if level == -10 else ''}")
        for level in (-40, -30, -20, -10)
    )
    keys = [
        ("var(--before)", "", say.KEY_BEFORE),
        ("var(--after)", "", say.KEY_AFTER),
        ("var(--soft)", "dashed", say.KEY_INTEGRATED),
    ]
    if told.target_lufs is not None:
        keys.append(("var(--target)", "dotted", say.target(told.target_lufs)))
    body = (
        f'<p class="soft">{say.CURVE_CAPTION.said(language)}</p>'
        f'<div class="plot chart">{chart}{marks}</div>{_times(longest_s, longest_s)}{_keys(keys, language)}'
    )
    return _section(say.CURVE, body, language)


def _cuts(told: Comparison, language: str) -> str:
    if told.before.portrait is None or told.after.portrait is None:
        return ""
    if told.cut is None:
        return _section(say.CUTS, f"<p>{say.CUTS_UNKNOWN.said(language)}</p>", language)
    if not told.cut:
        return _section(say.CUTS, f"<p>{say.NO_CUTS.said(language)}</p>", language)
    total_s = sum(end_s - start_s for start_s, end_s in told.cut)
    rows = "".join(f"<li>{clock(a)} – {clock(b)}</li>" for a, b in told.cut)
    heard = (say.CUTS_RECORDED if told.recorded else say.CUTS_FOUND).said(language)
    summary = say.cut_in_all(len(told.cut), total_s).said(language)
    body = f'<details><summary>{summary}</summary><ol class="cuts">{rows}</ol></details>'
    return _section(say.CUTS, f'{body}<p class="soft">{heard}</p>', language)


def _table(told: Comparison, language: str) -> str:
    rows = [
        (say.LENGTH, "s", 3, told.before.duration_s, told.after.duration_s),
        (say.LOUDNESS, "LUFS", 1, told.before.lufs, told.after.lufs),
        (say.TRUE_PEAK, "dBTP", 1, told.before.true_peak_dbtp, told.after.true_peak_dbtp),
        (say.NOISE_FLOOR, "dBFS", 1, told.before.noise_floor_dbfs, told.after.noise_floor_dbfs),
    ]
    body = "".join(
        f'<tr><th scope="row">{words.said(language)} ({unit})</th><td>{_number(one, digits)}</td>'
        f"<td>{_number(other, digits)}</td></tr>"
        for words, unit, digits, one, other in rows
    )
    if told.picture_identical is not None:
        same = say.PICTURE_SAME if told.picture_identical else say.PICTURE_OTHER
        heading = f'<th scope="row">{say.PICTURE.said(language)}</th>'
        body += f"<tr>{heading}<td></td><td>{same.said(language)}</td></tr>"
    heads = "".join(f'<th scope="col">{words.said(language)}</th>' for words in (say.BEFORE, say.AFTER))
    head = f"<thead><tr><td></td>{heads}</tr></thead>"
    return _section(
        say.FIGURES, f'<div class="scroll"><table>{head}<tbody>{body}</tbody></table></div>', language
    )


def _section(title: Words, body: str, language: str) -> str:
    return f"<section><h2>{title.said(language)}</h2>{body}</section>"


def _keys(keys: Sequence[tuple[str, str, Words]], language: str) -> str:
    rows = "".join(
        f'<li><i class="{kind}" style="color:{colour}" aria-hidden="true"></i>{words.said(language)}</li>'
        for colour, kind, words in keys
    )
    return f'<ul class="keys">{rows}</ul>' if rows else ""


def _mark(down_percent: float, text: str) -> str:
    return f'<span class="scale" aria-hidden="true" style="top:{down_percent:.1f}%">{text}</span>'


def _times(duration_s: float, longest_s: float) -> str:
    ticks = _TICKS if duration_s > _NARROW * longest_s else 1
    marks = (duration_s * place / ticks for place in range(ticks + 1))
    digits = 1 if longest_s < 60 else 0
    return (
        '<div class="times" aria-hidden="true">'
        + "".join(f"<span>{clock(at_s, digits)}</span>" for at_s in marks)
        + "</div>"
    )


def clock(at_s: float, digits: int = 2) -> str:
    """A time as 0:07.25, 1:02:03.00."""
    units = round(at_s * 10**digits)
    minutes, rest = divmod(units, 60 * 10**digits)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 10**digits:0{3 + digits if digits else 2}.{digits}f}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def _hz(frequency_hz: int) -> str:
    return f"{frequency_hz // 1000} kHz" if frequency_hz >= 1000 else f"{frequency_hz / 1000:g} kHz"


def _number(value: float | None, digits: int) -> str:
    """With a true minus sign; a dash for what was not measured."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def _data_uri(kind: str, content: bytes | None) -> str:
    return f"data:{kind};base64,{base64.b64encode(content or b'').decode()}"
