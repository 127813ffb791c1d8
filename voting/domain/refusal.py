"""How the pure code refuses: a stable code for programs and one sentence for people.

No HTTP statuses and no translations here: whoever answers the outside world adds them.
"""


class Refusal(ValueError):
    """Something from outside that the protocol turns away; ``str()`` gives the sentence.

    ``code`` is one of the protocol's words ("canonical", "fields", "token", …). Sentences are
    constants wherever a voter may see them, so that they can be looked up in a catalogue.
    """

    code: str
    sentence: str

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def require(condition: object, code: str, sentence: str) -> None:
    """Raise ``Refusal(code, sentence)`` unless ``condition`` holds."""
    if not condition:
        raise Refusal(code, sentence)
