// Takes screenshots of all views for a person to look at: phone and desktop, both languages, light and dark.
//   node screenshots.mjs [VIEW ...]
import { mkdirSync } from "node:fs";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { statesOf, viewReady, VIEWS } from "./support/views.mjs";

const wanted = process.argv.slice(2);
mkdirSync(SCREENSHOTS, { recursive: true });
const browser = await launch();
try {
  for (const [name, view] of Object.entries(VIEWS)) {
    if (wanted.length && !wanted.includes(name)) continue;
    for (const width of [360, 1280]) {
      for (const lang of ["nl", "en"]) {
        const viewport = { width, height: width < 600 ? 740 : 900 };
        await visit(browser, name === "studio" ? { lang, seed: 1 } : { lang }, async (site) => {
          await viewReady(site, name);
          for (const [state, reach] of await statesOf(site, name)) {
            await reach(site);
            for (const colorScheme of ["light", "dark"]) {
              await site.page.emulateMedia({ colorScheme });
              // Parts of a page start their work when they come into view.
              await site.page.evaluate(async () => {
                for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
                  scrollTo(0, y);
                  await new Promise((next) => setTimeout(next, 60));
                }
                scrollTo(0, 0);
              });
              await site.page.waitForTimeout(300);
              const path = `${SCREENSHOTS}${[name, ...(state ? [state.replace(/\W+/g, "-")] : []), width, lang, colorScheme].join("-")}.png`;
              await site.page.screenshot({ path, fullPage: !state.includes("large") });
              console.log(path);
            }
          }
        }, { view, viewport, reducedMotion: "reduce", expectErrors: true });
      }
    }
  }
} finally {
  await browser.close();
}
