"""What a silent turn did: two states compared, told in words with figures.

"Noise lowered on clip 1", "37 pieces cut out, −1:42 (3:00 → 1:18)", "Title added: “Paradise Found” (white,
top, 0-3 s)". Drafts of other services are told as far as `tracks` understands them; a change that nothing
here has words for is still told as a change.
"""

from collections.abc import Iterator
from typing import Any

from saycut.client import tracks
from saycut.client.said import Said, length
from saycut.client.tracks import TEXT, VIDEO, Piece, Row, percent
from saycut.client.wire import State

_NEAR_S = 0.05
_ADDED = Said("{what} added: {names} ({facts})", "已添加{what}：{names}（{facts}）")
_REMOVED = Said("{what} removed: {names}", "已移除{what}：{names}")
_REWORDED = Said("{what} changed: “{before}” → “{after}”", "{what}已修改：“{before}”→“{after}”")
_MOVED = Said("{what} moved: {before} → {after}", "{what}已移动：{before} → {after}")
_LEVEL = Said("Volume of {what}: {before} → {after}", "{what}音量：{before} → {after}")
_OFF, _ON = Said("Sound of {what} off", "{what}已静音"), Said("Sound of {what} on again", "{what}已恢复声音")
_CUT = Said("{count} cut out, {change} ({before} → {after})", "剪去 {count}，{change}（{before} → {after}）")
_SHORTER = Said("Length {before} → {after} ({change})", "时长 {before} → {after}（{change}）")
_EFFECT_ON, _EFFECT_OFF = (
    Said("{effect} on {what}", "{what}：{effect}"),
    Said("{effect} taken off {what}", "{what}已取消：{effect}"),
)
_SPEED = Said("Speed of {what}: {before}× → {after}×", "{what}速度：{before}× → {after}×")
_CANVAS = Said("Picture {before} → {after}", "画面 {before} → {after}")
_MEDIA = Said("Made: {names}", "已生成：{names}")
_FILES = Said("Files: {names}", "文件：{names}")
_ORDER = Said("The clips are in another order now", "片段顺序已调整")
_SOMETHING = Said("{what} changed", "{what}已修改")
_WHOLE, _CLIP = Said("The project changed", "项目已修改"), Said("clip {number}", "片段 {number}")
_EFFECTS = {
    "denoise.noise": Said("Noise lowered", "已降噪"),
    "denoise.hum": Said("Hum lowered", "已去除嗡声"),
    "denoise.hiss": Said("Hiss lowered", "已去除嘶声"),
    "denoise.wind": Said("Wind lowered", "已去除风声"),
    "denoise.click": Said("Clicks taken out", "已去除爆音"),
    "denoise.reverb": Said("Echo lowered", "已降低混响"),
    "denoise": Said("Noise lowered", "已降噪"),
    "noise_reduction": Said("Noise lowered", "已降噪"),
    "remove_music": Said("Music taken out", "已去除音乐"),
    "remove_music.ambience": Said("Music taken out, the ambience kept", "已去除音乐，保留环境音"),
    "remove_music.down": Said("Music in the recording turned down", "已降低录音中的音乐"),
    "remove_music.song": Said("A known song taken out", "已消除指定歌曲"),
    "isolate_music": Said("Voice taken out", "已去除人声"),
    "fades": Said("Fade", "淡入淡出"),
    "look": Said("Crop or turn", "裁切或旋转"),
    "reverse": Said("Played backwards", "倒放"),
    "blend": Said("Transition", "转场"),
}


def changes(before: State, after: State, language: str) -> list[str]:
    """One line a change; none when nothing changed."""
    old, new = tracks.rows(before.draft), tracks.rows(after.draft)
    told = [
        *_tracks(old, new, language),
        *_lengths(before, after, old, new, language),
        *_whole(before, after, language),
    ]
    if not told and differ(before, after):
        told.append(_WHOLE.said(language))
    return list(dict.fromkeys(told))


def differ(before: State, after: State) -> bool:
    """Whether anything of the project is another."""
    if before.draft != after.draft:
        return True
    keys = ("canvas_config", "generated_media", "video_infos")
    return any(before.whole.get(key) != after.whole.get(key) for key in keys)


