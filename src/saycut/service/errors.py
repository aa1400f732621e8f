"""What the service refuses, with the number that clients of the cloud service know (API.md, codes)."""

from typing import ClassVar

from saycut.errors import SaycutError


class ServiceError(SaycutError):
    """Base; `wire_code` stands in the envelope."""

    wire_code: ClassVar[int] = 500


class Unauthorized(ServiceError):
    """A token that is missing, unknown, revoked, expired, or not for this."""

    code = "unauthorized"
    wire_code = 1001
    http_status = 401
    sentence_en = "This token is missing, expired or not valid here."
    sentence_zh = "令牌缺失、已过期或在此无效。"
    hint_en = "Get a new one with POST /api/auth/anonymous-token."
    hint_zh = "请通过 POST /api/auth/anonymous-token 获取新令牌。"


class ScopeMissing(ServiceError):
    """A token that is good, but not for this. Facts: scope."""

    code = "scope_missing"
    wire_code = 403
    http_status = 403
    sentence_en = "This token may not do that: it lacks the scope “{scope}”."
    sentence_zh = "该令牌无权执行此操作：缺少“{scope}”权限。"
    hint_en = "Use a token with that scope."
    hint_zh = "请使用具有该权限的令牌。"


class SessionNotFound(ServiceError):
    """A session that is not there, or somebody else's: nobody can tell which. Facts: session_id."""

    code = "session_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This session was not found."
    sentence_zh = "找不到该会话。"
    hint_en = "Create a new one."
    hint_zh = "请新建一个会话。"


class NoSuchAgent(ServiceError):
    """An agent that is not served. Facts: known."""

    code = "no_such_agent"
    wire_code = 404
    http_status = 404
    exit_code = 4
    sentence_en = "There is no such agent; there is {known}."
    sentence_zh = "没有该智能体；可用的是 {known}。"
    hint_en = ""
    hint_zh = ""


class OutOfCredits(ServiceError):
    """Facts: needed, available."""

    code = "out_of_credits"
    wire_code = 2001
    http_status = 403
    sentence_en = "This needs {needed} credits; you have {available}."
    sentence_zh = "此操作需要 {needed} 积分，当前可用 {available}。"
    hint_en = "Register to keep your files and get more."
    hint_zh = "注册后可保留文件并获得更多积分。"


class ClientIdMissing(ServiceError):
    """The header that tells clients apart is not a UUID."""

    code = "client_id_missing"
    wire_code = 400
    http_status = 400
    sentence_en = "The header X-Client-Id is missing or is not a UUID."
    sentence_zh = "缺少 X-Client-Id 请求头，或它不是 UUID。"
    hint_en = "Make one, keep it, and try again."
    hint_zh = "请生成并保存一个，然后重试。"


class ExportBlocked(ServiceError):
    """An export without attribution, or on a plan without exports. Facts: reason, reason_zh."""

    code = "export_blocked"
    wire_code = 402
    http_status = 402
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = ""
    hint_zh = ""


class BadBody(ServiceError):
    """A body that is not understood. Facts: field, reason, reason_zh."""

    code = "bad_body"
    wire_code = 422
    http_status = 422
    exit_code = 2
    sentence_en = "{field}: {reason}"
    sentence_zh = "{field}：{reason}"
    hint_en = ""
    hint_zh = ""


class Conflict(ServiceError):
    """The same id for another thing. Facts: reason, reason_zh."""

    code = "conflict"
    wire_code = 409
    http_status = 409
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = ""
    hint_zh = ""


class StaleVersion(ServiceError):
    """The session is not what its client has seen. Facts: now, asked."""

    code = "stale_version"
    wire_code = 409
    http_status = 409
    sentence_en = "The session has changed: it is at version {now}, and this is for version {asked}."
    sentence_zh = "会话已有变化：当前版本为 {now}，而请求针对版本 {asked}。"
    hint_en = "Look at it again, then ask anew."
    hint_zh = "请重新查看后再提交。"


class TooSlow(ServiceError):
    """A turn that outlasts its client's patience; it goes on."""

    code = "too_slow"
    wire_code = 504
    http_status = 504
    sentence_en = "The turn took too long; it goes on."
    sentence_zh = "本轮处理时间过长，仍在后台进行。"
    hint_en = "Look at the state of the session later."
    hint_zh = "请稍后查看会话状态。"


class TooMany(ServiceError):
    """More than is allowed in a time. Facts: reason, reason_zh, retry_after_s."""

    code = "too_many"
    wire_code = 429
    http_status = 429
    exit_code = 5
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = "Try again in {retry_after_s} s."
    hint_zh = "请在 {retry_after_s} 秒后重试。"


class TookTooLong(ServiceError):
    """Something that somebody waits for was stopped: others wait, too."""

    code = "took_too_long"
    wire_code = 503
    http_status = 503
    sentence_en = "This takes too long; it was stopped."
    sentence_zh = "耗时过长，已停止。"
    hint_en = "Try fewer seconds of it, or a simpler timeline."
    hint_zh = "请缩短时长或简化时间线后重试。"
