"""The password migration hook of a config: ``selfservice.methods.password.config.migrate_hook``."""

from collections.abc import Iterator

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.hook_point import hook_since, parse_hook_point
from jsonnet_ctx.kratos.versions import VERSIONS, reaches
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.body_problems import body_problems
from jsonnet_ctx.project.config_keys import versions_before
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.key_check import wrong_type
from jsonnet_ctx.project.places import Places
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.project.switches import method_is_off
from jsonnet_ctx.project.template_source import resolve_body
from jsonnet_ctx.project.web_hook_action import check_webhook, read_webhook


def migration_binding(
    root: Entry, kratos: str, places: Places, address: str, problems: list[Problem]
) -> Binding | None:
    """Return the binding of the migration hook, None without one or where it has no template.

    Without a body Kratos sends ``{identifier, password}`` as it is; templates count since
    v25.4.0 (context_shapes.json hook_points.password_migration).
    """
    hook_entry = root.get("selfservice", "methods", "password", "config", "migrate_hook")
    config = hook_entry.get("config") if hook_entry else None
    if hook_entry is None or config is None:
        return None
    wrong = wrong_type(config, "object", "migrate_hook.config", address=address)
    if wrong is not None:
        problems.append(wrong)
        return None
    problems += check_webhook(config, address, required=False)
    webhook = read_webhook(config)
    if not webhook.body:
        return None
    hook = parse_hook_point("password_migration")
    place = (config.get("body") or config).location
    template, notes = resolve_body(webhook.body, location=place, places=places, name=address)
    death = next(_deaths(root, hook_entry, kratos, address), None)
    if death is not None:
        problems.append(death)
    binding = Binding(
        template,
        (hook,),
        webhook,
        hook_entry.location,
        status="effective" if death is None else "dead",
        reason="" if death is None else death.message,
        address=address,
        notes=notes,
    )
    problems += body_problems(binding, place)
    return binding


def _deaths(root: Entry, hook_entry: Entry, kratos: str, address: str) -> Iterator[Problem]:
    since = hook_since(parse_hook_point("password_migration"))
    hooks = ("password_migration",)
    where, effect = hook_entry.location, "the template is never evaluated"
    if not reaches(kratos, since):
        message = f"the password migration hook has templates since kratos {since}"
        older = versions_before(since)
        hint = f"raise kratos to {since}"
        yield Problem("dead-hook", message, where, Severity.ERROR, older, hint, effect, address, hooks)
    if hook_entry.value_at("enabled") is False or method_is_off(root, "login", "password"):
        message = "the password migration hook is switched off"
        hint = "enable it or remove it"
        yield Problem("dead-hook", message, where, Severity.INFO, VERSIONS, hint, effect, address, hooks)
