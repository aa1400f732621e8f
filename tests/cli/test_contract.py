"""The command line through its door: output, exit codes, and what is left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factory import make


def saycut(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "saycut", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def test_edit_prints_one_object_with_the_fields_of_the_contract(tmp_path: Path) -> None:
    done = saycut("edit", make("cfr30"), "--say", "把声音全部去掉导出", "-o", tmp_path / "o.mp4", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"output", "plan", "receipt", "summary", "warnings"} <= set(told)
    assert told["plan"][0]["op"] == "mute"
    fields = {
        "duration_before_s",
        "duration_after_s",
        "lufs_before",
        "lufs_after",
        "true_peak_after_dbtp",
        "noise_floor_before_dbfs",
        "noise_floor_after_dbfs",
        "video",
        "av_end_difference_ms",
        "operations",
    }
    assert fields <= set(told["receipt"])
    assert told["summary"].endswith("。")


def test_edit_prints_the_name_of_the_result_and_talks_on_stderr(tmp_path: Path) -> None:
    out = tmp_path / "o.mp4"
    done = saycut("edit", make("cfr30"), "--say", "mute it", "-o", out)
    assert done.stdout == f"{out}\n"
    assert "Take out" in done.stderr


def test_without_a_name_the_result_lies_beside_the_first_input(tmp_path: Path) -> None:
    clip = tmp_path / "my clip — été.mp4"
    clip.write_bytes(make("cfr30").read_bytes())
    for name in ("my clip — été-saycut.mp4", "my clip — été-saycut-2.mp4"):
        assert saycut("edit", clip, "--say", "mute it").returncode == 0
        assert (tmp_path / name).exists()


def test_a_name_that_is_no_text_can_be_worked_with(tmp_path: Path) -> None:
    clip = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    clip.write_bytes(make("cfr30").read_bytes())
    done = saycut("edit", clip, "--say", "mute it", "--json")
    assert done.returncode == 0, done.stderr
    out = Path(json.loads(done.stdout)["output"])
    assert out.name == os.fsdecode(b"caf\xe9-saycut.mp4")
    assert out.exists()


def test_the_name_decides_the_format_and_a_contradiction_is_said(tmp_path: Path) -> None:
    out = tmp_path / "o.flac"
    done = saycut("edit", make("cfr30"), "--say", "extract the audio as wav", "-o", out)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"fLaC")
    assert "The words ask for WAV; the name o.flac makes it FLAC." in done.stderr


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = saycut("edit", make("cfr30"), "--say", "cut the first second", "--dry-run", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (told["output"], told["receipt"]) == (None, None)
    assert told["operations"][0]["removed_s"] == 1.0
    assert list(tmp_path.iterdir()) == []


BAD: dict[str, tuple[bytes | None, int, str]] = {
    "missing.mp4": (None, 4, "not found"),
    "empty.mp4": (b"", 3, "empty"),
    "text.mp4": (b"This is no video at all, just words.\n" * 40, 3, "text"),
    "noise.mp4": (bytes(range(256)) * 64, 3, ""),
    "header.mp4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08free", 3, ""),
    "playlist.mp4": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", 3, ""),
    "page.mp4": (b"<!doctype html><html><body>404</body></html>", 3, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    content, code, word = BAD[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = saycut("edit", tmp_path / name, "--say", "mute it", "-o", tmp_path / "o.mp4")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("saycut: ")
    assert word in done.stderr
    left = {p.name for p in tmp_path.iterdir()}
    assert left == ({name} if content is not None else set())
    if content is not None:
        assert (tmp_path / name).read_bytes() == content


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("replace the sound with my voiceover", 7),
        ("write me a poem about the sea", 3),
        ("make it shorter", 7),
        ("", 3),
        ("  ", 3),
        ("undo", 3),
        ("redo that", 3),
    ],
)
def test_requests_that_cannot_run_say_so(words: str, code: int, tmp_path: Path) -> None:
    done = saycut("edit", make("cfr30"), "--say", words, "-o", tmp_path / "o.mp4")
    assert done.returncode == code, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_is_two(tmp_path: Path) -> None:
    assert saycut("edit", make("cfr30")).returncode == 2
    assert saycut("no-such-command").returncode == 2
    assert saycut("edit", make("cfr30"), "--say", "mute", "-o", tmp_path / "o.docx").returncode == 2


def test_places_that_cannot_be_written_to_are_usage(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(make("cfr30").read_bytes())
    recipe = tmp_path / "r.json"
    recipe.write_text('{"recipe": 1, "plan": [{"op": "mute"}]}')
    for arguments in (
        ("edit", clip, "--say", "mute it", "-o", clip),
        ("edit", clip, "--say", "mute it", "-o", tmp_path / "absent" / "o.mp4"),
        ("edit", clip, "--say", "mute it", "--recipe-out", tmp_path / "absent" / "r.json"),
        ("apply", recipe, clip, "-o", clip),
    ):
        done = saycut(*arguments, "--lang", "zh")
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "r.json"}
    assert clip.read_bytes() == make("cfr30").read_bytes()


def test_no_sound_cannot_become_a_sound_file(tmp_path: Path) -> None:
    done = saycut("edit", make("cfr30"), "--say", "mute it", "-o", tmp_path / "o.wav")
    assert done.returncode == 3
    assert "no sound" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_rows_and_contexts_that_are_none_are_usage(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    for content in (b"\x89PNG\r\n", b"[1]\n", b'{"id": "a"}\n'):
        rows.write_bytes(content)
        assert saycut("understand", "--jsonl", rows).returncode == 2
    for context in ("[1]", '"a"', "{"):
        assert saycut("understand", "mute it", "--context", context).returncode == 2


def test_errors_are_objects_under_json(tmp_path: Path) -> None:
    done = saycut("edit", tmp_path / "nope.mp4", "--say", "mute it", "--json")
    assert json.loads(done.stdout)["error"] == {
        "code": "not_found",
        "message": "nope.mp4 was not found.",
        "hint": "Check the name and the folder.",
        "exit_code": 4,
    }


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 6)])
def test_stopping_is_clean_and_quick(number: int, code: int, material: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "saycut",
            "edit",
            str(material / "talk.mp4"),
            "--say",
            "remove the noise",
            "-o",
            str(out / "o.mp4"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    # the work folder appears when the session has opened its files: the work has begun
    while process.poll() is None and not list(temporary.rglob("*.f32")):
        pass
    process.send_signal(number)
    _, talk = process.communicate(timeout=10)
    assert process.returncode == code, talk
    assert "Traceback" not in talk
    assert list(out.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_a_recipe_does_the_same_again(tmp_path: Path) -> None:
    recipe = tmp_path / "r.json"
    first = saycut(
        "edit",
        make("cfr30"),
        "--say",
        "cut the first second",
        "-o",
        tmp_path / "a.mp4",
        "--recipe-out",
        recipe,
    )
    assert first.returncode == 0, first.stderr
    assert json.loads(recipe.read_text())["plan"] == [{"op": "cut", "args": {"start": 0, "end": 1}}]
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"")
    batch = saycut("apply", recipe, make("cfr30"), broken, make("cfr25"), "-o", tmp_path / "done", "--json")
    assert batch.returncode == 3
    told = json.loads(batch.stdout)
    assert (told["made"], told["failed"]) == (2, 1)
    assert [row["error"] is None for row in told["results"]] == [True, False, True]


def test_doctor_finds_a_whole_install() -> None:
    done = saycut("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["ok"] is True


def test_probe_and_report(tmp_path: Path) -> None:
    clip = make("cfr30")
    assert json.loads(saycut("probe", clip, "--json").stdout)["duration"] == pytest.approx(3)
    saycut("edit", clip, "--say", "mute it", "-o", tmp_path / "o.mp4")
    told = json.loads(saycut("report", clip, tmp_path / "o.mp4", "--json").stdout)
    assert told["picture_identical"] is True
    assert told["after"]["sound"] is None


def test_replay_proves_a_result_or_says_the_difference(tmp_path: Path) -> None:
    recipe, clip = tmp_path / "r.json", make("cfr30")
    saycut("edit", clip, "--say", "normalize", "-o", tmp_path / "a.mp4", "--recipe-out", recipe)
    done = saycut("replay", recipe, clip)
    assert done.returncode == 0, done.stderr
    assert "byte for byte" in done.stdout
    told = json.loads(recipe.read_text())
    told["made"]["output"]["sha256"] = "0" * 64
    recipe.write_text(json.dumps(told))
    other = saycut("replay", recipe, clip, "--json")
    assert other.returncode == 1
    assert json.loads(other.stdout)["identical"] is False
    assert other.stderr.startswith("saycut: The result is another file")
    assert saycut("replay", recipe).returncode == 4


def test_a_report_page_is_named_on_stdout(tmp_path: Path) -> None:
    clip, out = make("cfr30"), tmp_path / "page.html"
    done = saycut("report", clip, clip, "--html", out, "--json")
    told = json.loads(done.stdout)
    assert (told["html"], told["picture_identical"], told["cut"]) == (str(out), True, [])
    assert "<!doctype html>" in out.read_text("utf-8")
    again = saycut("report", clip, clip, "--html", out, "--lang", "zh")
    assert again.stdout == f"{out}\n"
    assert 'lang="zh-Hans"' in out.read_text("utf-8")


def test_a_preview_names_its_files_and_says_its_gains(tmp_path: Path) -> None:
    folder = tmp_path / "heard"
    done = saycut("preview", make("cfr30"), "--say", "normalize", "--seconds", "1", "-o", folder)
    assert done.returncode == 0, done.stderr
    names = ("before.wav", "after.wav", "removed.wav")
    assert done.stdout.splitlines() == [str(folder / name) for name in names]
    assert "LUFS" in done.stderr
    told = json.loads(
        saycut("preview", make("cfr30"), "--say", "normalize", "-o", folder, "--json", "--at", "0:01").stdout
    )
    assert (told["at_s"], told["seconds"]) == (1.0, 2.0)
    assert saycut("preview", make("cfr30"), "--say", "mute", "-o", folder, "--at", "soon").returncode == 2


def test_nothing_heavy_is_imported_for_help() -> None:
    heavy = ("numpy", "scipy", "av", "rich", "onnxruntime", "PIL")
    asked = "import sys, saycut.cli.main as m; m.parser().format_help()"
    code = f"{asked}; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
