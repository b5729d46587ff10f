"""Body URIs: schemes, what the config schema refuses, and text that is no path."""

import pytest

from jsonnet_ctx.project.body_uri import looks_inline, refusal_of, scheme_of, storage_digest


@pytest.mark.parametrize(
    ("uri", "scheme"),
    [
        ("base64://eA==", "base64"),
        ("file:///a", "file"),
        ("json://x", "json"),
        ("BASE64://x", "BASE64"),
        ("a/b.jsonnet", None),
        ("function(ctx) {u: 'http://x'}", None),
    ],
)
def test_the_scheme_is_what_stands_before_the_slashes(uri: str, scheme: str | None) -> None:
    assert scheme_of(uri) == scheme


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("base64://ZnVu\nY3Rp", "a line end at character 13"),
        ("base64://ZnVu\t", "the control character U+0009 at character 13"),
        ("base64://ZnVu Y3Rp", "' ' at character 13"),
        ("base64://ZnVuY3Rp", None),
        ("base64://!!!notbase64", None),
        ("base64://", None),
        ("file:///etc/a b.jsonnet", None),
        ("file:///a%zz", "a % that is no escape"),
        ("file://{{ .Values.path }}", "'{' at character 7"),
        ("function(ctx) {\n}", None),
        ("json://a b", None),
    ],
)
def test_kratos_refuses_what_go_calls_no_uri(uri: str, reason: str | None) -> None:
    assert refusal_of(uri) == reason


@pytest.mark.parametrize("text", ["function(ctx) 1", " local x = 1; x", "{ a: 1 }", "// hi", "a\nb", "std.length"])
def test_jsonnet_text_is_recognised(text: str) -> None:
    assert looks_inline(text)


@pytest.mark.parametrize("text", ["/etc/kratos/function.jsonnet", "local.jsonnet", "a b.jsonnet"])
def test_paths_are_not_taken_for_jsonnet(text: str) -> None:
    assert not looks_inline(text)


def test_ory_network_names_stored_bodies_by_their_sha_512() -> None:
    digest = "0123456789abcdef" * 8
    assert storage_digest(f"https://storage.googleapis.com/bac-gcs-production/{digest}.jsonnet") == digest
    assert storage_digest("https://example.com/body.jsonnet") is None
    assert storage_digest("https://[broken") is None
