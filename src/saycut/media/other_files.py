"""Kinds of file that people bring by mistake, known by their first bytes, for refusals that name them."""

from saycut.words import Words

_PLAYLIST = Words("a playlist, which points to other files", "指向其他文件的播放列表")
_TEXT = Words("a text file", "文本文件")
_WEB_PAGE = Words("a web page", "网页")
_DRAWING = Words("a vector drawing (SVG)", "矢量图（SVG）")
_XML = Words("an XML file", "XML 文件")
_PROGRAM = Words("a program", "程序文件")
_ARCHIVE = Words("an archive (ZIP or an office document)", "压缩包（ZIP 或办公文档）")
_MIDI = Words("a MIDI score", "MIDI 乐谱")
_TIFF = Words("a TIFF picture", "TIFF 图片")
_STREAM = Words("an MPEG program stream", "MPEG 节目流")

_BY_START: tuple[tuple[bytes, Words], ...] = (
    (b"%PDF", Words("a PDF document", "PDF 文档")),
    (b"PK\x03\x04", _ARCHIVE),
    (b"PK\x05\x06", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Words("a 7-Zip archive", "7-Zip 压缩包")),
    (b"Rar!", Words("a RAR archive", "RAR 压缩包")),
    (b"\x1f\x8b", Words("a gzip archive", "gzip 压缩包")),
    (b"BZh", Words("a bzip2 archive", "bzip2 压缩包")),
    (b"\xfd7zXZ", Words("an xz archive", "xz 压缩包")),
    (b"\x7fELF", _PROGRAM),
    (b"MZ", _PROGRAM),
    (b"BM", Words("a BMP picture", "BMP 图片")),
    (b"II*\x00", _TIFF),
    (b"MM\x00*", _TIFF),
    (b"8BPS", Words("a Photoshop document", "Photoshop 文档")),
    (b"\x00\x00\x01\x00", Words("an icon", "图标文件")),
    (b"MThd", _MIDI),
    (b"0&\xb2u", Words("a Windows Media file (WMV or WMA)", "Windows Media 文件（WMV 或 WMA）")),
    (b"FLV", Words("a Flash video", "Flash 视频")),
    (b".RMF", Words("a RealMedia file", "RealMedia 文件")),
    (b"#!AMR", Words("an AMR recording", "AMR 录音")),
    (b"ADIF", Words("an ADIF AAC file", "ADIF 格式的 AAC 文件")),
    (b"\xd0\xcf\x11\xe0", Words("an office document", "办公文档")),
    (b"\x00\x00\x01\xba", _STREAM),
    (b"\x00\x00\x01\xb3", _STREAM),
    (b"SQLite format 3", Words("a database", "数据库文件")),
    (b"wOFF", Words("a font", "字体文件")),
    (b"wvpk", Words("a WavPack file", "WavPack 文件")),
    (b"MAC ", Words("a Monkey's Audio file", "Monkey's Audio 文件")),
)
_BY_TEXT_START: tuple[tuple[bytes, Words], ...] = (
    (b"#extm3u", _PLAYLIST),
    (b"ffconcat", _PLAYLIST),
    (b"[playlist]", _PLAYLIST),
    (b"<mpd", _PLAYLIST),
    (b"v=0", Words("a stream description (SDP)", "流描述文件（SDP）")),
    (b"<!doctype html", _WEB_PAGE),
    (b"<html", _WEB_PAGE),
    (b"<svg", _DRAWING),
    (b"webvtt", Words("a subtitle file", "字幕文件")),
    (b"{\\rtf", Words("a text document (RTF)", "RTF 文档")),
)
_TEXT_BYTES = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0C, 0x0D, 0x1B} | frozenset(range(0x80, 0x100))


def name_of(head: bytes) -> Words | None:
    """What a file that begins with `head` is when it is no media; None when nothing is known."""
    for start, words in _BY_START:
        if head.startswith(start):
            return words
    return _text_kind(head)


def _text_kind(head: bytes) -> Words | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, words in _BY_TEXT_START:
        if text.startswith(start):
            return words
    if text.startswith((b"<?xml", b"<!--", b"<!doctype")):
        if b"<svg" in text:
            return _DRAWING
        if b"<mpd" in text:
            return _PLAYLIST
        return _WEB_PAGE if b"<html" in text else _XML
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _TEXT
    return _TEXT if head and all(byte in _TEXT_BYTES for byte in head[:4096]) else None
