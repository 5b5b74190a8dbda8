"""The page that shows the flow, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from bot.graph.files import FOLDER
from bot.project import PROJECT
from tests.support.chat import screenshots
from tests.widget.test_access import violations

# Text must not run out of its picture, nor out of the box that its beginning lies in.
STICKING_OUT = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("rect")].map((rect) => rect.getBBox());
  return [...svg.querySelectorAll("text")].filter((text) => {
    const { x, y, width, height } = text.getBBox();
    const around = boxes.filter((box) => box.x <= x + 1 && x < box.x + box.width
      && box.y <= y + height / 2 && y + height / 2 < box.y + box.height);
    return around.some((box) => x + width > box.x + box.width + 1);
  }).map((text) => text.textContent);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read_by_everyone(page: Page, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto((PROJECT / FOLDER / "index.html").as_uri())

    page.screenshot(path=screenshots() / f"flow-{scheme}-{width}.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
