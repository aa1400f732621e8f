"""A sentence for people, in both languages a user reads."""

import msgspec


class Words(msgspec.Struct, frozen=True):
    """One thing said in English and in Chinese; numbers are already in it, with units."""

    en: str
    zh: str

    def said(self, language: str = "en") -> str:
        """The sentence in `language` ("zh", else English)."""
        return self.zh if language == "zh" else self.en
