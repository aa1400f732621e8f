"""Where messages go: the table of the skills, and everything that only looks like one of its words."""

import pytest

from saycut.client.routing import Route, route

EXPORT = """
export; Export!; export please; save this video as a .mkv file; please export it; export the video;
export 1080p MP4; export as mp4; download;
download it now; can you download the video; send me the video; please send me the file; save the video;
give me the final video download; I want to download it; render it; okay export; export in high quality;
导出; 导出视频; 请帮我导出; 下载; 下载视频; 把视频发给我; 导出成片; 导出为mp4; 可以导出了吗; 帮我导出吧
"""
CREDITS = """
credits; how many credits do I have left?; credits left; what's my balance; balance; show my credits;
check my credit balance; 积分; 余额; 还有多少积分; 我的余额; 查一下积分; 积分还剩多少; 我还有多少积分
"""
STATUS = """
status; show tracks; show me the tracks; what's on the timeline?; show timeline; what is the status;
project status;
where is my export at? status; 状态; 现在时间线上有什么; 查看状态; 看看时间线; 显示轨道; 进度怎么样
"""
UPLOAD = """
upload; upload a file; upload another video; I want to upload a clip; 上传; 上传视频;
我要上传一个文件; 上传另一个视频;
upload talk.mp4; talk.mp4; add talk.mp4; https://example.org/a.mp4; here's my video: talk.mp4;
上传 talk.mp4; “my talk.mp4”
"""
VAGUE = """
make it better; make it look good; improve it; make the video nicer; 弄得好看一点;
让视频更专业; 优化一下
"""
TURN = """
remove the noise; balance the voices; balance the audio levels; roll the credits at the end;
add credits; remove credits;
add a title that says Download now… later; add the text "export"; add a title “Status”;
show tracks in the title;
mute the track; delete track 2; trim the timeline to 10 seconds; track the face; upload-ready loudness please;
make it louder; make it sound better; improve the audio; save the last 10 seconds; send the music to the back;
export only the first 10 seconds; export 720p; export for TikTok; don't export yet; undo; undo the last edit;
render the title in red; add music; import the feeling of summer; credit the author in a title;
status bar blur;
replace the audio with voice.wav; 去掉噪音; 加字幕“导出”; 不要导出; 音量平衡一下; 剪掉状态不好的部分;
把轨道静音; 删除第二条轨道;
下载进度条特效; 片尾加上积分说明; hello; thanks; add; import a clip; add another clip; what can you do?; 你好
"""


def each(text: str) -> list[str]:
    return [one.strip() for line in text.splitlines() for one in line.split(";") if one.strip()]


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (where, text)
        for where, texts in (
            ("export", EXPORT),
            ("credits", CREDITS),
            ("status", STATUS),
            ("upload", UPLOAD),
            ("vague", VAGUE),
            ("turn", TURN),
        )
        for text in each(texts)
    ],
)
def test_where_a_message_goes(where: str, text: str) -> None:
    assert route(text).where == where


@pytest.mark.parametrize(
    "text",
    each("""
export it as mp4 without the music; remove the noise and export it; mute it, then download;
trim the pauses. Export;
remove all audio from this video and export it silent; add a title “Hi” and send me the video; export 720p;
convert this video to MP4 format; turn this into a MOV file; 把这个视频转成mp4格式;
save the first minute as an MP3;
把声音全部去掉导出; 去掉噪音然后导出; 剪掉停顿，下载视频; export for TikTok;
cut the first 5 seconds and give me the file
"""),
)
def test_a_turn_after_which_the_file_is_wanted(text: str) -> None:
    found = route(text)
    assert (found.where, found.then_export) == ("turn", True)


@pytest.mark.parametrize(
    "text",
    each("""
add a title that says “Download now”; add the text 'export me'; don't export yet; do not export;
remove the noise;
add “and export it” as a title; 加字幕“导出”; 不要导出; 先不导出，去掉噪音; 别下载;
add a title export.mp4 please;
mute the download sound; turn the music into a jingle; convert it to black and white; 打开导出设置;
fix the export settings; add a download button
"""),
)
def test_a_turn_and_no_file(text: str) -> None:
    found = route(text)
    assert (found.where, found.then_export) == ("turn", False)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("export", "mp4"),
        ("export as mp3", "mp3"),
        ("export it as a GIF", "gif"),
        ("导出为wav", "wav"),
        ("remove the noise and export as webm", "webm"),
        ("export talk.mov", "mp4"),
        ("mp3 or wav?", "mp4"),
    ],
)
def test_the_format_that_is_named(text: str, suffix: str) -> None:
    assert route(text).suffix == suffix


def test_files_and_links_that_are_named() -> None:
    assert route("replace the audio with my voice.wav and song.mp3").files == ("voice.wav", "song.mp3")
    assert route("upload “my talk.mp4”").files == ("my talk.mp4",)
    assert route("take https://example.org/a/b.mp4").files == ("https://example.org/a/b.mp4",)
    assert route("") == Route("turn")
