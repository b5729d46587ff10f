"""Limits of one evaluation and of the webhook request, per Kratos version."""

from functools import cache

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import parse_version
from jsonnet_ctx.records import Frozen


class Limits(Frozen):
    """What one evaluation may use; None is no limit.

    ``input_bytes`` counts the JSON message to the evaluator (file name, template and ctx, with
    ``<``, ``>`` and ``&`` as six bytes); ``output_bytes`` the Jsonnet output with its final
    newline; ``seconds`` the evaluation; ``memory_bytes`` the evaluator's address space;
    ``response_bytes`` the webhook response, ``attempts`` and ``attempt_seconds`` the request.
    Source: behaviours.json rows limit.*.
    """

    kratos: str
    go_jsonnet: str
    input_bytes: int | None
    output_bytes: int | None
    memory_bytes: int | None
    seconds: float
    stack_frames: int
    response_bytes: int | None
    attempts: int
    attempt_seconds: float


@cache
def limits_of(kratos: str) -> Limits:
    """Return the limits of a Kratos version. Raises UnknownName for an unknown one."""
    version = parse_version(kratos)
    row = next(row for row in catalog("limits") if row["version"] == version)
    return Limits(
        kratos=version,
        go_jsonnet=row["go_jsonnet"],
        input_bytes=row["worker_stdin_message_bytes_max"],
        output_bytes=row["worker_stdout_bytes_max"],
        memory_bytes=row["worker_memory_bytes_max"],
        seconds=row["eval_timeout_s"],
        stack_frames=row["max_stack_frames"],
        response_bytes=row["webhook_response_body_bytes_max"],
        attempts=row["webhook_http_attempts_max"],
        attempt_seconds=row["webhook_http_timeout_per_attempt_s"],
    )
