"""Why an address is not fetched, in both languages; no sentence holds an address of any network.

A name that is not found and a name that leads into a private network give the same error: the difference
would tell a stranger which names the private network has.
"""

from saycut.errors import LimitExceeded, UrlFailed, UrlRefused
from saycut.words import Words

NO_URL = Words("it is not a web address", "它不是网址")
SCHEME = Words("only http and https addresses are fetched", "只支持 http 和 https 网址")
CREDENTIALS = Words("it carries a user name or password", "网址中带有用户名或密码")
PORT = Words("its port is not one that is fetched from", "不允许访问该端口")
NOT_PUBLIC = Words(
    "its host was not found, or is not on the public internet", "找不到该主机，或它不在公共互联网上"
)
DOWNGRADE = Words("it leads from https to http", "它从 https 跳转到 http")
REDIRECTS = Words("it leads from one address to the next too often", "跳转次数过多")
UNREACHABLE = Words("its host could not be reached", "无法连接主机")
CERTIFICATE = Words("its certificate is not valid for that host", "主机证书无效")
NO_HTTP = Words("its host did not answer as a web server does", "主机的应答不是有效的 HTTP")
HEADERS = Words("its host answered with too long a header", "主机应答的头部过长")
COMPRESSED = Words("its host sent it compressed although it was not to", "主机未按要求发送未压缩的内容")
TOO_LATE = Words("it took too long", "下载超时")
TOO_SLOW = Words("it came too slowly", "下载速度过慢")
CUT_SHORT = Words("the connection ended before the whole file had come", "文件未传完连接就中断了")


def refused(why: Words) -> UrlRefused:
    """It may not be fetched."""
    return UrlRefused(reason=why.en, reason_zh=why.zh)


def failed(why: Words) -> UrlFailed:
    """It was tried, and did not come."""
    return UrlFailed(reason=why.en, reason_zh=why.zh)


def answered_with(status: int) -> UrlFailed:
    """The host answered, with something that is not the file. Raised for every status but 200."""
    return failed(Words(f"its host answered with status {status}", f"主机返回状态 {status}"))


def too_large(most_bytes: int) -> LimitExceeded:
    """More than may be fetched."""
    most = f"{most_bytes / 1_000_000:g}"
    return LimitExceeded(
        reason=f"The file at that address is larger than {most} MB.",
        reason_zh=f"该网址的文件超过 {most} MB。",
    )
