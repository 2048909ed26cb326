# SPDX-License-Identifier: Apache-2.0
"""Opens the pages that people open in headless Chromium, and checks what a reader would meet.

For each page: it opens from file:// and asks the network for nothing; axe-core finds nothing, in
light and in dark; the text of the drawings has the contrast that WCAG 2.1 AA asks for; the keyboard
alone reaches everything that scrolls; it fits 320 pixels; without JavaScript it reads the same and
claims no verification; printed, it keeps its texts. A page that checks itself says that it is intact,
and that it is not once one digit of it differs. Screenshots and PDF go to the folder that is named.

Usage: pages_check.py OUT PAGE…
"""

import pathlib
import re
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

CHROMIUM = "/usr/bin/chromium"

CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = t => (t.match(/[0-9.]+/g) || []).map(Number);
  const paper = parse(getComputedStyle(document.body).backgroundColor);
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    if (!text.textContent.trim()) continue;
    const ink = parse(getComputedStyle(text).fill);
    const box = text.getBBox();
    let ground = [paper], pattern = false;
    for (const shape of text.ownerSVGElement.querySelectorAll("rect")) {
      if (shape.closest("pattern") || shape.closest("defs")) continue;
      const other = shape.getBBox();
      const apart = other.x >= box.x + box.width || box.x >= other.x + other.width
        || other.y >= box.y + box.height - 2 || box.y + 2 >= other.y + other.height;
      if (apart) continue;
      const fill = getComputedStyle(shape).fill;
      if (fill.startsWith("url")) pattern = true;
      else if (fill !== "none") ground.push(parse(fill));
    }
    const ratio = Math.min(...ground.map(g => {
      const [a, b] = [light(ink), light(g)];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
    if (ratio < 4.5 || pattern) found.push([text.textContent, ratio, pattern]);
  }
  return found;
}"""

OVERLAP = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll("svg.chart")) {
    const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const boxes = [...drawing.querySelectorAll("text")].map(t => [t.textContent, t.getBBox()]);
    boxes.forEach(([name, a], i) => {
      if (a.x < -0.5 || a.x + a.width > width + 0.5 || a.y + a.height > height + 0.5)
        found.push([name, "outside", a.x, a.x + a.width, width]);
      for (const [other, b] of boxes.slice(i + 1))
        if (a.x < b.x + b.width && b.x < a.x + a.width && a.y + 3 < b.y + b.height - 3
            && b.y + 3 < a.y + a.height - 3) found.push([name, "over", other]);
    });
  }
  return found;
}"""


class Checks:
    def __init__(self, browser, page, folder):
        self.browser, self.path, self.folder = browser, pathlib.Path(page).resolve(), folder
        self.checksItself = 'id="check"' in self.path.read_text()
        self.failures = []

    def expect(self, holds, what, detail=""):
        print(f"  {'ok ' if holds else 'NOT'} {what}" + (f": {detail}" if detail and not holds else ""))
        if not holds:
            self.failures.append(f"{self.path.name}: {what}")

    def open(self, path=None, **options):
        context = self.browser.new_context(**options)
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((path or self.path).as_uri())
        page.wait_for_load_state()
        page.wait_for_timeout(300)
        return page, asked, said

    def shot(self, page, name):
        page.screenshot(path=self.folder / f"{self.path.stem}-{name}.png", full_page=True)

    def run(self):
        print(self.path.name)
        for scheme in ["light", "dark"]:
            page, asked, said = self.open(color_scheme=scheme, viewport={"width": 1000, "height": 900})
            outside = [url for url in asked if url != self.path.as_uri()]
            self.expect(not outside, f"asks for nothing else ({scheme})", outside)
            self.expect(not said, f"the browser complains of nothing ({scheme})", said)
            results = Axe().run(page)
            self.expect(results.violations_count == 0, f"axe-core finds nothing ({scheme})",
                        results.generate_report() if results.violations_count else "")
            poor = page.evaluate(CONTRAST)
            self.expect(not poor, f"text of drawings has contrast 4.5 ({scheme})", poor[:6])
            self.shot(page, scheme)
            if scheme == "light":
                over = page.evaluate(OVERLAP)
                self.expect(not over, "no text of a drawing is cut or covered", over[:6])
                if self.path.stem.endswith("-fr") and self.checksItself:
                    machines = re.findall(r"\b\d{4}-\d{2}-\d{2}\b", page.inner_text("body"))
                    self.expect(not machines, "writes dates as the French do", machines[:6])
                if self.checksItself:
                    self.expect(page.locator("#check").get_attribute("class") == "good",
                                "says that it is intact", page.locator("#check").text_content())
                self.keyboard(page)
            page.context.close()
        self.narrow()
        self.silent()
        self.printed()
        if self.checksItself:
            self.altered()
        return self.failures

    def keyboard(self, page):
        wanted = page.evaluate("""() => [...document.querySelectorAll('a[href],button,summary,[tabindex="0"]')]
            .filter(e => e.getClientRects().length).length""")
        reached, unseen = 0, []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            name, style = page.evaluate("""() => { const e = document.activeElement;
                return [e.getAttribute('aria-label') || e.textContent.slice(0, 40),
                  e === document.body ? 'none' : getComputedStyle(e).outlineStyle]; }""")
            reached += style != "none"
            if style == "none":
                unseen.append(name)
        self.expect(reached == wanted, f"the keyboard reaches all {wanted}, and shows where it is",
                    unseen[:5])

    def narrow(self):
        page, _, _ = self.open(viewport={"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        self.expect(width <= 320, "fits 320 pixels", width)
        self.shot(page, "320")
        page.context.close()

    def silent(self):
        page, _, _ = self.open(java_script_enabled=False)
        text = page.locator("body").inner_text()
        self.expect(len(text) > 500 and page.locator("h1").is_visible(), "reads without JavaScript")
        if self.checksItself:
            box = page.locator("#check").text_content()
            self.expect("JavaScript" in box and page.locator("#check").get_attribute("class") is None,
                        "claims no verification without JavaScript", box)
        page.context.close()

    def printed(self):
        page, _, _ = self.open()
        path = self.folder / f"{self.path.stem}.pdf"
        title = page.locator("h1").text_content()
        page.pdf(path=path, format="A4", print_background=True,
                 margin={side: "15mm" for side in ["top", "bottom", "left", "right"]})
        reader = PdfReader(path)
        text = " ".join(p.extract_text() for p in reader.pages)
        plain = lambda words: re.sub(r"\s+", "", words)
        self.expect(plain(title) in plain(text), f"prints, on {len(reader.pages)} pages")
        page.context.close()

    def altered(self):
        text = self.path.read_text()
        figure = re.search(r'<td class="figure">[^<]*?([0-9])</td>', text)
        digit = "1" if figure.group(1) != "1" else "2"
        changed = self.folder / f"{self.path.stem}-altered.html"
        changed.write_text(text[:figure.start(1)] + digit + text[figure.end(1):])
        page, _, _ = self.open(changed)
        self.expect(page.locator("#check").get_attribute("class") == "bad",
                    "says so when one digit differs", page.locator("#check").text_content())
        page.context.close()
        changed.unlink()


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print(f"Chromium {browser.version}")
        for page in sys.argv[2:]:
            failures += Checks(browser, page, folder).run()
        browser.close()
    print(f"{len(sys.argv) - 2} pages, {len(failures)} failures; see {folder}")
    sys.exit(1 if failures or len(sys.argv) < 3 else 0)


if __name__ == "__main__":
    main()
