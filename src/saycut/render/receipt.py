"""The receipt: what was measured, on the sources and on the finished file.

Every figure is a measurement. What was not measured (the sound that the plan leaves alone, for
one) is null, never a guess.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from saycut.render.picture import Word
from saycut.words import Words

SILENT_DBTP = -100.0  # 16 bits end at -96 dB


class SoundFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Level of one whole sound: integrated loudness and true peak (BS.1770), and its noise floor."""

    lufs: float | None = None
    true_peak_dbtp: float | None = None
    noise_floor_dbfs: float | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, in numbers. Levels are None where there is no sound or it was left alone.

    `frames_copied` of all `frames` are the packets of the source; `encoder` made the others.
    """

    duration_before_s: float
    duration_after_s: float
    lufs_before: float | None
    lufs_after: float | None
    true_peak_before_dbtp: float | None
    true_peak_after_dbtp: float | None
    noise_floor_before_dbfs: float | None
    noise_floor_after_dbfs: float | None
    video: Word
    width: int | None
    height: int | None
    frames: int | None
    frames_copied: int | None
    encoder: str | None
    av_end_difference_ms: float | None
    size_bytes: int
    operations: list[dict[str, Any]]


def rounded(figures: SoundFigures | None) -> SoundFigures:
    """Figures to the tenth that a person reads; None for all where nothing was measured."""
    if figures is None:
        return SoundFigures()
    return SoundFigures(
        lufs=_tenth(figures.lufs),
        true_peak_dbtp=_tenth(figures.true_peak_dbtp),
        noise_floor_dbfs=_tenth(figures.noise_floor_dbfs),
    )


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def told(receipt: Receipt) -> Words:
    """The receipt in one or two plain sentences with numbers."""
    en, zh = [], []
    before, after = receipt.duration_before_s, receipt.duration_after_s
    en.append(f"{after:.1f} s" if abs(after - before) < 0.05 else f"{before:.1f} s → {after:.1f} s")
    zh.append(f"{after:.1f} 秒" if abs(after - before) < 0.05 else f"{before:.1f} 秒 → {after:.1f} 秒")
    if receipt.lufs_after is not None:
        was = f"{receipt.lufs_before:.1f} → " if receipt.lufs_before is not None else ""
        en.append(f"{was}{receipt.lufs_after:.1f} LUFS")
        zh.append(f"{was}{receipt.lufs_after:.1f} LUFS")
    if receipt.true_peak_after_dbtp is not None and receipt.true_peak_after_dbtp <= SILENT_DBTP:
        en.append("silent")
        zh.append("无声")
    elif receipt.true_peak_after_dbtp is not None:
        en.append(f"peak {receipt.true_peak_after_dbtp:.1f} dBTP")
        zh.append(f"峰值 {receipt.true_peak_after_dbtp:.1f} dBTP")
    floors = (receipt.noise_floor_before_dbfs, receipt.noise_floor_after_dbfs)
    if floors[0] is not None and floors[1] is not None and floors[1] <= floors[0] - 1:
        en.append(f"noise floor {floors[0]:.0f} → {floors[1]:.0f} dBFS")
        zh.append(f"底噪 {floors[0]:.0f} → {floors[1]:.0f} dBFS")
    picture = _picture_told(receipt)
    return Words(", ".join([*en, picture[0]]) + ".", "，".join([*zh, picture[1]]) + "。")


def _picture_told(receipt: Receipt) -> tuple[str, str]:
    if receipt.video == "encoded" and receipt.frames_copied and receipt.frames is not None:
        encoded = receipt.frames - receipt.frames_copied
        some = f"{encoded} frame{'' if encoded == 1 else 's'}"
        return f"picture copied but for {some} at the cuts", f"画面原样保留，仅切点处 {encoded} 帧重新编码"
    return {
        "copied": ("picture copied bit for bit", "画面逐包原样保留"),
        "encoded": ("picture encoded", "画面已编码"),
        "none": ("sound only", "仅声音"),
    }[receipt.video]


def step_told(step: dict[str, Any]) -> Words | None:
    """What one operation measured, in one line; None when it measured nothing worth a line."""
    if step.get("aligned") is False:  # laid at the start: there is no offset that anything measured
        return None
    for key, tell in _TOLD.items():
        if step.get(key) is not None:
            return tell(step)
    return None


def _removed(step: dict[str, Any]) -> Words:
    count, removed_s = step.get("segments_removed"), step["removed_s"]
    if count is None:
        return Words(f"{removed_s:.1f} s removed", f"剪去 {removed_s:.1f} 秒")
    pauses = "1 pause" if count == 1 else f"{count} pauses"
    return Words(f"{pauses}, {removed_s:.1f} s removed", f"剪去 {count} 处停顿，共 {removed_s:.1f} 秒")


def _moved(step: dict[str, Any]) -> Words:
    offset_s, drift_ppm, confidence = step["offset_s"], step["drift_ppm"], step["confidence"]
    return Words(
        f"moved by {offset_s:+.4f} s, drift {drift_ppm:+.1f} ppm, confidence {confidence:.2f}",
        f"偏移 {offset_s:+.4f} 秒，漂移 {drift_ppm:+.1f} ppm，置信度 {confidence:.2f}",
    )


def _quieter(step: dict[str, Any]) -> Words:
    before, after = step["noise_floor_before_dbfs"], step["noise_floor_after_dbfs"]
    if after is None:
        return Words("not measured", "未测量")
    floors = f"{before:.0f} → {after:.0f} dBFS"
    return Words(f"noise in the pauses {floors}", f"停顿处噪声 {floors}")


def _music_down(step: dict[str, Any]) -> Words:
    down_db, where = step["music_attenuation_db"], step["measured_in"]
    en, zh = f"music {down_db:.0f} dB down (measured in {where})", f"音乐降低 {down_db:.0f} dB"
    damage_db = step.get("voice_damage_db")
    if damage_db is None:
        return Words(en, zh)
    share = f"{100 * 10 ** (damage_db / 10):.1g}"
    held = Words(", held back for the voice", "，为保护人声有所保留") if step["backed_off"] else Words("", "")
    return Words(
        f"{en}; about {share} % of the voice went with it{held.en}",
        f"{zh}；人声约损失 {share}%{held.zh}",
    )


def _no_music(_step: dict[str, Any]) -> Words:
    return Words("no music was heard, so nothing was changed", "没有听到音乐，声音保持不变")


def _named(step: dict[str, Any]) -> Words:
    return Words(f"“{step['music']}”", f"“{step['music']}”")


_TOLD: dict[str, Callable[[dict[str, Any]], Words]] = {
    "removed_s": _removed,
    "music_attenuation_db": _music_down,
    "music_found": _no_music,
    "noise_floor_before_dbfs": _quieter,
    "offset_s": _moved,
    "music": _named,
}
