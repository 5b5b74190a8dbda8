"""The widget's script as it is served: small, compressed, cached, and open to any site."""

from __future__ import annotations

import base64
import gzip
import hashlib

import httpx
import pytest

from bot.channels.web.assets import script
from bot.project import PROJECT
from tests.support.server import Server

LARGEST = 14 * 1024


def test_it_is_at_most_14_kib_as_served(server: Server) -> None:
    with httpx.stream(
        "GET", f"{server.url}/webhooks/web/widget.js", headers={"Accept-Encoding": "gzip"}
    ) as answer:
        sent = b"".join(answer.iter_raw())

    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) <= LARGEST
    assert gzip.decompress(sent) == (PROJECT / "widget" / "dist" / "widget.js").read_bytes()


@pytest.mark.parametrize("packing", ["br", "", "gzip;q=0", "br, gzip; q=0.0, *"])
def test_it_is_served_plain_to_who_cannot_unpack_it(server: Server, packing: str) -> None:
    answer = httpx.get(f"{server.url}/webhooks/web/widget.js", headers={"Accept-Encoding": packing})

    assert "content-encoding" not in answer.headers
    assert answer.content == script().body
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("packing", ["gzip", "identity"])
def test_what_has_not_changed_is_not_sent_again(server: Server, packing: str) -> None:
    url, headers = f"{server.url}/webhooks/web/widget.js", {"Accept-Encoding": packing}
    tag = httpx.get(url, headers=headers).headers["etag"]

    again = httpx.get(url, headers={**headers, "If-None-Match": tag})
    changed = httpx.get(url, headers={**headers, "If-None-Match": '"another"'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert changed.status_code == 200


def test_an_address_with_the_version_may_be_kept_for_ever(server: Server) -> None:
    plain = httpx.get(f"{server.url}/webhooks/web/widget.js")
    versioned = httpx.get(f"{server.url}{script().path}")

    assert versioned.content == plain.content
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["cache-control"] == "public, max-age=300"


def test_the_address_of_another_version_leads_to_this_one(server: Server) -> None:
    answer = httpx.get(f"{server.url}/webhooks/web/widget/0123456789ab/widget.js")

    assert (answer.status_code, answer.headers["location"]) == (302, "/webhooks/web/widget.js")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_any_site_may_load_it_with_a_hash(server: Server) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    answer = httpx.get(f"{server.url}/webhooks/web/widget.js", headers=headers)

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert script().integrity == f"sha384-{digest}"
    assert f'integrity="sha384-{digest}"' in script().tag("https://bot.example")
