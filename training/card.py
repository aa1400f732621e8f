"""The model card: what people wrote of the network, and between marks what only the run can tell."""

import csv
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

_CURVE_LINES = 12


def card(text: str, sources: Sequence[Path], run: Path) -> str:
    """`text` with the material of `sources` and the log of `run` between its marks."""
    text = between(text, "material", _material(sources))
    return between(text, "curve", _curve(run / "log.jsonl"))


def between(text: str, name: str, filling: str) -> str:
    """`text` with `filling` between its marks `<!-- name -->` and `<!-- /name -->`. Raises ValueError
    without."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"no marks of {name}")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{filling}\n\n{end}{rest.partition(end)[2]}"


def _material(sources: Sequence[Path]) -> str:
    seconds: dict[tuple[str, str, str], float] = defaultdict(float)
    for source in sources:
        with (source / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                family = "sung" if row["kind"] == "music, sung" else row["file"].split("/")[0]
                seconds[family, row["source_repository"], row["licence"]] += float(row["seconds"])
    lines = ["| what | source | licence | minutes |", "|---|---|---|---|"]
    order = sorted(seconds, key=lambda key: (key[0], -seconds[key]))
    lines += [f"| {' | '.join(key)} | {seconds[key] / 60:.1f} |" for key in order]
    by_family: dict[str, float] = defaultdict(float)
    for key, value in seconds.items():
        by_family[key[0]] += value
    total = ", ".join(f"{name} {value / 3600:.2f} h" for name, value in sorted(by_family.items()))
    return f"{total}.\n\n" + "\n".join(lines)


def _curve(log: Path) -> str:
    told = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    every = max(len(told) // _CURVE_LINES, 1)
    kept = [line for number, line in enumerate(told) if number % every == 0 or line is told[-1]]
    lines = ["| step | CPU hours | loss, trained on | loss, held out |", "|---|---|---|---|"]
    lines += [
        f"| {line['step']} | {line['cpu_s'] / 3600:.2f} | {line['trained']:.3f} | {line['held_out']:.3f} |"
        for line in kept
    ]
    return "\n".join(lines)
