"""Compound requests: the steps of all clauses as one list, in the order they take effect.

Words of order turn clauses round ("trim it after you denoise it"), the export comes last, and a file
named anywhere in the sentence is found for the step that needs one.
"""

from saycut.language.arguments import bound
from saycut.language.bag import Bag
from saycut.language.clauses import Clause
from saycut.language.context import Context
from saycut.language.filenames import file_kind
from saycut.language.folding import fold, point_at, track_spoken_of
from saycut.language.line import Line
from saycut.language.music_out import KEEPS_SOUNDS, removal, removals, take_named_songs, with_ambience
from saycut.language.names import implied_file
from saycut.language.parts import Part
from saycut.language.spans import span

_NEED_A_SOUND = frozenset({"replace_audio", "sync_audio", "add_audio"})
_KEPT_ANYWAY = {"remove_music": {"voice", "audio"}, "isolate_music": {"music"}}
_BY_CLIP = {"delete": ("target", "clip:{}")} | dict.fromkeys(  # operation: argument, its form
    ("mute", "unmute", "speed", "volume", "reverse", "loop"), ("clip", "")
)
_SOUND_FORMATS = frozenset({"mp3", "wav", "m4a", "flac", "aac", "ogg"})
_OF_SOUND = {"audio_bitrate_kbps": "bitrate_kbps"}
_MADE_SOUND = frozenset({"synth_voice", "translate", "generate"})
_SPARED = frozenset({"music", "voice", "original", "video"})


def parts_of(clauses: list[Clause], line: Line, context: Context) -> list[Part]:
    """The steps of `clauses` in the order they take effect; negated clauses give none."""
    parts: list[Part] = []
    spoken = ""
    for clause in _in_order(clauses):
        if take_named_songs(parts, clause) or clause.match is None or not clause.match.frame.op:
            continue
        bag = Bag(clause, line, context, clause.match.frame.op)
        if clause.negated:
            parts.extend(_spared(clause, bag))
        else:
            for part in _of_clause(clause, bag):
                point_at(spoken, part)
                fold(parts, part)
        spoken = track_spoken_of([item.gift("target") for item in clause.items]) or spoken
    _name_the_file(parts, clauses, context)
    parts = _without_known_protection(with_ambience(_without_made_voices(parts)))
    _sound_alone(parts)
    return _without_repeats([part for part in parts if part.op != "export"] + _exports(parts))


def _in_order(clauses: list[Clause]) -> list[Clause]:
    """`clauses` in their order: "A after B" is B, A; "before B, A" is A, B; "but first B" comes first."""
    ordered: list[Clause] = []
    held: list[Clause] = []
    for clause in clauses:
        real = clause.match is not None and bool(clause.match.frame.op)
        if clause.link == "after" and ordered and real:
            ordered.insert(len(ordered) - 1, clause)
        elif clause.link == "before_that":
            ordered.insert(0, clause)
        elif clause.link == "before" and not ordered and real:
            held.append(clause)
        else:
            ordered.extend([clause, *held])
            held = []
    return ordered + held


def _of_clause(clause: Clause, bag: Bag) -> list[Part]:
    assert clause.match is not None
    frame = clause.match.frame
    if frame.op == "unsupported":
        return [Part("unsupported", {"feature": _feature(bag)}, clause)]
    args = bound(frame.op, frame.args, bag)
    names_no_track = not any(track_spoken_of([target]) for target in bag.gifts("target"))
    if frame.op == "replace_music":
        return [removal(bag), Part("add_music", args, clause)]
    takes_music_out = frame.op == "mute" and args == {"target": "music"} and "remove" in clause.match.actions
    if takes_music_out or frame.op == "remove_music":
        return removals(bag, args)
    part = Part(frame.op, args, clause, names_no_track=names_no_track)
    if frame.op == "reframe" and "export" in clause.match.actions:  # "export it vertical" is both
        return [part, Part("export", {}, clause)]
    if frame.op == "export" and bag.slot("range") is not None:
        kept = {name: value for name, value in span(bag).items() if value is not None}
        return [Part("trim", kept, clause), part]
    return _for_each_clip(part, bag) or _for_each_noise(part, bag) or [part, *_second_range(part, bag)]


def _feature(bag: Bag) -> str:
    return next(
        (reading.feature for item in bag.items for reading in item.readings if reading.feature), "unknown"
    )


