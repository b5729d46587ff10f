"""What each error kind means, where it usually comes from and what mends it."""

from jsonnet_ctx.engine.outcome import Kind
from jsonnet_ctx.records import Frozen


class KindPage(Frozen):
    """One error kind: ``meaning`` in one sentence, the usual ``cause``, the ``fix``."""

    meaning: str
    cause: str
    fix: str


KINDS: dict[Kind, KindPage] = {
    "syntax": KindPage(
        "The text is not Jsonnet, or uses a name that nobody defined.",
        "A comma or bracket is missing, or a variable is misspelt. Kratos looks at a template only when it runs it,"
        " so a config with such a template starts without complaint and fails every call.",
        "Mend the text at the place that is named.",
    ),
    "entry-point": KindPage(
        "The template is not a function that can be called with ctx alone.",
        "The parameter has another name than ctx, a further parameter has no default, or the template reads"
        " std.extVar('ctx'). Kratos passes one top-level argument, ctx, and no external variables.",
        "Begin the template with function(ctx).",
    ),
    "missing-field": KindPage(
        "A key is read that is not there.",
        "Jsonnet fails on a missing key, also in ctx['key'] != null. Keys come and go with the hook point, the"
        " Kratos version, the client (transient_payload), the identity schema (traits) and the state of an identity.",
        "std.get(object, 'key', default), or 'key' in object before the key is read.",
    ),
    "null-index": KindPage(
        "A field is read inside null.",
        "identity.metadata_public is always there, but null until somebody sets it; the key of a trait can hold null"
        " as well. A test for the key does not help.",
        "Test the value: if std.isObject(value) then value.field else default.",
    ),
    "index-out-of-range": KindPage(
        "An item of a list is read that the list does not have.",
        "verifiable_addresses[0] of an identity without an e-mail or phone number, or the first value of a header.",
        "Test std.length(list) > 0 first.",
    ),
    "type": KindPage(
        "A value has a type that the operation cannot work with.",
        "A client decides the types inside transient_payload; request_headers hold lists, not texts; a function"
        " reached the output.",
        "Test with std.isString, std.isObject, … or convert with std.toString.",
    ),
    "explicit": KindPage(
        "The template itself says error.",
        "It refuses the context on purpose. Only a text that begins with cancel skips the hook in silence, and only"
        " under Content-Type application/json; any other text fails the flow of the person.",
        "error 'cancel' to skip the webhook; any other text to stop the flow.",
    ),
    "assert": KindPage(
        "An assert of the template does not hold.",
        "It refuses the context on purpose, or assumes something that is not always so. A message that begins with"
        " cancel skips the hook, as error does.",
        "Make the assert true for every context that can come, or cancel.",
    ),
    "import": KindPage(
        "The template imports a file.",
        "Kratos evaluates templates without access to files: import, importstr and importbin always fail.",
        "Put the code into the template itself.",
    ),
    "std-missing": KindPage(
        "A std member is used that the engine of this Kratos version does not have.",
        "Kratos up to v1.3.1 links go-jsonnet 0.20, later ones 0.21; newer members are missing there.",
        "Write the function in the template, or test against the versions that you run with --kratos.",
    ),
    "stack": KindPage(
        "More than 500 calls are nested.",
        "A function calls itself without end, or once for each item of a long list.",
        "Use std.foldl or a comprehension; give the recursion an end.",
    ),
    "timeout": KindPage(
        "The evaluation takes longer than the second that Kratos allows.",
        "A loop without end, or work that grows with the size of a client's transient_payload.",
        "Limit the work, for instance with std.length before the loop.",
    ),
    "input-too-large": KindPage(
        "ctx and template together are over the 65,535 bytes that the evaluator reads.",
        "A large transient_payload, large traits or headers; quotes and < > & count several times.",
        "Have clients send less. No template can prevent this: it fails before the template runs.",
    ),
    "output-too-large": KindPage(
        "The output is over 65,535 bytes.",
        "A whole object of ctx is passed on, or a list grows with what a client sends.",
        "Send the fields that the receiver needs.",
    ),
    "memory": KindPage(
        "The evaluator needs more memory than Kratos gives it.",
        "A text or list that is doubled again and again, or std.range with a huge end.",
        "Limit the size before building the value.",
    ),
    "form-shape": KindPage(
        "The output is not flat, as a form has to be.",
        "Under Content-Type application/x-www-form-urlencoded every value must be a text or null: numbers, booleans,"
        " lists and objects fail the hook.",
        "std.toString(value), or send JSON.",
    ),
    "content-type": KindPage(
        "The Content-Type of the webhook is neither of the two that Kratos accepts.",
        "Only application/json and application/x-www-form-urlencoded, letter for letter: a ; charset=utf-8 is"
        " refused too. Nothing is evaluated, so not even cancel helps.",
        "Remove the header (JSON is the default) or write one of the two.",
    ),
    "worker-died": KindPage(
        "The process that evaluates ended without an answer.",
        "The engine crashed on this template; Kratos's own evaluator process would end in the same way.",
        "Make the template smaller until it passes, and report the remainder as a bug of the engine.",
    ),
}


def kind_page(kind: str) -> str | None:
    """The page of an error kind as text, None where there is no such kind."""
    page = next((page for name, page in KINDS.items() if name == kind), None)
    if page is None:
        return None
    return f"{kind}: {page.meaning}\n\n  cause: {page.cause}\n  fix: {page.fix}\n"
