// A visit to all views: the story from top to bottom, a game to its result, scans in the studio, a training on the visitor's
// files, an experiment in the lab, a class, a reader study, folders to measure, and the view about the site.
import { nextFrame } from "./site-page.mjs";
import { goTo, statesOf, viewReady } from "./views.mjs";

/** Visits all views of an open site. Without real scans, the game is opened but not played. */
export async function tour(site) {
  const { page } = site;
  await goTo(page, "story", "en");
  await scrollThrough(page);
  await viewReady(site, "story");
  await goTo(page, "game", "en");
  await viewReady(site, "game");
  for (const [, reach] of await statesOf(site, "game")) await reach(site);
  await goTo(page, "studio", "en");
  await site.settled();
  await site.at("new-seed").click();
  await site.settled();
  await goTo(page, "training", "en");
  for (const [, reach] of await statesOf(site, "training")) await reach(site);
  await goTo(page, "lab", "en");
  for (const [, reach] of await statesOf(site, "lab")) await reach(site);
  await goTo(page, "lesson", "en");
  await viewReady(site, "lesson");
  for (const [, reach] of await statesOf(site, "lesson")) await reach(site);
  await goTo(page, "study", "en");
  for (const [, reach] of await statesOf(site, "study")) await reach(site);
  await goTo(page, "measure", "en");
  for (const [, reach] of await statesOf(site, "measure")) await reach(site);
  await goTo(page, "about", "nl");
  await scrollThrough(page);
  await viewReady(site, "about");
}

/** Scrolls from top to bottom in steps. Parts of a page start their work when they come into view: in the frame after a step. */
async function scrollThrough(page) {
  for (let y = 0; ; y += await page.evaluate(() => innerHeight / 2)) {
    const more = await page.evaluate((y) => {
      scrollTo(0, y);
      return y < document.body.scrollHeight;
    }, y);
    if (!more) return;
    await nextFrame(page);
  }
}