def _tracks(old: list[Row], new: list[Row], language: str) -> Iterator[str]:
    known = _matched(old, new)
    matched = {id(row) for _, row in known}
    for row in new:
        if id(row) not in matched and row.pieces:
            yield _added(row, list(row.pieces), language)
    kept = {id(row) for row, _ in known}
    for row in old:
        if id(row) not in kept and row.pieces:
            names = ", ".join(row.names) or "–"
            yield _REMOVED.said(language, what=row.label.said(language), names=names)
    for one, other in known:
        yield from _row(one, other, language)


def _matched(old: list[Row], new: list[Row]) -> list[tuple[Row, Row]]:
    """Tracks that are the same track: by their key, else by kind and content, else by kind and place."""
    left, pairs = list(new), []
    for row in old:
        same = [r for r in left if r.kind == row.kind]
        found = next((r for r in same if r.key == row.key), None)
        found = found or next((r for r in same if _sources(r) & _sources(row)), None)
        if found is not None and not (
            _sources(found) and _sources(row) and not _sources(found) & _sources(row) and row.kind != VIDEO
        ):
            left.remove(found)
            pairs.append((row, found))
    return pairs


def _sources(row: Row) -> set[str]:
    return {piece.source or piece.name or piece.text for piece in row.pieces} - {""}


def _row(old: Row, new: Row, language: str) -> Iterator[str]:
    what = new.label.said(language)
    if not _same(old.level, new.level):
        facts = {"before": percent(old.level), "after": percent(new.level)}
        yield _LEVEL.said(language, what=what, **facts)
    if new.kind == TEXT:
        yield from _titles(old, new, language)
    else:
        yield from _clips(old, new, language)


def _titles(old: Row, new: Row, language: str) -> Iterator[str]:
    what = new.label.said(language)
    gone = [p for p in old.pieces if p.text not in {q.text for q in new.pieces}]
    come = [p for p in new.pieces if p.text not in {q.text for q in old.pieces}]
    while gone and come:
        yield _REWORDED.said(language, what=what, before=gone.pop(0).text, after=come.pop(0).text)
    if come:
        yield _added(new, come, language)
    if gone:
        yield _REMOVED.said(language, what=what, names=", ".join(f"“{p.text}”" for p in gone))
    for before in old.pieces:
        after = next((p for p in new.pieces if p.text == before.text), None)
        if after is not None:
            yield from _title(before, after, language)


def _title(before: Piece, after: Piece, language: str) -> Iterator[str]:
    what = f"“{after.text}”"
    if not _same(before.at_s, after.at_s) or not _same(before.duration_s, after.duration_s):
        yield _MOVED.said(language, what=what, before=_span(before), after=_span(after))
    elif before.looks != after.looks:
        facts = {"before": ", ".join(before.looks) or "–", "after": ", ".join(after.looks) or "–"}
        yield _MOVED.said(language, what=what, **facts).replace("moved", "changed").replace("移动", "修改")
    elif before.rest != after.rest:
        yield _SOMETHING.said(language, what=what)


def _clips(old: Row, new: Row, language: str) -> Iterator[str]:
    """Clips by their source: a clip that was cut is one clip still."""
    before, after = _by_source(old), _by_source(new)
    for number, (source, pieces) in enumerate(after.items(), 1):
        if source not in before:
            yield _added(new, pieces, language)
        else:
            yield from _clip(before[source], pieces, _clip_name(new, number, language), language)
    gone = [pieces[0].name or source for source, pieces in before.items() if source not in after]
    if gone:
        yield _REMOVED.said(language, what=new.label.said(language), names=", ".join(gone))
    shared = [source for source in before if source in after]
    if shared != [source for source in after if source in before]:
        yield _ORDER.said(language)


