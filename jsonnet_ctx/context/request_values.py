"""Headers and cookies of the request that runs a hook."""

from jsonnet_ctx.context.fabricate import base64_of, hex_of, number_of
from jsonnet_ctx.context.story import WEBSITE_URL, Story
from jsonnet_ctx.kratos.headers import header_allowlist, pass_headers

_AGENTS = {
    "api": "ExampleApp/1.2 (Android 14)",
    "browser": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
}


def user_agent(client: str) -> str:
    """Return the User-Agent of an ``api``, ``browser`` or ``spa`` client."""
    return _AGENTS["api" if client == "api" else "browser"]


def cookies_of(story: Story) -> dict[str, str]:
    """Return ctx.request_cookies, sorted by name: the cookies that the scenario brings."""
    jar = {}
    for name in story.scenario.cookies:
        suffix = f"_{hex_of(story.seed, 'csrf cookie', 64)}" if name == "csrf_token" else ""
        jar[name + suffix] = base64_of(story.seed, name, 32 if suffix else 96)
    return dict(sorted(jar.items()))


def headers_of(story: Story, allowlist: tuple[str, ...] | None) -> dict[str, list[str]]:
    """Return ctx.request_headers: what this client sends, as far as the allow-list lets it through.

    ``allowlist`` None is the version's default list. The password migration hook is never
    filtered (capture password_migration__api-migrate).
    """
    if story.shape.hook.id == "password_migration":
        passed = None
    else:
        passed = header_allowlist(story.shape.kratos) if allowlist is None else allowlist
    return pass_headers(_sent(story), passed)


def _sent(story: Story) -> dict[str, list[str]]:
    client, posts = story.scenario.client, story.scenario.request_method == "POST"
    speaks_json = client in ("api", "spa") and (posts or story.scenario.flow_path == "=" or client == "api")
    headers = {
        "Accept": ["application/json" if speaks_json else "text/html,application/xhtml+xml"],
        "Accept-Encoding": ["gzip" if client == "api" else "gzip, deflate, br"],
        "User-Agent": [user_agent(client)],
        "X-Forwarded-For": [f"203.0.113.{1 + number_of(story.seed, 'address', 250)}"],
    }
    if client != "api":
        headers["Accept-Language"] = ["en-GB,en;q=0.5"]
    if posts:
        form = client == "browser"
        headers["Content-Length"] = [str(90 + number_of(story.seed, "length", 200))]
        headers["Content-Type"] = ["application/x-www-form-urlencoded" if form else "application/json"]
        if client != "api":
            headers |= {"Origin": [WEBSITE_URL.rstrip("/")], "Referer": [WEBSITE_URL]}
    jar = cookies_of(story)
    if jar:
        headers["Cookie"] = ["; ".join(f"{name}={value}" for name, value in jar.items())]
    return headers
