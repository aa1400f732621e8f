"""What the page says, in both languages."""

from saycut.words import Words

TITLE = Words("Before and after", "处理前后对比")
BEFORE, AFTER = Words("Before", "处理前"), Words("After", "处理后")
LENGTH = Words("Length", "时长")
LOUDNESS = Words("Loudness", "响度")
TRUE_PEAK = Words("True peak", "真峰值")
NOISE_FLOOR = Words("Noise floor", "底噪")
PICTURE = Words("Picture", "画面")
PICTURE_SAME = Words("the same, bit for bit", "逐包完全相同")
PICTURE_OTHER = Words("another", "不同")
LISTEN = Words("Listen", "试听")
LISTEN_WHOLE = Words("Each sound whole, at its own level.", "完整声音，保持各自音量。")
WAVES = Words("Waveform and spectrum", "波形与频谱")
SAME_SCALE = Words(
    "Both are drawn on the same time scale: the shorter one is narrower.",
    "两者使用同一时间比例：较短的一条更窄。",
)
WAVE_CAPTION = Words(
    "Level in dBFS: the edge is full scale, the middle −60. Light: peak. Solid: RMS.",
    "电平（dBFS）：边缘为满刻度，中线为 −60。浅色为峰值，深色为有效值。",
)
SPECTRUM_CAPTION = Words("Spectrum, 60 Hz to 20 kHz, logarithmic.", "频谱，60 Hz 至 20 kHz，对数刻度。")
CURVE = Words("Loudness over time", "响度随时间的变化")
CURVE_CAPTION = Words(
    "Short-term loudness (3 s, EBU R 128). Where the clip was cut, the same words stand at other times.",
    "短期响度（3 秒，EBU R 128）。剪切之后，同一句话所在的时间不同。",
)
KEY_BEFORE = Words("before", "处理前")
KEY_AFTER = Words("after", "处理后")
KEY_INTEGRATED = Words("dashed: integrated loudness", "虚线：综合响度")
KEY_CUT = Words("cut out", "剪去的部分")
KEY_JOIN = Words("where it was joined", "接合处")
MUSIC = Words("Music added", "添加的音乐")
FIGURES = Words("Figures", "测量数据")
NO_SOUND = Words("no sound", "无声音")
CUTS = Words("What was cut", "剪去的部分")
NO_CUTS = Words("Nothing was cut.", "没有剪切。")
CUTS_FOUND = Words(
    "Found by comparing the two sounds: lengths are exact to some 20 ms; in a pause the place may be off.",
    "通过比较两段声音得出：长度误差约 20 毫秒；在停顿中位置可能有偏差。",
)
CUTS_RECORDED = Words(
    "As recorded in the recipe beside the result, whose SHA-256 fits both files.",
    "取自结果旁边的配方记录，其 SHA-256 与两个文件相符。",
)
CUTS_UNKNOWN = Words(
    "The new sound was not found in the old one (replaced, reordered, at another speed): cuts are not shown.",
    "在原声音中找不到新的声音（可能已替换、重排或变速），因此不显示剪切。",
)
FOOTER = Words(
    "Measured on the two files by Saycut {version}. Loudness and true peak: ITU-R BS.1770-5. "
    "This page is one file: it loads nothing and runs no script.",
    "由 Saycut {version} 对两个文件实测。响度与真峰值：ITU-R BS.1770-5。"
    "本页面为单一文件：不加载外部内容，不运行脚本。",
)


def excerpt(length_s: float, of_s: float) -> Words:
    """Said of players that hold only the beginning."""
    return Words(
        f"The first {length_s:.0f} s of each sound (of {of_s:.0f} s at most), each at its own level.",
        f"每段声音的前 {length_s:.0f} 秒（最长 {of_s:.0f} 秒），保持各自音量。",
    )


def target(lufs: float) -> Words:
    """Said of the dotted line."""
    level = f"{lufs:g} LUFS".replace("-", "−")
    return Words(f"dotted: target {level}", f"点线：目标 {level}")


def cut_in_all(count: int, total_s: float) -> Words:
    """How much is gone."""
    parts = "1 part" if count == 1 else f"{count} parts"
    return Words(f"{parts}, {total_s:.2f} s in all.", f"共 {count} 处，合计 {total_s:.2f} 秒。")


def wave_alt(which: Words, name: str, duration_s: float, lufs: float | None) -> Words:
    """What the waveform shows, for who does not see it."""
    level = "" if lufs is None else f", {lufs:.1f} LUFS"
    return Words(
        f"Waveform, {which.en.lower()}: {name}, {duration_s:.1f} s{level}",
        f"波形，{which.zh}：{name}，{duration_s:.1f} 秒{level}",
    )


def spectrum_alt(which: Words, name: str) -> Words:
    """What the spectrogram shows."""
    return Words(f"Spectrogram, {which.en.lower()}: {name}", f"频谱图，{which.zh}：{name}")


def curve_alt(before: float | None, after: float | None) -> Words:
    """What the loudness chart shows."""
    en = [f"{n} {v:.1f} LUFS integrated" for n, v in (("before", before), ("after", after)) if v is not None]
    zh = [f"{n}综合响度 {v:.1f} LUFS" for n, v in (("处理前", before), ("处理后", after)) if v is not None]
    return Words("Loudness over time: " + ", ".join(en), "响度随时间的变化：" + "，".join(zh))