def _clip(old: list[Piece], new: list[Piece], what: str, language: str) -> Iterator[str]:
    first, last = old[0], new[0]
    for effects, words in (
        (last.effects - first.effects, _EFFECT_ON),
        (first.effects - last.effects, _EFFECT_OFF),
    ):
        for effect in sorted(effects):
            named = _EFFECTS.get(effect)
            plain = effect.partition(".")[0].replace("_", " ")
            yield words.said(
                language, what=what, effect=named.said(language) if named else plain.capitalize()
            )
    heard = [all(p.heard for p in pieces) for pieces in (old, new)]
    if heard[0] != heard[1]:
        yield (_ON if heard[1] else _OFF).said(language, what=what)
    if not _same(first.level, last.level):
        yield _LEVEL.said(language, what=what, before=percent(first.level), after=percent(last.level))
    if not _same(first.speed, last.speed):
        yield _SPEED.said(language, what=what, before=f"{first.speed:g}", after=f"{last.speed:g}")
    if len(old) == len(new) == 1 and not _same(first.at_s, last.at_s):
        yield _MOVED.said(language, what=what, before=_span(first), after=_span(last))


def _lengths(before: State, after: State, old: list[Row], new: list[Row], language: str) -> Iterator[str]:
    was_s, is_s = tracks.duration_s(before.draft), tracks.duration_s(after.draft)
    if not was_s or not is_s or abs(is_s - was_s) < _NEAR_S:
        return
    sign = "−" if is_s < was_s else "+"
    facts = {"before": length(was_s), "after": length(is_s), "change": sign + length(abs(is_s - was_s))}
    cuts = _pieces(new) - _pieces(old)
    if is_s < was_s and cuts > 0:
        pieces = "1 piece" if cuts == 1 else f"{cuts} pieces"
        yield _CUT.said(language, count=f"{cuts} 处" if language == "zh" else pieces, **facts)
    else:
        yield _SHORTER.said(language, **facts)


def _whole(before: State, after: State, language: str) -> Iterator[str]:
    was, now = _canvas(before), _canvas(after)
    if was and now and was != now:
        yield _CANVAS.said(language, before=was, after=now)
    for key, words in (("generated_media", _MEDIA), ("video_infos", _FILES)):
        names = [n for n in _named(after.whole.get(key)) if n not in _named(before.whole.get(key))]
        if names:
            yield words.said(language, names=", ".join(names))


def _added(row: Row, pieces: list[Piece], language: str) -> str:
    shown = pieces[0]
    end_s = max(p.at_s + p.duration_s for p in pieces)
    facts = [*shown.looks, f"{length(shown.at_s).removesuffix(' s')}-{length(end_s)}"]
    if row.kind not in (TEXT, VIDEO) and not _same(row.level * shown.level, 1):
        facts.append(percent(row.level * shown.level))
    told = (f"“{p.text}”" if row.kind == TEXT else p.name for p in pieces)
    names = ", ".join(name for name in dict.fromkeys(told) if name) or "–"
    return _ADDED.said(language, what=row.label.said(language), names=names, facts=", ".join(facts))


def _clip_name(row: Row, number: int, language: str) -> str:
    return _CLIP.said(language, number=number) if row.kind == VIDEO else row.label.said(language)


def _by_source(row: Row) -> dict[str, list[Piece]]:
    told: dict[str, list[Piece]] = {}
    for number, piece in enumerate(row.pieces):
        told.setdefault(piece.source or piece.name or str(number), []).append(piece)
    return told


def _pieces(of: list[Row]) -> int:
    return max((len(row.pieces) for row in of if row.kind == VIDEO), default=0) or max(
        (len(row.pieces) for row in of), default=0
    )


def _canvas(state: State) -> str:
    told: Any = state.whole.get("canvas_config")
    if not isinstance(told, dict) or not told.get("width") or not told.get("height"):
        return ""
    return f"{told['width']}×{told['height']}"


def _named(told: object) -> list[str]:
    items = told if isinstance(told, list) else []
    return [str(item["name"]) for item in items if isinstance(item, dict) and item.get("name")]


def _span(piece: Piece) -> str:
    return f"{length(piece.at_s).removesuffix(' s')}-{length(piece.at_s + piece.duration_s)}"


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 0.005
