"""The rules on evaluation: what a fault is called, how it is told and what mends it."""

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.impossible import impossible_rule, tell_impossible
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.telling import Telling, plain, split, when
from jsonnet_ctx.ctx_path import format_path


def missing_field(fault: Fault) -> Telling:
    """A field is read that is not always there.

    Jsonnet fails on a missing key (`Field does not exist`), and Kratos then fails the hook. Keys
    that a client, an identity schema or the state of an identity decides have to be asked for.

    **bad** `registration.after.oidc.post_persist`

        function(ctx) { provider: ctx.flow.transient_payload.oidc_provider }

    **good** `registration.after.oidc.post_persist`

        function(ctx) { provider: std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown') }
    """
    path = fault.path
    if path is None or fault.error.ctx_path is None:
        return Telling(plain(fault))
    parent, name = split(path)
    return Telling(f"{parent} has no {name}{when(fault)}")


def null_index(fault: Fault) -> Telling:
    """A field is read inside something that can be null.

    `identity.metadata_public` is there in every after hook, but it is null until an admin or a
    hook sets it; a test for the key does not help, a test for null does.

    **bad** `login.after.password`

        function(ctx) { plan: ctx.identity.metadata_public.plan }

    **good** `login.after.password`

        function(ctx)
          local metadata = ctx.identity.metadata_public;
          { plan: if std.isObject(metadata) then std.get(metadata, 'plan', 'free') else 'free' }
    """
    path = fault.path
    return Telling(f"ctx.{format_path(path)} is null{when(fault)}" if path else plain(fault))


def wrong_type(fault: Fault) -> Telling:
    """A value has a type that the template cannot work with.

    A client decides the types inside `transient_payload`; a function such as `std.asciiLower`
    fails on a number.

    **bad** `registration.after.password.post_persist`

        function(ctx) { plan: std.asciiLower(std.get(ctx.flow.transient_payload, 'plan', 'free')) }

    **good** `registration.after.password.post_persist`

        function(ctx)
          local plan = std.get(ctx.flow.transient_payload, 'plan', 'free');
          { plan: if std.isString(plan) then std.asciiLower(plan) else 'free' }
    """
    path = fault.path
    return Telling(f"{fault.error.message}: ctx.{format_path(path)}{when(fault)}" if path else plain(fault))


def index_out_of_range(fault: Fault) -> Telling:
    """An item of a list is read that may not be there.

    **bad** `registration.after.password.post_persist`

        function(ctx) { mail: std.get(ctx.identity, 'verifiable_addresses', [])[0].value }

    **good** `registration.after.password.post_persist`

        function(ctx)
          local addresses = std.get(ctx.identity, 'verifiable_addresses', []);
          { mail: if std.length(addresses) > 0 then addresses[0].value }
    """
    path = fault.path
    if path is None or isinstance(path[-1], int):
        return Telling(f"ctx.{format_path(path)} is not there{when(fault)}" if path else plain(fault))
    return Telling(f"{fault.error.message}: in what is made of ctx.{format_path(path)}{when(fault)}")


def never_present(fault: Fault) -> Telling:
    """A field is read that no Kratos sends at any hook.

    **bad** `registration.after.password.post_persist`

        function(ctx) { campaign: ctx.transient_payload.campaign }

    **good** `registration.after.password.post_persist`

        function(ctx) { campaign: std.get(ctx.flow.transient_payload, 'campaign', '') }
    """
    return tell_impossible(fault, "kratos never sends it")


def not_at_this_hook(fault: Fault) -> Telling:
    """A field is read that Kratos sends at other hooks, but not at this one.

    **bad** `registration.after.password.post_persist`

        function(ctx) { until: ctx.session.expires_at }

    **good** `login.after.password`

        function(ctx) { until: ctx.session.expires_at }
    """
    return tell_impossible(fault, f"kratos never sends it at {fault.target.hook.id}")


def not_in_this_version(fault: Fault) -> Telling:
    """A field is read that this version of Kratos does not send yet, or not any more.

    **bad** `login.after.password` v1.1.0

        function(ctx) { until: ctx.session.expires_at }

    **good** `login.after.password` v26.2.0

        function(ctx) { until: ctx.session.expires_at }
    """
    return tell_impossible(fault, f"kratos {fault.target.kratos} does not send it at {fault.target.hook.id}")


def syntax(fault: Fault) -> Telling:
    """The template is not valid Jsonnet.

    **bad** `login.after.password`

        function(ctx) { a: }

    **good** `login.after.password`

        function(ctx) { a: 1 }
    """
    return Telling(plain(fault))


