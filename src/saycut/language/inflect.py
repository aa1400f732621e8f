"""English word forms: the ways a verb or a noun of the lexicon may end."""

_VOWELS = "aeiou"
_NEVER_DOUBLED = "wxy"


def verb_forms(verb: str) -> tuple[str, ...]:
    """`verb` with its -s, -ed and -ing forms (regular; irregular ones are rows of the lexicon)."""
    if len(verb) < 3 or not verb.isalpha():
        return (verb,)
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    plain = (verb, third, verb + "ed", verb + "ing")
    if _doubles(verb):
        return (*plain, verb + verb[-1] + "ed", verb + verb[-1] + "ing")
    return plain


def noun_forms(noun: str) -> tuple[str, ...]:
    """`noun` and its plural."""
    if len(noun) < 3 or not noun.isalpha() or noun.endswith("s"):
        return (noun,)
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun, noun[:-1] + "ies"
    return noun, noun + ("es" if noun.endswith(("x", "z", "ch", "sh")) else "s")


def _doubles(verb: str) -> bool:
    """Whether the last consonant may be doubled: one vowel before one consonant (trim, trimming)."""
    last, before = verb[-1], verb[-2]
    if last in _VOWELS or last in _NEVER_DOUBLED or before not in _VOWELS:
        return False
    return verb[-3] not in _VOWELS
