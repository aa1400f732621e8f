"""Drafts: projects go out and come back unchanged, edits win, and nothing else gets in."""

import copy
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saycut.errors import BadDraft, Impossible
from saycut.operations.base import NothingToDo
from saycut.operations.catalogue import build
from saycut.timeline.draft import draft_is_ready, draft_of, project_from_draft
from saycut.timeline.project import Asset, Project, Title
from saycut.timeline.value import but
from tests.plans import Model, random_plan
from tests.projects import SAME, GivenFacts, project, recording, segment, video

Json = dict[str, Any]
LENGTHS = (60, 43, 25)
CLIPS = [video(f"clip{n}", Fraction(length, 25)) for n, length in enumerate(LENGTHS)]
STILL = Asset(id="still", name="cover.png", kind="image", duration_s=Fraction(5), width=800, height=600)
SILENT = video("silent", 4, sound=False)
LAV, SONG = recording("lav", 30), recording("song", 3)
KNOWN = {asset.id: asset for asset in (*CLIPS, STILL, SILENT, LAV, SONG)}

# What plans of clip verbs (tests.plans) do not reach: sounds beside, levels, titles, shapes, transitions.
MORE: list[tuple[str, Json]] = [
    ("sync_audio", {"source": "lav.wav"}),
    ("replace_audio", {"source": "lav.wav"}),
    ("add_audio", {"source": "song.wav", "start": 1.25, "role": "sfx"}),
    ("add_music", {"source": "song.wav"}),
    ("add_music", {"mood": "calm", "volume": 35}),
    ("duck", {}),
    ("remove_music", {}),
    ("denoise", {"strength": "strong"}),
    ("normalize", {"lufs": -16}),
    ("enhance_audio", {}),
    ("mute", {}),
    ("volume", {"percent": 35, "start": 0.3, "end": 1.1}),
    ("text", {"text": "Urban “Dreams” 城市", "start": 0.2, "duration": 1}),
    ("text", {"text": "lower", "style": "lower_third", "color": "yellow"}),
    ("transition", {"duration": 0.4}),
    ("transition", {"type": "wipe_left", "duration": 0.2, "clip": 1}),
    ("fade", {}),
    ("crop", {"percent": 10, "edges": ["left"]}),
    ("reframe", {"aspect": "9:16"}),
    ("speed", {"factor": 1.7, "start": 0.12, "end": 2.4}),
    ("reverse", {"clip": 1}),
    ("cut", {"start": 0.52, "end": 0.96}),
    ("export", {"platform": "youtube", "fps": 29.97, "max_size_mb": 3}),
    ("protect", {"target": "music"}),
]


def opened() -> Project:
    made = project(*CLIPS)
    assert made.main is not None
    numbered = tuple(but(s, clip=n) for n, s in enumerate(made.main.segments))
    return but(made.with_track(but(made.main, segments=numbered)), assets=(*CLIPS, LAV, SONG))


def edited(seed: int, more: list[int]) -> Project:
    """A project after a random plan; verbs with nothing to do are left out."""
    model = Model.of(LENGTHS, Fraction(25))
    steps = [(step.op, step.args) for step in random_plan(model, np.random.default_rng(seed), most=5)]
    for place, number in enumerate(more):
        steps.insert(place * 2, MORE[number])
    made, facts = opened(), GivenFacts(match=SAME, music=SAME)
    for number, (op, args) in enumerate(steps):
        try:
            made = build(op, args).apply(made, facts, str(number)).project
        except (NothingToDo, Impossible):
            continue
    return made


def known_to(made: Project) -> Mapping[str, Asset]:
    return KNOWN | {asset.id: asset for asset in made.assets}


def through_text(draft: Json) -> Json:
    read: Json = json.loads(json.dumps(draft))
    return read


PLANS = st.builds(
    edited, st.integers(0, 1 << 32), st.lists(st.integers(0, len(MORE) - 1), max_size=5, unique=True)
)