def _for_each_clip(part: Part, bag: Bag) -> list[Part]:
    """ "Delete the second and the fourth clip": one step a clip."""
    numbers = bag.slot("swap")
    if numbers is None or part.op not in _BY_CLIP:
        return []
    key, form = _BY_CLIP[part.op]
    return [
        Part(part.op, {**part.args, key: form.format(number) if form else number}, part.clause)
        for number in numbers
    ]


def _for_each_noise(part: Part, bag: Bag) -> list[Part]:
    """ "Remove the echo and the hum": one step a kind of noise."""
    kinds = bag.gifts("type")
    if part.op != "denoise" or len(kinds) < 2:
        return []
    return [Part(part.op, {**part.args, "type": kind}, part.clause) for kind in kinds]


def _second_range(part: Part, bag: Bag) -> list[Part]:
    """ "The first 8 and the last 15 seconds": one slot, two ranges, two steps."""
    also = (bag.slot("range") or {}).get("also")
    if not also or not {"start", "end"} & part.args.keys():
        return []
    args = {**part.args, "start": also["start"], "end": also["end"]}
    if args["end"] == "end":
        del args["end"]
    return [Part(part.op, args, part.clause)]


def _spared(clause: Clause, bag: Bag) -> list[Part]:
    """ "Louder, but not the music": what is left out of the clause before is protected; "remove the
    music, but not the crowd": what is not to be removed is kept."""
    if clause.match is not None and "remove" in clause.match.actions and bag.has("noise", "ambience"):
        return [Part(KEEPS_SOUNDS, {}, clause)]
    target = next((target for target in bag.gifts("target") if target in _SPARED), None)
    return [Part("protect", {"target": target}, clause)] if clause.borrowed and target else []


def _name_the_file(parts: list[Part], clauses: list[Clause], context: Context) -> None:
    """Fill in the file a step can only mean: named elsewhere in the sentence, else (inferred) at hand."""
    slots = [item.slot for clause in clauses for item in clause.items if item.slot is not None]
    used = {value for part in parts for value in part.args.values() if isinstance(value, str)}
    spare = [
        slot.value
        for slot in slots
        if slot.kind == "file" and slot.value not in used and file_kind(slot.value) in ("audio", "music")
    ]
    for part in parts:
        if "source" in part.args or part.op not in _NEED_A_SOUND:
            continue
        file = implied_file(context)
        if len(spare) == 1:
            part.args["source"] = spare[0]
        elif file is not None:
            part.args["source"] = file.name
            part.inferred = ("source",)


def _without_made_voices(parts: list[Part]) -> list[Part]:
    """ "Replace my voice with an AI": where the new sound would have to be made, nothing is replaced."""
    made = any(part.op == "unsupported" and part.args.get("feature") in _MADE_SOUND for part in parts)
    return [
        part
        for part in parts
        if not made or part.op not in ("replace_audio", "add_audio") or "source" in part.args
    ]


def _sound_alone(parts: list[Part]) -> None:
    """ "Download it as an mp3", with nothing else to do, asks for the sound of the video."""
    if len(parts) == 1 and parts[0].op == "export" and parts[0].args.get("format") in _SOUND_FORMATS:
        kept = {_OF_SOUND.get(name, name): value for name, value in parts[0].args.items()}
        parts[0].op = "extract_audio"
        parts[0].args = {name: value for name, value in kept.items() if name in ("format", "bitrate_kbps")}


def _exports(parts: list[Part]) -> list[Part]:
    """The exports, one where two clauses describe the same file."""
    merged: list[Part] = []
    for part in parts:
        if part.op != "export":
            continue
        if merged and all(merged[-1].args.get(key, value) == value for key, value in part.args.items()):
            merged[-1].args.update(part.args)
            if "max_size_mb" in merged[-1].args:
                merged[-1].args.pop("quality", None)
        else:
            merged.append(part)
    return merged


def _without_known_protection(parts: list[Part]) -> list[Part]:
    """Leave out what an operation keeps anyway: taking the music out keeps the voice, and vice versa."""
    if any(part.op == "protect" and part.args.get("target") == "original" for part in parts):
        for part in parts:  # what lies beside the untouched original sound is a track of its own
            if part.op == "remove_music" and "source" not in part.args:
                part.op, part.args = "delete", {"target": "music"}
    safe = set[str]().union(*(_KEPT_ANYWAY.get(part.op, ()) for part in parts))
    return [part for part in parts if part.op != "protect" or part.args.get("target") not in safe]


def _without_repeats(parts: list[Part]) -> list[Part]:
    kept: list[Part] = []
    for part in parts:
        if not any(part.op == each.op and part.args == each.args for each in kept):
            kept.append(part)
    return kept
