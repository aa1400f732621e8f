"""Folding: a clause that says more about the step before it becomes part of that step.

"Add music, at 20 %, and duck it" is one `add_music`; "the voice is too quiet, raise it by 3 dB" one
`volume`; "throw out the camera sound and use voice.wav" one `replace_audio`.
"""

from saycut.language.music_out import KEEPS_SOUNDS
from saycut.language.parts import Part

_POINTING = frozenset({"volume", "fade", "mute", "denoise"})
_TRACKS = frozenset({"music", "voice", "original"})
_REFINED = frozenset(
    {"volume", "denoise", "speed", "sync_audio", "trim_silence", "normalize", "enhance_audio"}
)
_IT = frozenset({"it", "them", "that"})
_COMPLAINTS = (
    "can not hear",
    "can barely",
    "can hardly",
    "hard to hear",
    "barely audible",
    "inaudible",
    "听 不",
)
_STEP_DB = 3.0  # "a bit quieter" without a number, as for every change of level
_HALVES = {(0, "50%"): "clip:1", ("50%", "end"): "clip:2"}
_WHOLE_SOUND = (None, "original")


def fold(parts: list[Part], part: Part) -> None:
    """Add `part` to `parts`, or into the step it speaks of."""
    last = next((each for each in reversed(parts) if each.op not in ("unsupported", KEEPS_SOUNDS)), None)
    if last is not None and last.op == "split":
        part = _half_of_split(last, part)
    if part.op == "use_audio":
        part = _used_audio(parts, part)
    if last is not None and _belongs_to(last, part):
        return
    if last is not None and last.op == "protect" and part.args.get("target") == last.args["target"]:
        parts.remove(last)  # "keep the original sound, just lower it": kept, but not untouched
    if part.op == "replace_audio":
        for muted in [each for each in parts if _mutes_all(each)]:
            parts.remove(muted)
    parts.append(part)


def _half_of_split(split: Part, part: Part) -> Part:
    """ "Split it at 0:25 and delete the second half": the half is one of the two clips."""
    half = (part.args.get("start", 0), part.args.get("end", "end"))
    in_two = not isinstance(split.args.get("at", []), list)
    if part.op != "cut" or half not in _HALVES or not in_two:
        return part
    return Part("delete", {"target": _HALVES[half]}, part.clause)


def point_at(track: str, part: Part) -> None:
    """ "Fade it out" after the music was spoken of fades the music."""
    if part.op not in _POINTING or not track or not part.names_no_track or "target" in part.args:
        return
    if any(item.text in _IT for item in part.clause.items) or _drops_the_pronoun(part):
        part.args["target"] = track
        if part.op == "fade":
            part.args["media"] = "audio"


def _drops_the_pronoun(part: Part) -> bool:
    """Whether Chinese leaves "it" out: a level or a fade of nothing named (不要去掉音乐，调小一点就好)."""
    things = any(item.has_role("thing") for item in part.clause.items)
    han = any(item.text[:1] >= "\u4e00" for item in part.clause.items)
    return part.op in ("volume", "fade") and han and not things


def _belongs_to(last: Part, part: Part) -> bool:
    """Whether `part` says more about `last`; if so it has been taken in."""
    if last.op == "add_music":
        return _into_music(last, part)
    if last.op == "merge" and part.op == "transition":
        return _into_merge(last, part)
    if last.op == part.op == "fade":
        return _into_fade(last, part)
    return (
        _complains(last, part)
        or _lowers_the_noise(last, part)
        or _takes_back(last, part)
        or _taken_in(last, part)
    )


def _complains(last: Part, part: Part) -> bool:
    """ "The wind is so loud you can barely hear me": why the noise has to go, not a second request."""
    said = any(item.text.startswith(_COMPLAINTS) for item in part.clause.items)
    return last.op == "denoise" and part.op == "volume" and said


