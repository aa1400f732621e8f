"""The conversation a skill has with a service of the kind that docs/reference/http.md describes.

Doors use `Conversation`, the values of `shown` that it yields, and `address_of`, `skill_of`. The room imports
no other room of Saycut: all it knows of a service is its wire format.
"""

from saycut.client.address import Address, Skill, address_of, skill_of
from saycut.client.batch import Job
from saycut.client.conversation import Conversation
from saycut.client.failures import BadAddress, ClientError, Stopped
from saycut.client.identity import config_folder
from saycut.client.memory import OpenRender, OpenSession
from saycut.client.shown import (
    Delivered,
    Link,
    Progress,
    Question,
    Shown,
    StillWorking,
    Suggestions,
    Text,
    Trouble,
)

__all__ = [
    "Address",
    "BadAddress",
    "ClientError",
    "Conversation",
    "Delivered",
    "Job",
    "Link",
    "OpenRender",
    "OpenSession",
    "Progress",
    "Question",
    "Shown",
    "Skill",
    "StillWorking",
    "Stopped",
    "Suggestions",
    "Text",
    "Trouble",
    "address_of",
    "config_folder",
    "skill_of",
]