@given(PLANS)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_project_goes_out_and_comes_back(made: Project) -> None:
    draft = draft_of(made)
    assert through_text(draft) == draft
    back = project_from_draft(draft, known_to(made))
    assert back == made
    assert draft_of(back) == draft
    assert draft_is_ready(draft)


@pytest.mark.parametrize("verb", MORE, ids=[f"{op}-{n}" for n, (op, _) in enumerate(MORE)])
def test_every_verb_leaves_something_that_comes_back(verb: tuple[str, Json]) -> None:
    before = build("add_music", {"mood": "calm"}).apply(opened(), GivenFacts(), "0").project
    before = build("mute", {}).apply(before, GivenFacts(), "1").project if verb[0] == "unmute" else before
    made = build(*verb).apply(before, GivenFacts(match=SAME, music=SAME), "2").project
    assert made != before or verb[0] in {"duck", "protect"}
    assert project_from_draft(through_text(draft_of(made)), known_to(made)) == made


def with_unknown(value: Any, rng: np.random.Generator) -> Any:
    """`value`, a draft, with entries of a client's own at every level."""
    if isinstance(value, list):
        return [with_unknown(one, rng) for one in value]
    if not isinstance(value, dict):
        return value
    more = {key: with_unknown(one, rng) if key in ("t", "sg") else one for key, one in value.items()}
    for holder in (more, more.setdefault("m", {})):
        if rng.random() < 0.5:
            holder[f"x{rng.integers(3)}"] = {"a": [1, 2.5, None, "视频", {"b": True}]}
    return more


@given(PLANS, st.integers(0, 1 << 32))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_the_clients_own_is_kept_at_every_level(made: Project, seed: int) -> None:
    sent = with_unknown(draft_of(made), np.random.default_rng(seed))
    assert draft_of(project_from_draft(sent, known_to(made))) == sent


def holds(returned: Any, sent: Any) -> bool:
    """Whether everything sent is in what was returned; exact values are told anew."""
    if isinstance(sent, dict):
        keys = [key for key in sent if key != "saycut"]
        return isinstance(returned, dict) and all(k in returned and holds(returned[k], sent[k]) for k in keys)
    if isinstance(sent, list):
        same = isinstance(returned, list) and len(returned) == len(sent)
        return same and all(holds(a, b) for a, b in zip(returned, sent, strict=True))
    return bool(returned == sent)


OWN = st.dictionaries(
    st.sampled_from(["k", "text2", "name", "v"]), st.integers() | st.text(max_size=5), max_size=2
)


@st.composite
def by_hand(draw: st.DrawFn) -> Json:
    """A draft that a client of the cloud service writes: few entries, tracks in any order."""

    def listed(one: st.SearchStrategy[Json]) -> list[Json]:
        return draw(st.lists(one, min_size=1, max_size=4))

    def m(**told: Any) -> Json:
        own = {k: v for k, v in draw(OWN).items() if not isinstance(v, int) or abs(v) < 1 << 60}
        own = {k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in own.items()}
        return {**own, **told}

    clips = [
        {"d": draw(st.integers(1, 900)), "m": m(asset_id=draw(st.sampled_from(["clip0", "clip1", "still"])))}
        for _ in range(draw(st.integers(1, 4)))
    ]
    tracks: list[Json] = [{"tt": 0, "sg": clips, **({"m": m()} if draw(st.booleans()) else {})}]
    for _ in range(draw(st.integers(0, 2))):
        at, sounds = 0, []
        for _ in range(draw(st.integers(0, 3))):
            at += draw(st.integers(0, 500))
            start, length = draw(st.integers(0, 2000)), draw(st.integers(1, 900))
            sounds.append({"d": length, "m": m(file_id="song", at_ms=at, start_ms=start)})
            at += length
        tracks.insert(draw(st.integers(0, len(tracks))), {"tt": 1, "sg": sounds})
    for _ in range(draw(st.integers(0, 2))):
        titles = [
            {"d": draw(st.integers(1, 900)), "m": m(text="hi", at_ms=draw(st.integers(0, 900)))}
            for _ in range(draw(st.integers(0, 2)))
        ]
        tracks.insert(draw(st.integers(0, len(tracks))), {"tt": 7, "sg": titles, "x": 1})
    return {"t": tracks, "m": m(), "z": None}


