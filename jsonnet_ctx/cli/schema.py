"""``jsonnet-ctx schema``: JSON Schemas of case, fixture and settings files, for editors."""

import click

from jsonnet_ctx.cases.file_schemas import KINDS, file_schema
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.output import write_result
from jsonnet_ctx.report.json_report import dump_json


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@options.output
def schema(kind: str, output: str | None) -> None:
    """Print the JSON Schema of a KIND of file: case, fixture or settings.

    An editor that knows it completes words and marks wrong ones. In a case file, as its first line:
    # yaml-language-server: $schema=case.schema.json

    \b
    Examples:
      jsonnet-ctx schema case --output case.schema.json
      jsonnet-ctx schema settings
    """
    write_result(dump_json(file_schema(kind)), output)
