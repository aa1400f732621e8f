"""Music taken out: which songs are named, and whether the ambience stays beside the voice."""

from saycut.language.bag import Bag
from saycut.language.clauses import Clause
from saycut.language.filenames import file_kind, sound_role
from saycut.language.parts import Part
from saycut.language.reader import Args

KEEPS_SOUNDS = "keep_sounds"  # what is said of other sounds until it is known whether music goes
_SAID_BESIDE = frozenset({"unsupported", "protect", KEEPS_SOUNDS})
_NAMING = frozenset({"add_music", "add_audio", "use_audio", "remove_music"})
_IN_IT = ("music", "recording", "original", "audio", "video", "voice")


def removal(bag: Bag) -> Part:
    """Music on a track of its own is deleted; music inside the recording has to be separated out."""
    if _lies_beside(bag):
        return Part("delete", {"target": "music"}, bag.clause)
    return Part("remove_music", {}, bag.clause)


def removals(bag: Bag, args: Args) -> list[Part]:
    """ "Take a.mp3 and b.mp3 out of the recording": one step a song. A recording is no song."""
    if "source" in args:
        return _songs_out(bag)
    part = removal(bag)
    if part.op == "remove_music" and "keep" in args:
        part.args["keep"] = args["keep"]
    return [part]


def take_named_songs(parts: list[Part], clause: Clause) -> bool:
    """ "Remove the music, a.mp3 and b.mp3 are the songs": whether `clause` only names songs for the
    removal before it; if so `parts` has one step for each of them."""
    last = next((part for part in reversed(parts) if part.op not in _SAID_BESIDE), None)
    if last is None or last.op != "remove_music" or clause.negated or not _only_names(clause):
        return False
    if clause.link == "and" and parts[-1] is not last:  # "but keep the voice and a.mp3"
        return False
    if "source" not in last.args:
        parts.remove(last)
    parts.extend(Part("remove_music", {"source": song}, clause) for song in _files(clause))
    return True


def with_ambience(parts: list[Part]) -> list[Part]:
    """The steps, with what is said of other sounds told to the step that takes the music out; where no
    music goes it needs no step."""
    removed = [part for part in parts if part.op == "remove_music"]
    asked = any(_keeps_sounds(part) for part in parts)
    for part in removed:
        if asked and "source" not in part.args:
            part.args = {"keep": "ambience"}
    return [part for part in parts if part.op != KEEPS_SOUNDS and not (removed and _spares_the_rest(part))]


def _keeps_sounds(part: Part) -> bool:
    taken_out = part.op == "remove_music" and "keep" in part.args
    return taken_out or part.op == KEEPS_SOUNDS or _spares_the_rest(part)


def _songs_out(bag: Bag) -> list[Part]:
    if bag.mentions("except"):  # one song spared is what nothing here can do
        return []
    songs = [name for name in bag.slots("file") if _may_be_a_song(name)]
    if songs and (bag.mentions(*_IN_IT) or not _lies_beside(bag)):
        return [Part("remove_music", {"source": song}, bag.clause) for song in songs]
    return [removal(bag)] if songs or bag.has("music") else []


def _lies_beside(bag: Bag) -> bool:
    return any("music" in track.lower() or track.lower() == "bgm" for track in bag.context.tracks)


def _may_be_a_song(name: str) -> bool:
    return file_kind(name) in ("audio", "music") and sound_role(name) is None


def _files(clause: Clause) -> list[str]:
    return [item.slot.value for item in clause.items if item.slot is not None]


def _only_names(clause: Clause) -> bool:
    """Whether songs are all that `clause` holds: no other value, no wish of its own."""
    slots = [item.slot for item in clause.items if item.slot is not None]
    if not slots or not all(slot.kind == "file" and _may_be_a_song(slot.value) for slot in slots):
        return False
    if clause.borrowed:
        return True
    if clause.match is not None and clause.match.frame.op not in _NAMING:
        return False
    return not any(item.has_role("action") for item in clause.items)


def _spares_the_rest(part: Part) -> bool:
    """ "Leave everything else alone"."""
    rest = any(item.has("all_else") for item in part.clause.items)
    return part.op == "protect" and part.args.get("target") == "video" and rest
