"""The filters that bring any picture to what is posted: BT.709, limited range, 8-bit 4:2:0, square pixels."""

from saycut.media.info import VideoStream

# Hable's curve at 100 nits reference white: looks like what phones show of their own HDR clips.
_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
_MATRICES = {
    "bt709": "bt709",
    "bt2020nc": "bt2020",
    "bt2020c": "bt2020",
    "fcc": "fcc",
    "smpte240m": "smpte240m",
}
_SD_MATRICES = ("bt470bg", "smpte170m")
_HD_HEIGHT, _HD_WIDTH = 720, 1280

TAGS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"


def is_as_posted(video: VideoStream) -> bool:
    """Whether a picture's colours are what we encode, said or not: both can stand in one track."""
    tags = {video.color_space, video.color_primaries, video.color_transfer}
    alike = tags == {"bt709"} or (tags == {None} and _matrix(video) == "bt709")
    return alike and _range(video) == "tv" and video.sample_aspect_ratio == 1


def is_untagged(video: VideoStream) -> bool:
    """Whether a picture leaves its colours to be guessed."""
    return video.color_space is None


def deinterlace(video: VideoStream) -> str | None:
    """Motion-adaptive, one frame for each frame; None for progressive pictures."""
    if not video.is_interlaced:
        return None
    return f"bwdif=mode=send_frame:parity={video.field_order}:deint=all"


def convert(video: VideoStream, width: int, height: int) -> str:
    """Scale to exactly (width, height) with all colours converted."""
    if video.is_hdr:
        return f"{_input_tags(video)}zscale=w={width}:h={height}:filter=bicubic,{_TONE_MAP},setsar=1"
    return (
        f"scale=w={width}:h={height}:flags=bicubic+accurate_rnd+full_chroma_int"
        f":in_color_matrix={_matrix(video)}:out_color_matrix=bt709:in_range={_range(video)}:out_range=tv,"
        "format=yuv420p,setsar=1"
    )


def _matrix(video: VideoStream) -> str:
    """The picture's own; where it does not say, what players assume by its size."""
    if video.color_space in _SD_MATRICES:
        return "bt601"
    if video.color_space in _MATRICES:
        return _MATRICES[video.color_space]
    is_hd = max(video.width, video.height) >= _HD_WIDTH or min(video.width, video.height) >= _HD_HEIGHT
    return "bt709" if is_hd else "bt601"


def _range(video: VideoStream) -> str:
    if video.color_range is not None:
        return video.color_range
    return "pc" if video.pix_fmt.startswith("yuvj") else "tv"


def _input_tags(video: VideoStream) -> str:
    """What an HDR picture leaves unsaid; the tone map needs all of it."""
    return (
        f"setparams=range={video.color_range or 'tv'}:colorspace={video.color_space or 'bt2020nc'}"
        f":color_primaries={video.color_primaries or 'bt2020'}:color_trc={video.color_transfer},"
    )