@given(by_hand())
@settings(max_examples=200, deadline=None)
def test_a_draft_by_hand_comes_back_with_all_that_was_in_it(sent: Json) -> None:
    first = project_from_draft(sent, KNOWN)
    returned = draft_of(first)
    assert holds(returned, sent), returned
    assert project_from_draft(through_text(returned), KNOWN) == first
    assert draft_of(project_from_draft(returned, KNOWN)) == returned


def minimal(*lengths: int, **more: Any) -> Json:
    sg = [{"d": length, "m": {"asset_id": f"clip{n % 3}"}} for n, length in enumerate(lengths)]
    return {"t": [{"tt": 0, "sg": sg, **more}]}


def test_the_least_that_a_client_sends() -> None:
    made = project_from_draft({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"file_id": "clip0"}}]}]}, KNOWN)
    assert made.main is not None
    (clip,) = made.main.segments
    assert (clip.asset_id, clip.at_s, clip.duration_s, made.main.id) == ("clip0", 0, 1, "main")
    assert [asset.id for asset in made.assets] == ["clip0"]
    whole = project_from_draft({"t": [{"tt": 0, "sg": [{"m": {"asset_id": "clip0"}}]}]}, KNOWN)
    assert whole.duration_s == CLIPS[0].duration_s
    sound = project_from_draft({"t": [{"tt": 1, "sg": [{"d": 9, "m": {"asset_id": "lav"}}]}]}, KNOWN)
    assert sound.main is not None


def test_clips_by_hand_lie_end_to_end_and_are_clips_of_their_own() -> None:
    made = project_from_draft(minimal(1000, 500, 250, 700), KNOWN)
    assert made.main is not None
    assert [float(s.at_s) for s in made.main.segments] == [0, 1, 1.5, 1.75]
    assert [s.clip for s in made.main.segments] == [0, 1, 2, 3]


def test_a_changed_number_wins_and_what_follows_moves_up() -> None:
    draft = draft_of(opened())
    clips = draft["t"][0]["sg"]
    clips[0]["d"] = 1001
    clips[1]["m"]["start_ms"] = 40
    made = project_from_draft(draft, KNOWN)
    assert made.main is not None
    first, second, third = made.main.segments
    assert (first.duration_s, second.at_s) == (Fraction(1001, 1000), Fraction(1001, 1000))
    assert (second.start_s, second.duration_s) == (Fraction(1, 25), CLIPS[1].duration_s)
    assert third.at_s == second.end_s
    assert draft_of(made)["t"][0]["sg"][0]["d"] == 1001


def test_clips_may_be_taken_out_doubled_and_put_into_another_order() -> None:
    draft = draft_of(opened())
    clips = draft["t"][0]["sg"]
    draft["t"][0]["sg"] = [clips[2], clips[0], copy.deepcopy(clips[2])]
    made = project_from_draft(draft, KNOWN)
    assert made.main is not None
    assert [s.asset_id for s in made.main.segments] == ["clip2", "clip0", "clip2"]
    assert made.duration_s == 2 * CLIPS[2].duration_s + CLIPS[0].duration_s


def test_a_clip_that_plays_backwards_keeps_the_picture_it_begins_with() -> None:
    turned = build("reverse", {}).apply(opened(), GivenFacts(), "1").project
    draft = draft_of(turned)
    draft["t"][0]["sg"][0]["d"] = 500
    assert turned.main is not None
    made = project_from_draft(draft, KNOWN)
    assert made.main is not None
    assert made.main.segments[0].source_end_s == turned.main.segments[0].source_end_s


