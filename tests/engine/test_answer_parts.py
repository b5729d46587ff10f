"""What Kratos takes from an answer: an identity patch or messages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.answer_parts import AnswerError, read_patch, read_refusal
from jsonnet_ctx.engine.hook_result import FormMessage

UNREADABLE = "webhook response could not be unmarshalled properly from JSON: "


def patch(identity: Any, kratos: str = "v26.2.0") -> dict[str, Any]:
    return read_patch(json.dumps({"identity": identity}).encode(), kratos)


def refusal(document: Any) -> tuple[tuple[FormMessage, ...], str]:
    found = read_refusal(json.dumps(document).encode(), "v26.2.0")
    return found.messages, found.error


def patch_error(document: Any, kratos: str = "v26.2.0") -> str:
    with pytest.raises(AnswerError) as caught:
        read_patch(document if isinstance(document, bytes) else json.dumps(document).encode(), kratos)
    return str(caught.value).removeprefix(UNREADABLE)


def refusal_error(document: Any) -> str:
    with pytest.raises(AnswerError) as caught:
        read_refusal(document if isinstance(document, bytes) else json.dumps(document).encode(), "v26.2.0")
    return str(caught.value)


def test_a_patch_has_the_fields_that_kratos_applies() -> None:
    assert patch({"traits": {"a": 1}, "metadata_public": None, "state": "inactive", "id": "x", "other": 1}) == {
        "traits": {"a": 1},
        "metadata_public": None,
        "state": "inactive",
    }


def test_null_is_given_for_what_takes_any_json_and_nothing_for_the_rest() -> None:
    identity = dict.fromkeys(["traits", "metadata_admin", "state", "schema_id", "verifiable_addresses"])
    assert patch(identity) == {"traits": None, "metadata_admin": None}


def test_what_is_empty_changes_nothing_but_metadata_does() -> None:
    assert patch({"state": "", "schema_id": "", "verifiable_addresses": [], "metadata_public": {}}) == {
        "metadata_public": {}
    }


def test_the_external_id_counts_since_v25() -> None:
    assert patch({"external_id": "e"}) == {"external_id": "e"}
    assert patch({"external_id": "e"}, "v1.3.1") == {}


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"identity": null}', b'{"identity": {}}', b'{"other": 1}'])
def test_no_patch_is_no_error(body: bytes) -> None:
    assert read_patch(body, "v26.2.0") == {}


def test_members_are_found_in_any_letter_case() -> None:
    assert read_patch(b'{"Identity": {"Traits": {"a": 1}}}', "v26.2.0") == {"traits": {"a": 1}}


def test_an_early_end_is_worded_by_version() -> None:
    assert patch_error(b"") == "unexpected end of JSON input"
    assert patch_error(b"", "v1.3.1") == "EOF"
    assert patch_error(b'{"identity"', "v1.3.1") == "unexpected EOF"


def test_a_patch_of_another_shape_is_an_error() -> None:
    shape = 'struct { Identity *hook.localIdentity "json:\\"identity\\"" }'
    assert patch_error([]) == f"json: cannot unmarshal array into Go value of type {shape}"
    assert patch_error({"identity": "x"}) == (
        "json: cannot unmarshal string into Go struct field .identity of type hook.localIdentity"
    )
    assert patch_error({"identity": {"state": 1}}) == (
        "json: cannot unmarshal number into Go struct field localIdentity.identity.state of type identity.State"
    )
    assert patch_error({"identity": {"verifiable_addresses": {}}}) == (
        "json: cannot unmarshal object into Go struct field localIdentity.identity.verifiable_addresses "
        "of type []identity.VerifiableAddress"
    )


def test_messages_go_to_the_node_of_their_pointer() -> None:
    groups = [
        {"instance_ptr": "#/traits/name/last", "messages": [{"id": 1, "text": "A", "type": "error"}]},
        {"instance_ptr": "#/", "messages": [{"id": 2, "text": "B", "type": "info"}]},
        {"instance_ptr": "#/traits/a.b~1c", "messages": []},
    ]
    messages, error = refusal({"messages": groups})
    assert messages == (FormMessage("traits.name.last", 1, "error", "A"), FormMessage(None, 2, "info", "B"))
    assert error == (
        "3 validation errors occurred:\n"
        "(0) I[#/traits/name/last] S[] a webhook target returned an error\n"
        "(1) I[#/] S[] a webhook target returned an error\n"
        "(2) I[#/traits/a.b~1c] S[] a webhook target returned an error"
    )


def test_what_a_message_lacks_is_zero_empty_and_info() -> None:
    messages, error = refusal({"messages": [{"messages": [{}]}, {}]})
    assert messages == (FormMessage(None, 0, "info", ""),)
    assert error.splitlines()[1] == "(0) I[] S[] a webhook target returned an error"


@pytest.mark.parametrize("document", [{}, None, {"messages": []}, {"messages": None}, {"error": "x"}])
def test_no_messages_are_an_error(document: Any) -> None:
    assert refusal_error(document) == "error while parsing webhook response: got no validation errors"


def test_a_refusal_is_read_as_a_stream_in_every_version() -> None:
    assert refusal_error(b"") == f"{UNREADABLE}EOF"
    assert refusal_error(b'{"messages') == f"{UNREADABLE}unexpected EOF"
    assert refusal_error(b"<html>") == f"{UNREADABLE}invalid character '<' looking for beginning of value"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([1], "array into Go value of type hook.rawHookResponse"),
        ({"messages": {}}, "object into Go struct field rawHookResponse.messages of type []hook.errorMessage"),
        ({"messages": ["x"]}, "string into Go struct field rawHookResponse.messages of type hook.errorMessage"),
        (
            {"messages": [{"instance_ptr": 1}]},
            "number into Go struct field errorMessage.messages.instance_ptr of type string",
        ),
        (
            {"messages": [{"messages": [{"id": "1"}]}]},
            "string into Go struct field detailedMessage.messages.messages.id of type int",
        ),
        (
            {"messages": [{"messages": [{"id": 1.5}]}]},
            "number 1.5 into Go struct field detailedMessage.messages.messages.id of type int",
        ),
        (
            {"messages": [{"messages": [{"text": ["x"]}]}]},
            "array into Go struct field detailedMessage.messages.messages.text of type string",
        ),
    ],
)
def test_messages_of_another_shape_are_an_error(document: Any, said: str) -> None:
    assert refusal_error(document) == f"{UNREADABLE}json: cannot unmarshal {said}"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["identity", "messages", "traits", "state", "instance_ptr", "id", "text", "type"]),
                inner,
            )
        ),
    ),
    st.sampled_from(["v1.3.1", "v26.2.0"]),
)
def test_any_answer_is_taken_or_refused(document: Any, kratos: str) -> None:
    body = json.dumps(document).encode()
    for read in (read_patch, read_refusal):
        try:
            read(body, kratos)
        except AnswerError:
            continue
