"""What a real Kratos does with a template is what ``eval`` says; skipped where there is no Kratos."""

import pytest
from behaviours import BEHAVIOURS, Behaviour
from compare import differences
from found_kratos import FoundKratos, find_kratos
from harness import Project
from opinions import disagreements


@pytest.fixture(scope="session")
def real_kratos() -> FoundKratos:
    """A real Kratos; the test is skipped, with the reason, where there is none."""
    found = find_kratos()
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
def test_a_real_server_does_what_eval_says(real_kratos: FoundKratos, project: Project, behaviour: Behaviour) -> None:
    assert differences(real_kratos, project, behaviour) == []


def test_a_real_evaluator_is_of_the_same_opinion(real_kratos: FoundKratos) -> None:
    if not real_kratos.is_binary:
        pytest.skip("the evaluator of an image is not asked: KRATOS_BIN names no binary")
    assert disagreements(real_kratos.command[0], real_kratos.version) == []