def wrong_entry_point(fault: Fault) -> Telling:
    """The template does not take ctx the way Kratos passes it.

    Kratos calls the template with one top-level argument named `ctx`. There are no external
    variables in a web_hook.

    **bad** `login.after.password`

        local ctx = std.extVar('ctx'); { id: ctx.identity.id }

    **good** `login.after.password`

        function(ctx) { id: ctx.identity.id }
    """
    return Telling(plain(fault), "begin the template with function(ctx): kratos passes one top-level argument, ctx")


def form_not_flat(fault: Fault) -> Telling:
    """The payload is no flat object of strings, which a form body needs.

    With Content-Type application/x-www-form-urlencoded every value has to be a string or null.
    """
    return Telling(
        f"the form body cannot be made: {fault.error.message}", "make every value a string, with std.toString"
    )


def content_type_parameter(fault: Fault) -> Telling:
    """The Content-Type is none that Kratos accepts.

    It has to be exactly `application/json` or `application/x-www-form-urlencoded`; a parameter
    such as `; charset=utf-8` or other letter case fails every call before the template runs.
    """
    return Telling(
        f"kratos refuses Content-Type {fault.target.content_type!r} and fails every call",
        "write exactly application/json or application/x-www-form-urlencoded",
    )


def std_missing(fault: Fault) -> Telling:
    """A std function is used that the Jsonnet of this Kratos does not have.

    **bad** `login.after.password` v1.3.1

        function(ctx) { id: std.trim(ctx.identity.id) }

    **good** `login.after.password` v1.3.1

        function(ctx) { id: std.stripChars(ctx.identity.id, ' ') }
    """
    return Telling(f"{plain(fault)} in the std of kratos {fault.target.kratos}", "use an older std function")


def import_refused(fault: Fault) -> Telling:
    """The template imports a file, which Kratos forbids.

    **bad** `login.after.password`

        local lib = import 'lib.libsonnet'; function(ctx) lib.payload(ctx)

    **good** `login.after.password`

        local payload(ctx) = { id: ctx.identity.id }; function(ctx) payload(ctx)
    """
    return Telling(plain(fault), "kratos forbids import and importstr: put the code into the template")


def over_limit(fault: Fault) -> Telling:
    """The context or the payload is larger than the evaluator takes."""
    return Telling(plain(fault), "send fewer fields")


def runaway(fault: Fault) -> Telling:
    """The evaluation does not come to an end in time, depth or memory.

    **bad** `login.after.password`

        local f(n) = 1 + f(n + 1); function(ctx) { n: f(0) }

    **good** `login.after.password`

        function(ctx) { n: 1 }
    """
    about = f": ctx.{format_path(fault.path)}{when(fault)}" if fault.path else ""
    return Telling(f"{plain(fault)}{about}", "kratos gives a template 1 second, 500 stack frames and 2 GiB")


FAULT_RULES: tuple[Rule, ...] = (
    Rule("JC101", "missing-field", missing_field),
    Rule("JC102", "null-index", null_index),
    Rule("JC103", "wrong-type", wrong_type),
    Rule("JC104", "index-out-of-range", index_out_of_range),
    Rule("JC105", "never-present", never_present),
    Rule("JC106", "not-at-this-hook", not_at_this_hook),
    Rule("JC107", "not-in-this-version", not_in_this_version),
    Rule("JC201", "syntax", syntax),
    Rule("JC202", "wrong-entry-point", wrong_entry_point),
    Rule("JC301", "form-not-flat", form_not_flat),
    Rule("JC302", "content-type-parameter", content_type_parameter),
    Rule("JC501", "std-missing", std_missing),
    Rule("JC502", "import", import_refused),
    Rule("JC504", "over-limit", over_limit),
    Rule("JC505", "runaway", runaway),
)

_BY_KIND = {
    "missing-field": "JC101",
    "null-index": "JC102",
    "type": "JC103",
    "index-out-of-range": "JC104",
    "syntax": "JC201",
    "entry-point": "JC202",
    "form-shape": "JC301",
    "content-type": "JC302",
    "std-missing": "JC501",
    "import": "JC502",
    "input-too-large": "JC504",
    "output-too-large": "JC504",
    "stack": "JC505",
    "timeout": "JC505",
    "memory": "JC505",
    "worker-died": "JC505",
}


def rule_of(fault: Fault) -> Rule:
    """The rule that a fault breaks."""
    rule_id = _BY_KIND[fault.error.kind]
    if fault.error.kind in ("missing-field", "null-index") and not fault.possible and fault.path is not None:
        rule_id = impossible_rule(fault, fault.path)
    return next(rule for rule in FAULT_RULES if rule.id == rule_id)
