"""Why a text is not a template that the engine would evaluate."""


class SyntaxProblem(Exception):
    """A text that is not Jsonnet: ``message`` says why, ``offset`` (bytes, from 0) where.

    The engine decides validity and words the error that people see; this one serves callers that
    need a tree and have to do without.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
