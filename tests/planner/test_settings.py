"""The planner's settings: off unless set, and a key that never travels in the clear."""

import pytest

from saycut.errors import Usage
from saycut.planner.settings import PlannerSettings, planner_settings


def test_nothing_set_is_off() -> None:
    assert planner_settings({}) is None
    assert planner_settings({"SAYCUT_LLM_MODEL": "tiny", "SAYCUT_LLM_KEY": "x"}) is None


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://api.example.org/v1", "/v1/chat/completions", ""),
        ("https://api.example.org/v1/", "/v1/chat/completions", ""),
        ("https://api.example.org/v1/chat/completions", "/v1/chat/completions", ""),
        ("https://api.example.org/openai?version=2", "/openai/chat/completions", "version=2"),
    ],
)
def test_the_path_of_the_protocol_is_added(url: str, path: str, query: str) -> None:
    settings = planner_settings({"SAYCUT_LLM_URL": url, "SAYCUT_LLM_MODEL": "tiny"})

    assert settings == PlannerSettings(url=url, model="tiny")
    assert (settings.address.path, settings.address.query) == (path, query)


@pytest.mark.parametrize(
    "environment",
    [
        {"SAYCUT_LLM_URL": "https://api.example.org/v1"},
        {"SAYCUT_LLM_URL": "file:///etc/passwd", "SAYCUT_LLM_MODEL": "tiny"},
        {"SAYCUT_LLM_URL": "api.example.org", "SAYCUT_LLM_MODEL": "tiny"},
        {"SAYCUT_LLM_URL": "http://[::1", "SAYCUT_LLM_MODEL": "tiny"},
        {"SAYCUT_LLM_URL": "http://localhost:port", "SAYCUT_LLM_MODEL": "tiny"},
        {"SAYCUT_LLM_URL": "http://192.0.2.1/v1", "SAYCUT_LLM_MODEL": "tiny", "SAYCUT_LLM_KEY": "secret"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(Usage) as refused:
        planner_settings(environment)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://localhost:8080/v1", "http://127.0.0.1/v1", "https://192.0.2.1/v1"])
def test_a_key_goes_to_this_machine_or_over_https(url: str) -> None:
    settings = planner_settings({"SAYCUT_LLM_URL": url, "SAYCUT_LLM_MODEL": "t", "SAYCUT_LLM_KEY": "secret"})

    assert settings is not None
    assert settings.key == "secret"
