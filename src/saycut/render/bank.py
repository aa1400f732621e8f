"""The sound bank: every sound a project uses, decoded and cleaned once, kept in work files.

A sound is named by what was done to it: (asset, clean-ups, drift, speed). The renderer, the analyses
behind operations and previews all draw on the same bank, so nothing is computed twice. Sounds are
48 kHz stereo float32 in private files, read at random in constant memory.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from saycut.audio.engines import USUAL
from saycut.media.info import Source
from saycut.media.pcm_file import PcmFile, write_pcm
from saycut.media.sound import store_sound
from saycut.pcm import RATE_HZ, Blocks, PcmReader, blocks_of
from saycut.timeline.clock import seconds
from saycut.timeline.project import Asset, Cleanup, Denoise, IsolateMusic, Project, RemoveMusic
from saycut.timeline.spans import Spans, united
from saycut.watch import Watch
from saycut.words import Words

if TYPE_CHECKING:  # the engines take a second to import; a request that needs none must not wait for them
    from saycut.audio.alignment import Alignment
    from saycut.audio.cancellation import CancelReport
    from saycut.audio.music_removal import RemovalReport
    from saycut.audio.pauses import Activity
    from saycut.audio.speech import Regions

Report = dict[str, object]


class SoundBank:
    """Sounds by name, made when first asked for. Work files live in `folder` until it is removed."""

    def __init__(
        self, sources: Mapping[str, Source], folder: Path, watch: Watch, separator: str = USUAL
    ) -> None:
        self._sources = sources
        self._folder = folder
        self._watch = watch
        self._separator = separator
        self._kept: dict[object, PcmFile] = {}
        self._activities: dict[str, Activity] = {}
        self._spoken: dict[str, Regions] = {}
        self._levels: dict[tuple[str, float], Regions] = {}
        self._alignments: dict[tuple[str, str], Alignment] = {}
        self._cancelled: dict[tuple[str, str], CancelReport] = {}
        self.reports: dict[str, list[Report]] = {}
        self.notes: list[Words] = []

    def raw(self, asset: Asset) -> PcmReader:
        """The sound as recorded; sample 0 is the source's zero."""
        if asset.id not in self._kept:
            sound, faults = store_sound(self._sources[asset.id], self._folder, watch=self._watch)
            if faults.bad_packets:
                self.notes.append(_mended(asset.name, faults.bad_packets))
            self._kept[asset.id] = sound
        return self._kept[asset.id]

    def sound(
        self, project: Project, asset: Asset, cleanups: tuple[Cleanup, ...], drift_ppm: float
    ) -> PcmReader:
        """The sound after its clean-ups (in order), on the clock of the picture."""
        from saycut.audio.drift import corrected

        reader = self.raw(asset)
        for count, effect in enumerate(cleanups, 1):
            key = (asset.id, cleanups[:count])
            if key not in self._kept:
                self._kept[key] = self._stored(self._cleaned(project, asset, reader, effect))
            reader = self._kept[key]
        if drift_ppm:
            key_drift = (asset.id, cleanups, drift_ppm)
            if key_drift not in self._kept:
                self._kept[key_drift] = self._stored(corrected(reader, drift_ppm, self._watch))
            reader = self._kept[key_drift]
        return reader

    def at_speed(
        self,
        project: Project,
        asset: Asset,
        cleanups: tuple[Cleanup, ...],
        drift_ppm: float,
        *,
        speed: Fraction,
        span: tuple[int, int],
    ) -> PcmReader:
        """Samples [first, last) of `sound` played `speed` times as fast, its pitch kept."""
        from saycut.audio.tempo import stretched

        key = (asset.id, cleanups, drift_ppm, speed, span)
        if key not in self._kept:
            reader = self.sound(project, asset, cleanups, drift_ppm)
            first, last = span
            self._kept[key] = self._stored(stretched(reader, speed, first, last - first, self._watch))
        return self._kept[key]

    def bed(self, asset: Asset, duration_s: Fraction) -> PcmReader:
        """The composed piece of `asset`, made to that length."""
        from saycut.audio.bed.compose import compose
        from saycut.audio.bed.render import render as play
        from saycut.audio.bed.spec import BedSpec

        if asset.bed is None:
            raise KeyError(asset.id)
        key = (asset.id, duration_s)
        if key not in self._kept:
            bed = asset.bed
            spec = BedSpec(
                mood=bed.mood, seed=bed.seed, duration_s=float(duration_s), tempo_bpm=bed.tempo_bpm
            )
            samples = float(duration_s) * RATE_HZ
            self._kept[key] = self._stored(self._told(play(compose(spec)), "compose", samples))
        return self._kept[key]

    def activity(self, asset: Asset) -> "Activity":
        """Where the untouched sound has voice (or, where nobody speaks, anything at all)."""
        from saycut.audio.pauses import activity

        if asset.id not in self._activities:
            self._activities[asset.id] = activity(self.raw(asset), watch=self._watch)
        return self._activities[asset.id]

    def voice_regions(self, asset: Asset) -> Spans:
        """`activity` as exact spans of the source's time."""
        return exact(self.activity(asset).regions)

    def spoken_regions(self, asset: Asset) -> Spans:
        """Where somebody speaks, in the source's time; as `voice_regions`, but music is no voice."""
        from saycut.audio.spoken import spoken

        if asset.id not in self._spoken:
            self._spoken[asset.id] = spoken(
                self.raw(asset), self.activity(asset), watch=self._watch, engine=self._separator
            )
        return exact(self._spoken[asset.id])

    def louder_than(self, asset: Asset, threshold_db: float) -> "Regions":
        """Where the untouched sound is at or above a level."""
        from saycut.audio.pauses import sounding_regions

        key = (asset.id, threshold_db)
        if key not in self._levels:
            self._levels[key] = sounding_regions(blocks_of(self.raw(asset)), RATE_HZ, threshold_db)
        return self._levels[key]

    def alignment(self, recording: Asset, reference: Asset) -> "Alignment":
        """How two recordings lie against each other."""
        from saycut.audio.alignment import align

        key = (recording.id, reference.id)
        if key not in self._alignments:
            self._alignments[key] = align(self.raw(reference), self.raw(recording), self._watch)
        return self._alignments[key]

    def cancelled(self, asset: Asset, track: Asset) -> "CancelReport":
        """The known `track` taken out of `asset`; kept for the render. Raises Impossible when refused."""
        from saycut.audio.cancellation import Cancellation

        key = (asset.id, track.id)
        if key not in self._cancelled:
            cancellation = Cancellation(self.raw(asset), self.raw(track), self._watch)
            self._kept[("cancelled", *key)] = self._stored(cancellation.blocks())
            self._cancelled[key] = cancellation.report()
        return self._cancelled[key]

    def close(self) -> None:
        """Close (and so remove) every work file."""
        for sound in self._kept.values():
            sound.close()
        self._kept.clear()

    def _cleaned(self, project: Project, asset: Asset, reader: PcmReader, effect: Cleanup) -> Blocks:
        from saycut.audio.isolation import isolate_music, voice_regions

        match effect:
            case Denoise():
                return self._denoised(reader, effect)
            case RemoveMusic(track=str(track_id)) if reader is self.raw(asset):
                return self._without_track(asset, project.asset(track_id), effect)
            case RemoveMusic(track=str(track_id)):
                return self._without_song(reader, self.raw(project.asset(track_id)), effect)
            case RemoveMusic():
                return self._voice_alone(reader, effect)
            case IsolateMusic():
                regions = voice_regions(reader, watch=self._watch, engine=self._separator)
                blocks, _ = isolate_music(reader, regions, watch=self._watch, engine=self._separator)
                return blocks

    def _denoised(self, reader: PcmReader, effect: Denoise) -> Blocks:
        from saycut.audio.denoise import denoise

        blocks, report = denoise(
            reader,
            strength=effect.strength,
            kind=effect.kind,
            watch=self._watch,
            engine=self._separator,
        )
        yield from blocks
        self._report(
            effect.by,
            {
                "engine": report.engine,
                "noise_floor_before_dbfs": report.noise_floor_before_dbfs,
                "noise_floor_after_dbfs": report.noise_floor_after_dbfs,
                "input_snr_db": report.input_snr_db,
                "backed_off": report.backed_off,
            },
        )

    def _voice_alone(self, reader: PcmReader, effect: RemoveMusic) -> Blocks:
        from saycut.audio.music_removal import without_music

        blocks, report = without_music(
            reader,
            ambience=effect.keep == "ambience",
            down_db=effect.down_db,
            watch=self._watch,
            engine=self._separator,
        )
        yield from blocks
        self._report(effect.by, _removal_facts(report))

    def _without_track(self, asset: Asset, track: Asset, effect: RemoveMusic) -> Blocks:
        report = self.cancelled(asset, track)
        yield from self._rest(self.raw(asset), self._kept[("cancelled", asset.id, track.id)], report, effect)

    def _without_song(self, reader: PcmReader, song: PcmReader, effect: RemoveMusic) -> Blocks:
        from saycut.audio.cancellation import Cancellation

        cancellation = Cancellation(reader, song, self._watch)
        rest = self._stored(cancellation.blocks())
        try:
            yield from self._rest(reader, rest, cancellation.report(), effect)
        finally:
            rest.close()

    def _rest(
        self, reader: PcmReader, rest: PcmReader, report: "CancelReport", effect: RemoveMusic
    ) -> Blocks:
        """What a cancelled song leaves; with some of the song when that was only to go down."""
        from saycut.audio.residue import is_left, without_residue
        from saycut.audio.restraint import least_gain
        from saycut.audio.untouched import partly

        left = without_residue(rest, report.spans_s, self._watch) if is_left(report) else blocks_of(rest)
        yield from partly(blocks_of(reader), left, least_gain(effect.down_db))
        self._report(effect.by, _cancel_facts(report, effect))

    def _stored(self, blocks: Blocks) -> PcmFile:
        return write_pcm(blocks, self._folder, channels=2)

    def _told(self, blocks: Blocks, stage: str, samples: float) -> Blocks:
        done = 0
        for block in blocks:
            done += len(block)
            self._watch.report(stage, done / max(samples, 1))
            yield block

    def _report(self, step: str, facts: Report) -> None:
        known = self.reports.setdefault(step, [])
        if facts not in known:
            known.append(facts)


