"""The exact path: one evaluation as Kratos does it, ctx as code of a top-level argument."""

from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.error_text import RUNTIME, shift_back
from jsonnet_ctx.engine.go_json import message_size
from jsonnet_ctx.engine.outcome import Outcome, Usage
from jsonnet_ctx.engine.session import Answer, Session
from jsonnet_ctx.engine.std_mask import StdMask
from jsonnet_ctx.engine.verdict import Terms, failed, refused, rendered, stopped


def evaluate_exact(session: Session, terms: Terms, ctx_text: str, mask: StdMask) -> Outcome:
    """Evaluate once; ``ctx_text`` is the ctx as Kratos writes it, ``mask`` hides newer std members."""
    size = message_size(terms.filename, terms.template.text, ctx_text)
    if refusal := refused(terms, size):
        return refusal
    try:
        answer = _answer(session, terms, ctx_text, mask.prefix_for(terms.template.text))
    except ChildStopped as stop:
        return stopped(terms, stop, Usage(session.limits.seconds if stop.timed_out else 0.0, size))
    if answer.done:
        return rendered(terms, answer.text, Usage(answer.seconds, size, len(answer.text.encode())))
    return failed(terms, answer.text, Usage(answer.seconds, size))


def _answer(session: Session, terms: Terms, ctx_text: str, prefix: str) -> Answer:
    """The engine's answer; where a prefix hides members of std, with the columns of the plain template."""
    text = terms.template.text
    answer = session.evaluate(terms.filename, prefix + text, ctx_text)
    if answer.done or not prefix:
        return answer
    if not answer.text.startswith(RUNTIME):  # a static error quotes the source, and std is no part of it
        return session.evaluate(terms.filename, text, ctx_text)
    return Answer(False, shift_back(answer.text, terms.filename, len(prefix)), answer.seconds)
