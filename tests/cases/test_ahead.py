"""Cases that are evaluated together get what each of them gets alone."""

from harness import Project

from jsonnet_ctx.cases.ahead import Ahead
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_file import load_cases
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.engine.outcome import Outcome, Rendered

TEMPLATE = """\
function(ctx)
  local sent = ctx.flow.transient_payload;
  if std.get(sent, 'skip', false) then error 'cancel' else { plan: sent.plan, size: std.length(sent.plan) }
"""
FILE = """\
template: w.jsonnet
hook: registration.after.password.post_persist
given: {flow.transient_payload: {plan: free}}
cases:
  - {name: renders, expect: {contains: {plan: free}}}
  - {name: wrong, expect: {contains: {plan: gold}}}
  - {name: cancels, given: {flow.transient_payload.skip: true}, expect: cancelled}
  - {name: fails, without: [flow.transient_payload.plan], expect: {failed: {kind: missing-field}}}
  - {name: fails by type, given: {flow.transient_payload.plan: 7}, expect: {contains: {plan: 7}}}
  - {name: another type, given: {flow.transient_payload.plan: [a]}, expect: {contains: {size: 1}}}
  - {name: timed, expect: {under: {seconds: 5}}}
"""


def cases_of(project: Project, text: str = FILE) -> tuple[Case, ...]:
    """The cases of a file in the project."""
    project.monkeypatch.chdir(project.root)
    project.write({"w.jsonnet": TEMPLATE, "w.cases.yaml": text})
    return load_cases(project.root / "w.cases.yaml").cases


def said(outcome: Outcome) -> object:
    """An outcome without what it cost."""
    return outcome.text if isinstance(outcome, Rendered) else (type(outcome), outcome.error)


def test_outcomes_ahead_are_those_of_the_exact_path(project: Project) -> None:
    *cases, timed = cases_of(project)
    ahead = Ahead([*cases, timed])
    together = [ahead.outcome(case) for case in reversed(cases)]
    alone = [run_case(case).outcome for case in reversed(cases)]
    assert [said(outcome) for outcome in together if outcome is not None] == [said(outcome) for outcome in alone]


def test_a_case_with_a_time_limit_is_evaluated_alone(project: Project) -> None:
    cases = cases_of(project)
    assert Ahead(cases).outcome(cases[-1]) is None


def test_the_only_case_that_is_selected_is_evaluated_alone(project: Project) -> None:
    first = cases_of(project)[0]
    assert Ahead([first]).outcome(first) is None


def test_an_outcome_ahead_is_given_once_so_that_a_second_run_of_the_case_is_exact(project: Project) -> None:
    cases = cases_of(project)
    ahead = Ahead(cases)
    assert ahead.outcome(cases[0]) is not None
    assert ahead.outcome(cases[0]) is None


def test_cases_that_are_run_together_pass_and_fail_as_they_do_alone(project: Project) -> None:
    cases_of(project)
    together = project.run_pytest("w.cases.yaml", "-rA")
    for name in ("renders", "cancels", "fails", "another type", "timed"):
        assert f"PASSED w.cases.yaml::{name}" in together.out
    for name in ("wrong", "fails by type"):
        assert f"FAILED w.cases.yaml::{name}" in together.out
