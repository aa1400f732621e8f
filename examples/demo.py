"""The four main jobs on a clip that is made on the spot: python examples/demo.py [FOLDER].

Every line below is a plain `saycut edit` command, the same that a person types.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

JOBS: tuple[tuple[str, list[str], str, str], ...] = (
    (
        "1. strip the sound",
        ["talk.mp4"],
        "remove all audio from this video and export it silent",
        "1-silent.mp4",
    ),
    (
        "2. replace the sound with a voiceover",
        ["talk.mp4", "voiceover.wav"],
        "replace the original audio track with the clean voiceover I recorded separately",
        "2-voiceover.mp4",
    ),
    (
        "3. clean, trim and sync an external recording",
        ["talk.mp4", "lav.wav"],
        "remove background noise, trim silence, and sync audio to video",
        "3-clean.mp4",
    ),
    (
        "4. swap the music for a royalty-free bed",
        ["vlog.mp4"],
        "remove the copyrighted background music and replace it with a royalty-free track",
        "4-new-music.mp4",
    ),
    (
        "4b. the same, with the song at hand",
        ["vlog.mp4", "song.wav"],
        "remove the music, song.wav is the track",
        "4b-song-cancelled.mp4",
    ),
)


def main(folder: Path) -> int:
    """Make the clip, do the jobs, print what each command printed. Returns the number of failures."""
    material = folder / "material"
    print(f"Making a talking clip in {material} …", flush=True)
    subprocess.run([sys.executable, str(HERE / "make_talking_clip.py"), str(material)], check=True)
    failures = 0
    for title, files, words, out in JOBS:
        shown = " ".join(files)
        print(f'\n{title}\n$ saycut edit {shown} --say "{words}" -o {out}', flush=True)
        command = [sys.executable, "-m", "saycut", "edit", *(str(material / name) for name in files)]
        done = subprocess.run([*command, "--say", words, "-o", str(folder / out)], check=False)
        failures += done.returncode != 0
    print(f"\n{len(JOBS) - failures} of {len(JOBS)} jobs done; the results are in {folder}/", flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo")))