def _lowers_the_noise(last: Part, part: Part) -> bool:
    """ "There is a fan humming, turn it down": what is turned down is the noise, not the sound."""
    says_it = any(item.text in _IT for item in part.clause.items)
    if last.op != "denoise" or part.op != "volume" or part.args != {"direction": "down"} or not says_it:
        return False
    strength = next((gift for item in part.clause.items if (gift := item.gift("strength"))), None)
    last.args.update({"strength": strength} if strength else {})
    return True


def _takes_back(last: Part, part: Part) -> bool:
    """Removing the music and then the voice leaves nothing: the last word counts."""
    if {last.op, part.op} != {"remove_music", "isolate_music"} or part.args:
        return False
    last.op, last.args, last.clause = part.op, {}, part.clause
    return True


def _taken_in(last: Part, part: Part) -> bool:
    """ "The voice is too quiet, raise it by 3 dB": the second step says how much."""
    if not _refines(last, part):
        return False
    kept = {key: value for key, value in last.args.items() if key != "direction"}
    last.args = {**kept, **part.args}
    return True


def _into_merge(merge: Part, part: Part) -> bool:
    merge.args["transition"] = part.args.get("type", "crossfade")
    if "duration" in part.args:
        merge.args["transition_duration"] = part.args["duration"]
    return True


def _into_music(music: Part, part: Part) -> bool:
    """Level, fades, ducking and looping of music being added are arguments of `add_music`."""
    target = part.args.get("target")
    if part.op == "duck":
        music.args["duck"] = True
        return True
    if target != "music" and not (target is None and part.names_no_track):
        return False
    if part.op == "volume" and "clip" not in part.args:
        return _volume_into(music, part)
    if part.op == "fade" and part.args.get("media") in (None, "audio"):
        return _fade_into(music, part)
    if part.op == "loop":
        music.args["loop"] = True
        return True
    return False


def _volume_into(music: Part, part: Part) -> bool:
    if "percent" in part.args:
        music.args["volume"] = part.args["percent"]
    elif "gain_db" in part.args:
        music.args["gain_db"] = part.args["gain_db"]
    else:
        music.args["gain_db"] = _STEP_DB if part.args.get("direction") == "up" else -_STEP_DB
    return True


def _fade_into(music: Part, part: Part) -> bool:
    duration = part.args.get("duration")
    for argument, ways in (("fade_in", ("in", "both")), ("fade_out", ("out", "both"))):
        if duration is not None and part.args.get("direction") in ways:
            music.args[argument] = duration
    return True


def _into_fade(last: Part, part: Part) -> bool:
    """ "Fade in at the start and out at the end" is one fade; with two lengths it is two of one track."""
    if part.names_no_track and "target" in last.args and part.clause.link == "and":
        part.args.update({"target": last.args["target"], "media": "audio"})
    ways = {last.args.get("direction"), part.args.get("direction")}
    rest = [{key: value for key, value in each.args.items() if key != "direction"} for each in (last, part)]
    if ways != {"in", "out"} or rest[0] != rest[1]:
        return False
    last.args["direction"] = "both"
    return True


def _refines(last: Part, part: Part) -> bool:
    if part.op != last.op or part.op not in _REFINED or not part.names_no_track or "clip" in part.args:
        return False
    if {"gain_db", "percent", "factor"} & last.args.keys():
        return False
    return all(last.args.get(key, value) == value for key, value in part.args.items())


def _used_audio(parts: list[Part], part: Part) -> Part:
    """ "Use X": in place of the sound that was just thrown out, else on top of it."""
    if any(_mutes_all(each) for each in parts):
        source = {"source": part.args["source"]} if "source" in part.args else {}
        return Part("replace_audio", source, part.clause)
    return Part("add_audio", part.args, part.clause)


def _mutes_all(part: Part) -> bool:
    return part.op == "mute" and part.args.get("target") in _WHOLE_SOUND and "start" not in part.args


def track_spoken_of(gifts: list[object]) -> str:
    """The track among what the words of a clause give, for "it" in the next one; "" when they name none."""
    return next((str(gift) for gift in gifts if gift in _TRACKS), "")
