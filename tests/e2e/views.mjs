// The views of the site, and what a visitor can bring them to show.
import { give, giveHeads, prepare, resting, seen, toggle } from "./training.mjs";

/** Their names in the address. */
export const VIEWS = { story: "", game: "spel", studio: "studio", training: "trainen", about: "over" };

/** Waits until a view stands and the engine has done what it does by itself. */
export async function ready(site, view) {
  await site.page.locator("main h1").first().waitFor();
  await site.page.waitForLoadState("networkidle");
  if (view === "studio") await site.settled();
  if (view === "game") await site.page.locator('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"]').first().waitFor();
  await site.page.waitForTimeout(400);
}

/** Goes to a view, in a language, without loading the page anew. */
export async function go(page, view, lang) {
  await page.evaluate((hash) => (location.hash = hash), `#/${VIEWS[view]}?lang=${lang}`);
  await page.waitForSelector(`html[lang="${lang}"]`);
  await page.locator("main h1").first().waitFor();
}

/** Plays on to the end of a game, giving the same answer each time. */
async function playOn(site) {
  const open = site.page.locator('[data-testid="answer-real"]:visible:enabled, [data-testid="next"]:visible, [data-testid="result"]:visible');
  for (let steps = 0; steps < 60; steps++) {
    await open.first().waitFor();
    if (await site.at("result").isVisible()) return;
    await open.first().click();
  }
  throw new Error("the game does not end");
}

/** Starts another kind of game. */
async function start(site, mode, hook) {
  await site.page.locator(`[data-testid="game-mode"] [data-mode]`).nth(mode).click();
  await site.page.locator('[data-testid="arena"][data-ready="true"]').waitFor();
  await site.at(hook).waitFor();
}

/**
 * What more than its start a view can show: a name, and how to come there from what is before it. A copy of the site
 * without real scans has no game to play, and says so.
 */
export const STATES = {
  story: {},
  game: {
    "an answer": async (site) => {
      await site.page.locator('[data-testid="answer-real"]:enabled').click();
      await site.at("next").waitFor();
    },
    "the result": playOn,
    "the clues": async (site) => {
      // A site with a handful of real scans has none to spare for clues and a second half.
      if (!(await site.at("to-clues").isVisible())) return;
      await site.at("to-clues").click();
      await site.at("clues").waitFor();
    },
    "two scans": (site) => start(site, 1, "answer-left"),
    "where is the tumour": (site) => start(site, 2, "field"),
    "where the tumour is": async (site) => {
      await site.at("field").click();
      await site.at("next").waitFor();
    },
  },
  studio: {
    "one scan, large": async (site) => {
      await site.at("scan").first().click();
      await site.at("detail").waitFor();
    },
  },
  training: {
    "files that were read and one that was not": async (site) => {
      await give(site, [{ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") }]);
      await giveHeads(site, 24);
    },
    "a training": async (site) => {
      await prepare(site);
      await toggle(site);
      await seen(site, 24);
      await toggle(site);
      await resting(site);
      await site.at("check-copies").click();
      await site.at("copy-verdict").waitFor();
    },
  },
  about: {},
};

/** The states of a view, from its start on, that this copy of the site can show. */
export async function states(site, view) {
  const playable = view !== "game" || !(await site.at("no-scans").isVisible());
  return [["", async () => {}], ...(playable ? Object.entries(STATES[view]) : [])];
}
