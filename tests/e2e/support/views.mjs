// The views of the site, and the states that a visitor can bring them to.
import { encode, fingerprintOf } from "./class-codes.mjs";
import { encodePng } from "./drawn-heads.mjs";
import { codes, giveFolders, makeStudy } from "./study-page.mjs";
import { fakes, give, persons } from "./measure-page.mjs";
import { picture } from "./qr.mjs";
import { giveFiles, giveHeads, prepare, trainUntil } from "./training-page.mjs";

/** Name of each view in the address. */
export const VIEWS = { story: "", game: "spel", studio: "studio", training: "trainen", lab: "lab", about: "over", lesson: "les", study: "studie", measure: "meten" };

/** Waits until a view is complete: all requests and the work that the engine does by itself. */
export async function viewReady(site, view) {
  await site.page.locator("main h1").first().waitFor();
  if (view === "story") await site.page.waitForSelector('[data-testid="story-hero"][data-state="done"], [data-testid="story-trouble"]');
  if (view === "studio") await site.settled();
  if (view === "game") await site.page.locator('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"]').first().waitFor();
  if (view === "lesson") await site.page.waitForSelector('[data-testid="lesson"][data-ready="true"], [data-testid="class-status"][data-impossible="true"]');
  await site.page.waitForLoadState("networkidle");
}

/** Goes to a view in a language without loading the page again. */
export async function goTo(page, view, lang) {
  await page.evaluate((hash) => (location.hash = hash), `#/${VIEWS[view]}?lang=${lang}`);
  await page.waitForSelector(`html[lang="${lang}"]`);
  await page.locator("main h1").first().waitFor();
}

/** Plays to the end of a game and always gives the same answer. */
async function playToEnd(site) {
  const button = site.page.locator('[data-testid="answer-real"]:visible:enabled, [data-testid="next"]:visible, [data-testid="result"]:visible');
  for (let steps = 0; steps < 60; steps++) {
    await button.first().waitFor();
    if (await site.at("result").isVisible()) return;
    await button.first().click();
  }
  throw new Error("the game does not end");
}

/** Starts a game of another mode, and waits for the element `id`. */
async function startMode(site, mode, id) {
  await site.page.locator(`[data-testid="game-mode"] [data-mode]`).nth(mode).click();
  await site.page.locator('[data-testid="arena"][data-ready="true"]').waitFor();
  await site.at(id).waitFor();
}

/** The states of each view after its start, in order: a name, and how to reach the state from the one before. */
export const STATES = {
  story: {},
  game: {
    "an answer": async (site) => {
      await site.page.locator('[data-testid="answer-real"]:enabled').click();
      await site.at("next").waitFor();
    },
    "the result": playToEnd,
    "the clues": async (site) => {
      // A site with few real scans has no clues.
      if (!(await site.at("to-clues").isVisible())) return;
      await site.at("to-clues").click();
      await site.at("clues").waitFor();
    },
    "two scans": (site) => startMode(site, 1, "answer-left"),
    "where is the tumour": (site) => startMode(site, 2, "field"),
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
      await giveFiles(site, [{ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") }]);
      await giveHeads(site, 24);
    },
    "a training": async (site) => {
      // These networks are kept for use offline.
      await prepare(site, { size: 64, model: "t1ce", judge: false });
      await trainUntil(site, 24);
      await site.at("check-copies").click();
      await site.at("copy-verdict").waitFor();
    },
  },
  lab: {
    "an experiment": async (site) => {
      // One that takes seconds.
      await site.go({ source: "drawings", fakes: "same", n: 10, reps: 2, side: 16, steps: 2, each: 4 });
      await site.at("lab-expect").locator("input").first().check();
      await site.at("lab-start").click();
      await site.page.locator('[data-testid="lab-verdict"][data-verdict]').waitFor();
    },
  },
  lesson: {
    "the results of a class, and lines that do not count": async (site) => {
      // A site without real scans has no game and no results.
      if ((await site.at("class-status").getAttribute("data-impossible")) === "true") return;
      const fingerprint = await fingerprintOf(site);
      const codes = Array.from({ length: 12 }, (_, tag) => encode([1 + (tag % 2), 1, 2, 1 + (tag % 3 > 0)], fingerprint, tag));
      await site.at("class-codes").fill([...codes, codes[0], "K7PM-3XQ", encode([1], (fingerprint + 1) % 512, 1)].join("\n"));
      await site.page.waitForSelector('[data-testid="class-results"][data-pupils="12"]');
      await site.page.locator('[data-testid="class-hardest"] canvas.drawn').first().waitFor();
    },
    "photos with and without a QR code, and no camera": async (site) => {
      const photo = (name, codes) => ({ name, mimeType: "image/png", buffer: encodePng(picture(320, 320, codes), 320, 320) });
      const link = { text: "HTTPS://A.ORG/", left: 20, top: 30, module: 7 };
      await site.at("scan-photos").setInputFiles([photo("link.png", [link]), photo("empty.png", [])]);
      await site.page.waitForFunction(() => document.querySelectorAll('[data-testid="scan-skipped"] li').length === 2);
      await site.at("scan-camera").click();
      await site.at("scan-trouble").waitFor();
    },
  },
  study: {
    "a study and the results of two readers": async (site) => {
      await giveFolders(site);
      await makeStudy(site, { cases: 8 });
      await site.at("study-codes").fill(`${codes().join("\n")}\nDear doctor,`);
      await site.at("study-table").waitFor();
    },
    "a case": async (site) => {
      await site.at("study-start").click();
      await site.page.locator('[data-testid="study-picture"].drawn').first().waitFor();
    },
    "how sure": async (site) => {
      await site.at("study-first").click();
      await site.at("study-sure-1").waitFor();
    },
    "the end": async (site) => {
      await site.at("study-stop").click();
      await site.at("study-code").waitFor();
    },
  },
  measure: {
    // A whole measurement takes a minute and a large file: measure.test.mjs has one.
    "too few people": async (site) => {
      await give(site, "real", persons(1));
      await give(site, "fake", fakes(16));
      await site.at("measure-start").click();
      await site.page.waitForFunction(() => document.querySelector('[data-testid="measure-problem"]').textContent);
    },
  },
  about: {
    "a measurement of the speed, stopped": async (site) => {
      await site.at("speed-button").click();
      await site.at("speed-table").waitFor();
      await site.at("speed-button").click();
      await site.page.locator('[data-testid="speed"][data-phase="stopped"]').waitFor();
    },
  },
};

/** The states of a view that this site can show, the start included. Without real scans the game has only its start. */
export async function statesOf(site, view) {
  const playable = view !== "game" || !(await site.at("no-scans").isVisible());
  return [["", async () => {}], ...(playable ? Object.entries(STATES[view]) : [])];
}
