// A whole visit: the story from top to bottom, a game to its result, scans made in the studio, a training on files of the
// visitor, and what the site says of itself.
import { go, ready, states } from "./views.mjs";

/** Walks through all views of an open site. Without real scans there is no game to play, and it looks on only. */
export async function tour(site) {
  const { page } = site;
  await go(page, "story", "en");
  await scroll(page);
  await go(page, "game", "en");
  await ready(site, "game");
  for (const [, reach] of await states(site, "game")) await reach(site);
  await go(page, "studio", "en");
  await site.settled();
  await site.at("new-seed").click();
  await site.settled();
  await go(page, "training", "en");
  for (const [, reach] of await states(site, "training")) await reach(site);
  await go(page, "about", "nl");
  await scroll(page);
  await page.waitForLoadState("networkidle");
}

/** What is below comes to life once it has been in sight. */
async function scroll(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise((next) => setTimeout(next, 300));
    }
  });
}