def test_what_goes_over_into_a_clip_is_as_long_as_it() -> None:
    joined = build("transition", {"duration": 0.4}).apply(opened(), GivenFacts(), "1").project
    draft = draft_of(joined)
    place = next(n for n, one in enumerate(draft["t"][0]["sg"]) if "blend" in one["m"]["saycut"])
    draft["t"][0]["sg"][0]["d"] -= 100
    draft["t"][0]["sg"][place]["d"] -= 100
    made = project_from_draft(draft, KNOWN)
    assert made.main is not None
    segment_ = made.main.segments[place]
    assert segment_.blend is not None
    before = segment_.blend.before
    assert (before.at_s, before.duration_s) == (segment_.at_s, segment_.duration_s)


def test_what_goes_over_into_a_clip_is_as_long_as_its_source_at_most() -> None:
    joined = build("transition", {"duration": 0.4}).apply(opened(), GivenFacts(), "1").project
    draft = draft_of(joined)
    blended = next(one for one in draft["t"][0]["sg"] if "blend" in one["m"]["saycut"])
    blended["d"] += 300
    with pytest.raises(BadDraft) as error:
        project_from_draft(draft, KNOWN)
    assert str(error.value.facts["path"]).endswith("m.saycut.blend.before.duration_s")


def test_titles_of_several_lines_keep_their_tracks_and_their_order() -> None:
    titles = [
        Title(by=str(n), text=str(n), start_s=Fraction(n), end_s=Fraction(9), line=n % 2) for n in range(5)
    ]
    made = but(opened(), titles=tuple(titles))
    draft = draft_of(made)
    assert [[one["m"]["text"] for one in track["sg"]] for track in draft["t"][1:]] == [
        ["0", "2", "4"],
        ["1", "3"],
    ]
    assert project_from_draft(draft, KNOWN) == made


def test_what_a_draft_said_besides_outlives_edits() -> None:
    sent = minimal(1000, 1000, m={"label": "A-roll"}) | {"m": {"theme": "dark"}}
    sent["t"].append({"tt": 7, "sg": [{"d": 500, "m": {"text": "hi", "font": "serif"}}]})
    sent["t"][0]["sg"][1]["m"]["filter"] = ["warm"]
    made = project_from_draft(sent, KNOWN)
    made = build("cut", {"start": 1.2, "end": 1.4}).apply(made, GivenFacts(), "1").project
    returned = draft_of(made)
    assert returned["m"]["theme"] == "dark"
    assert returned["t"][0]["m"]["label"] == "A-roll"
    assert [one["m"].get("filter") for one in returned["t"][0]["sg"]] == [None, ["warm"], ["warm"]]
    assert returned["t"][1]["sg"][0]["m"]["font"] == "serif"


