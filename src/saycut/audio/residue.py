"""What a canceller leaves of a known song, lowered by our own network: what a lossy codec or a room made of
the song cannot be predicted from it, but still sounds like music.

On the mixes of benchmarks/cancellation_eval.py at AAC 64 kb/s the pauses become 1 to 5 dB quieter and the
voice gains -0.2 to 0.3 dB of SI-SDR; at 128 kb/s, where little is left, nothing changes by more than 1 dB."""

from saycut.audio.cancellation import CancelReport
from saycut.audio.isolation import leave_out_music
from saycut.audio.regions import outside
from saycut.audio.restraint import restraint
from saycut.audio.sound_map import sound_map
from saycut.audio.speech import Regions
from saycut.audio.untouched import changed_in
from saycut.audio.watched import watched_blocks
from saycut.pcm import Blocks, PcmReader, blocks_of
from saycut.watch import Watch

_ENOUGH_DB = 40.0  # gone already: nobody hears what is left


def is_left(report: CancelReport) -> bool:
    """Whether there is anything of the song left to hear."""
    return report.music_attenuation_db < _ENOUGH_DB


def without_residue(rest: PcmReader, song_s: Regions, watch: Watch | None = None) -> Blocks:
    """`rest` (48 kHz, any channels) with less of what is left of a song in the spans (seconds) in which it
    was cancelled. Where other music plays in them nothing is touched, for it is not to go. `watch` is told
    "listen" and "isolate". Raises Internal for a broken install."""
    heard = sound_map(watched_blocks(rest, watch, "listen"), rest.samples / rest.rate_hz)
    alone = outside(song_s, heard.music_s)
    if not alone:
        return blocks_of(rest)
    kept, _ = leave_out_music(rest, watch=watch, restrained=restraint(heard))
    return changed_in(alone, blocks_of(rest), kept, rest.rate_hz)
