"""A notebook in JupyterLab as a learner handles it: find a cell, write in it, run it, read it."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.jupyter import PAGE_SECONDS

expect.set_options(timeout=1000 * PAGE_SECONDS)
CODE = ".jp-Notebook .jp-CodeCell"
# The contrast of each piece of text below an element, as WCAG 2 defines it, with the opacity and
# the backgrounds of everything around it.
CONTRASTS = """root => {
  const parse = text => {
    const n = text.match(/[\\d.]+/g).map(Number);
    return {rgb: n.slice(0, 3), a: n.length > 3 ? n[3] : 1};
  };
  const over = (top, a, below) => below.map((b, i) => a * top[i] + (1 - a) * b);
  const light = rgb => {
    const [r, g, b] = rgb.map(x => x / 255).map(
      x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ancestors = node => node ? [...ancestors(node.parentElement), node] : [];
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.textContent.trim();
    const element = node.parentElement;
    if (!text || !element.checkVisibility()) continue;
    let behind = [255, 255, 255], opacity = 1;
    for (const around of ancestors(element)) {
      const style = getComputedStyle(around), colour = parse(style.backgroundColor);
      opacity *= Number(style.opacity);
      behind = over(colour.rgb, colour.a * opacity, behind);
    }
    const ink = parse(getComputedStyle(element).color);
    const front = over(ink.rgb, ink.a * opacity, behind);
    const [a, b] = [light(front), light(behind)].sort((x, y) => y - x);
    found.push([text.slice(0, 60), Math.round((a + 0.05) / (b + 0.05) * 100) / 100]);
  }
  return found;
}"""


class LearnerPage:
    """One open notebook. Every wait is bounded by the page's own time-out."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def open(self, address: str) -> None:
        """Go to the address that `firsthand learn` printed, until the kernel answers."""
        self.page.goto(address)
        self.page.locator(CODE).first.wait_for()
        # The toolbar's indicator says "idle" before there is a kernel; the status bar does not.
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(
            "Python 3 (ipykernel) | Idle"
        )

    def cell(self, text: str) -> Any:
        """The code cell whose input holds `text`."""
        return self.page.locator(CODE).filter(
            has=self.page.locator(".jp-InputArea-editor", has_text=text)
        )

    def write(self, text: str, code: str) -> None:
        """Replace the code of a cell."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(code)

    def run(self, text: str) -> Any:
        """Run a cell with Shift+Enter and wait until it is done; its outputs."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        return self.pressed(cell)

    def pressed(self, cell: Any) -> Any:
        """Press Shift+Enter in the active cell, `cell`, and wait until it is done; its outputs."""
        prompt = cell.locator(".jp-InputArea-prompt")
        before = prompt.inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))
        return cell.locator(".jp-OutputArea-output")

    def theme(self, name: str) -> None:
        """Choose a theme in the menu."""
        for label in ("Settings", "Theme", f"JupyterLab {name}"):
            item = self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")
            item.filter(has_text=re.compile(f"^{label}$")).click()
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-name", f"JupyterLab {name}"
        )

    def contrasts(self, element: Any) -> list[tuple[str, float]]:
        """(text, contrast) of everything that can be read in an element."""
        return [(text, value) for text, value in element.evaluate(CONTRASTS)]