HUGE = "9" * 400


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("t", None, "t"),
        ("t", {}, "t"),
        ("t", [1], "t[0]"),
        ("t", [{}] * 101, "t"),
        ("d", "long", "d"),
        ("m", [], "m"),
        ("m.saycut.v", 2, "m.saycut.v"),
        ("m.saycut.more", 2, "m.saycut.more"),
        ("m.saycut.assets", ["clip0", "stranger"], "m.saycut.assets[1]"),
        ("m.saycut.cover_id", "stranger", "m.saycut.cover_id"),
        ("m.saycut.output", {"width": 10**6}, "m.saycut.output.width"),
        ("m.saycut.output", {"width": 4000, "aspect": "1/99"}, "m.saycut.output.width"),
        ("m.saycut.output", {"format": "../../x"}, "m.saycut.output.format"),
        ("m.saycut.output", {"quality": "best"}, "m.saycut.output.quality"),
        ("m.saycut.target", {"lufs": 400.0}, "m.saycut.target.lufs"),
        ("m.saycut.fades", {"sound_in_s": "-1"}, "m.saycut.fades.sound_in_s"),
        ("m.saycut.protected", ["nobody"], "m.saycut.protected[0]"),
        ("t.0.tt", 3, "t[0].tt"),
        ("t.0.tt", "0", "t[0].tt"),
        ("t.0.tt", False, "t[0].tt"),
        ("t.0.tt", 1, "t[0].sg[0].m.asset_id"),
        ("t.0.sg", None, "t[0].sg"),
        ("t.0.sg", [[]], "t[0].sg[0]"),
        ("t.0.m.saycut.gain_db", "loud", "t[0].m.saycut.gain_db"),
        ("t.0.m.saycut.gain_db", 1e9, "t[0].m.saycut.gain_db"),
        ("t.0.m.saycut.role", "music", "t[0].tt"),
        ("t.0.m.saycut.role", [], "t[0].m.saycut.role"),
        ("t.0.m.saycut.segments", [], "t[0].m.saycut.segments"),
        ("t.1.m.saycut.id", "main", "t[1].m.saycut.id"),
        ("t.1.m.saycut.role", "main", "t[1]"),
        ("t.0.sg.2.d", -1, "t[0].sg[2].d"),
        ("t.0.sg.2.d", 0, "t[0].sg[2].m.saycut.duration_s"),
        ("t.0.sg.2.d", "3000", "t[0].sg[2].d"),
        ("t.0.sg.2.d", True, "t[0].sg[2].d"),
        ("t.0.sg.2.d", None, "t[0].sg[2].d"),
        ("t.0.sg.2.d", float("nan"), "t[0].sg[2].d"),
        ("t.0.sg.2.d", float("inf"), "t[0].sg[2].d"),
        ("t.0.sg.2.d", 1e300, "t[0].sg[2].d"),
        ("t.0.sg.2.d", 10**30, "t[0].sg[2].d"),
        ("t.0.sg.2.d", 60_000, "t[0].sg[2].m.saycut.duration_s"),
        ("t.0.sg.2.m", "x", "t[0].sg[2].m"),
        ("t.0.sg.2.m.asset_id", "stranger", "t[0].sg[2].m.asset_id"),
        ("t.0.sg.2.m.asset_id", ["clip0"], "t[0].sg[2].m.asset_id"),
        ("t.0.sg.2.m.asset_id", "lav", "t[0].sg[2].m.asset_id"),
        ("t.0.sg.2.m.file_id", "clip0", "t[0].sg[2].m.file_id"),
        ("t.0.sg.2.m", {}, "t[0].sg[2].m.asset_id"),
        ("t.0.sg.1.m.at_ms", 100, "t[0].sg[1].m.at_ms"),
        ("t.0.sg.1.m.at_ms", 99_000, "t[0].sg[1].m.at_ms"),
        ("t.0.sg.1.m.start_ms", -5, "t[0].sg[1].m.start_ms"),
        ("t.0.sg.1.m", {"asset_id": "clip1", "saycut": {"start_s": "-1/25"}}, "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m.saycut.start_s", "1/0", "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m.saycut.start_s", "1e9", "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m.saycut.start_s", "٣", "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m", {"asset_id": "clip1", "saycut": {"start_s": HUGE}}, "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m.saycut.start_s", HUGE * 5, "t[0].sg[1].m.saycut.start_s"),
        ("t.0.sg.1.m.saycut.speed", True, "t[0].sg[1].m.saycut.speed"),
        ("t.0.sg.1.m.saycut.speed", 1e300, "t[0].sg[1].m.saycut.speed"),
        ("t.0.sg.1.m.saycut.speed", "0", "t[0].sg[1].m.saycut.speed"),
        ("t.0.sg.1.m.saycut.speed", "-1", "t[0].sg[1].m.saycut.speed"),
        ("t.0.sg.1.m.saycut.gain_db", True, "t[0].sg[1].m.saycut.gain_db"),
        ("t.0.sg.1.m.saycut.kept", "{", "t[0].sg[1].m.saycut.kept"),
        ("t.0.sg.1.m.saycut.asset_id", "clip2", "t[0].sg[1].m.saycut.asset_id"),
        ("t.0.sg.1.m.saycut.asset_id", "clip1", "t[0].sg[1].m.saycut.asset_id"),
        ("t.0.sg.1.m.saycut.look", {"left": "1"}, "t[0].sg[1].m.saycut.look.left"),
        ("t.0.sg.1.m.saycut.look", {"turn_deg": 45}, "t[0].sg[1].m.saycut.look.turn_deg"),
        ("t.0.sg.1.m.saycut.look", {"tilt": 45}, "t[0].sg[1].m.saycut.look.tilt"),
        ("t.0.sg.1.m.saycut.clip", -1, "t[0].sg[1].m.saycut.clip"),
        (
            "t.0.sg.1.m.saycut.cleanups",
            [{"type": "magic", "by": "1"}],
            "t[0].sg[1].m.saycut.cleanups[0].type",
        ),
        (
            "t.0.sg.1.m.saycut.cleanups",
            [{"type": "remove_music", "by": "1", "track": "stranger"}],
            "t[0].sg[1].m.saycut.cleanups[0].track",
        ),
        ("t.0.sg.1.m.saycut.blend", 1, "t[0].sg[1].m.saycut.blend"),
        ("t.0.sg.1.m.saycut.blend", {"kind": "x"}, "t[0].sg[1].m.saycut.blend.kind"),
        ("t.0.sg.1.m.saycut.blend", {"kind": []}, "t[0].sg[1].m.saycut.blend.kind"),
        ("t.0.sg.1.m.saycut.blend", {"kind": "black"}, "t[0].sg[1].m.saycut.blend.before"),
        ("t.1.tt", 0, "t[1].tt"),
        ("t.1.sg.0.m.asset_id", "silent", "t[1].sg[0].m.asset_id"),
        ("t.1.sg.1.m.at_ms", 20, "t[1].sg[1].m.at_ms"),
        ("t.2.sg.0.m.text", "", "t[2].sg[0].m.text"),
        ("t.2.sg.0.m.text", 5, "t[2].sg[0].m.text"),
        ("t.2.sg.0.m.text", "x" * 501, "t[2].sg[0].m.text"),
        ("t.2.sg.0.m.text", "x" * 20_001, "t[2].sg[0].m.text"),
        ("t.2.sg.0.m.text", "a\x00b", "t[2].sg[0].m.text"),
        ("t.2.sg.0.m.text", "\ud83d", "t[2].sg[0].m.text"),
        ("t.2.sg.0.d", 0, "t[2].sg[0].m.saycut.end_s"),
        ("t.2.sg.0.m.saycut.color", "url(x)", "t[2].sg[0].m.saycut.color"),
        ("t.2.sg.0.m.saycut.position", "away", "t[2].sg[0].m.saycut.position"),
        ("t.2.sg.0.m.saycut.line", 1, "t[2].sg[0].m.saycut.line"),
        ("t.2.m", {"saycut": {"x": 1}}, "t[2].m.saycut.x"),
        ("x", {"y" * 201: 1}, "x"),
        ("x", {1: 1}, "x"),
        ("x", {1, 2}, "x"),
        ("x", b"bytes", "x"),
        ("x", float("-inf"), "x"),
    ],
)
def test_the_wrong_field_is_named(place: str, value: Any, path: str) -> None:
    made = but(
        build("add_music", {"source": "song.wav"}).apply(opened(), GivenFacts(), "1").project,
        titles=(Title(by="1", text="hi", start_s=Fraction(0), end_s=Fraction(1)),),
    )
    draft = through_text(draft_of(made))
    *way, last = place.split(".")
    holder: Any = draft
    for key in way:
        holder = holder[int(key) if key.isdigit() else key]
    holder[last] = value
    with pytest.raises(BadDraft) as error:
        project_from_draft(draft, KNOWN)
    assert error.value.facts["path"] == path
    assert (error.value.http_status, error.value.exit_code, error.value.code) == (422, 2, "bad_draft")
    assert path in error.value.sentence("zh")