def _removal_facts(report: "RemovalReport") -> Report:
    isolation = report.isolation
    if isolation is None:
        return {"music_found": False, "engine": report.engine}
    by_place = {
        "pauses": isolation.pause_attenuation_db,
        "what sounds like music": isolation.music_attenuation_db,
        "everything": isolation.overall_attenuation_db,
    }
    where, measured = next((name, value) for name, value in by_place.items() if value is not None)
    damage_db = isolation.voice_damage_db
    return {
        "music_attenuation_db": round(measured, 1),
        "measured_in": where,
        "voice_damage_db": None if damage_db is None else round(damage_db, 1),
        "backed_off": report.backed_off,
        "engine": report.engine,
        "music_s": round(sum(end_s - start_s for start_s, end_s in report.music_s), 1),
    }


def _cancel_facts(report: "CancelReport", effect: RemoveMusic) -> Report:
    from saycut.audio.restraint import least_gain

    kept = least_gain(effect.down_db)
    left = kept + (1 - kept) * least_gain(report.music_attenuation_db)
    return {
        "music_attenuation_db": round(-20 * math.log10(left), 1),
        "measured_in": "pauses",
        "engine": "cancel",
        "song_s": round(report.song_s, 2),
        "stretches": len(report.spans_s),
    }


def _mended(name: str, count: int) -> Words:
    return Words(
        f"{count} damaged packet{'' if count == 1 else 's'} in the sound of {name} became silence.",
        f"{name} 的声音中有 {count} 个损坏的数据包，已用静音代替。",
    )


def exact(regions: "Regions") -> Spans:
    """Measured seconds as exact spans."""
    return united((seconds(a), seconds(b)) for a, b in regions)