def test_a_draft_nested_without_end_is_refused_before_it_is_read() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadDraft):
        project_from_draft({"t": [], "x": deep}, KNOWN)
    with pytest.raises(BadDraft):
        project_from_draft({"t": [], "x": [0] * 1_000_001}, KNOWN)
    with pytest.raises(BadDraft):
        project_from_draft({"t": [{"tt": 1, "sg": [{}] * 20_001}]}, KNOWN)


def test_exact_times_that_would_grow_without_end_are_refused() -> None:
    """Lengths with long coprime denominators: their sum doubles in length with every clip."""
    sg = [
        {"m": {"asset_id": "still", "saycut": {"duration_s": f"{10**990}/{10**990 - 2 * n - 1}"}}}
        for n in range(50)
    ]
    with pytest.raises(BadDraft) as error:
        project_from_draft({"t": [{"tt": 0, "sg": sg}]}, KNOWN)
    assert error.value.facts["path"] == "t[0].sg[1].m.at_ms"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["t", "tt", "sg", "d", "m", "saycut", "asset_id", "at_ms", "text", "v", "blend"])
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(JSON)
@settings(max_examples=500, deadline=None)
def test_any_json_is_a_draft_or_refused(draft: Any) -> None:
    draft_is_ready(draft)
    try:
        made = project_from_draft(draft, KNOWN)
    except BadDraft as error:
        assert error.sentence("en") != error.sentence("zh")
        return
    assert project_from_draft(draft_of(made), KNOWN) == made


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return found + [place for key, one in entries for place in places(one, (*way, key))]


@given(PLANS, st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_true_draft_with_one_field_spoilt_is_a_draft_or_refused(made: Project, data: st.DataObject) -> None:
    draft = draft_of(made)
    *way, last = data.draw(st.sampled_from(places(draft)))
    holder: Any = draft
    for key in way:
        holder = holder[key]
    holder[last] = data.draw(
        JSON | st.sampled_from(["clip0", "1/3", "-1", "main", "music"]) | st.integers(0, 5000)
    )
    try:
        spoilt = project_from_draft(draft, known_to(made))
    except BadDraft:
        return
    assert project_from_draft(through_text(draft_of(spoilt)), known_to(made)) == spoilt


@pytest.mark.parametrize(
    ("draft", "ready"),
    [
        ({"t": [{"tt": 0, "sg": [{}]}]}, True),
        ({"t": [{"tt": 0, "sg": []}, {"tt": 1, "sg": [1]}]}, True),
        ({"t": [{"tt": 0, "sg": []}]}, False),
        ({"t": []}, False),
        ({"t": {}}, False),
        ({"t": [None, 1, {"sg": {"a": 1}}]}, False),
        ({}, False),
        (None, False),
        ([], False),
    ],
)
def test_when_a_draft_is_ready_for_export(draft: Any, ready: bool) -> None:
    assert draft_is_ready(draft) is ready


def test_an_empty_project_is_a_draft_that_is_not_ready() -> None:
    draft = draft_of(Project())
    assert not draft_is_ready(draft)
    assert project_from_draft(draft, {}) == Project()


def test_a_long_timeline_is_read_in_a_moment() -> None:
    """Ten thousand clips, the most that cutting by silence has given, three times over."""
    clip = video(seconds=20_000)
    base = segment(clip)
    cut = tuple(
        but(base, at_s=Fraction(n), start_s=Fraction(3 * n, 2), duration_s=Fraction(1), clip=0)
        for n in range(10_000)
    )
    made = project(clip)
    assert made.main is not None
    made = made.with_track(but(made.main, segments=cut))
    assert project_from_draft(draft_of(made), {clip.id: clip}) == made
