// Page object of the game.
import { createHash } from "node:crypto";
import { drawnPack } from "./drawn-pack.mjs";
import { TIMEOUT, visit } from "./fixtures.mjs";
import { sizesOf } from "./weights-files.mjs";

/** Viewport of a phone. */
export const PHONE = { width: 360, height: 740 };

/** Packs of drawn heads, in the size of the largest generator, as a real site has. */
export const PACKS = Object.fromEntries(["t1ce", "flair"].map((model) => [`scans/${model}.pack`, drawnPack(model, sizesOf(model)[0])]));

/** A `fault` of a server with another pack of drawn heads; options as for `drawnPack`. */
export function servePack(options) {
  const pack = drawnPack("t1ce", sizesOf("t1ce")[0], options);
  return (path, response) => path === "scans/t1ce.pack" && Boolean(response.writeHead(200).end(pack));
}

/** A `fault` of a server without real scans. */
export function withoutScans(path, response) {
  return path.startsWith("scans/") && Boolean(response.writeHead(404).end("not here"));
}

/** Opens the game at `#/spel?...query`, with drawn heads as its real scans, and calls `check(game, server)`. Options as for `visit`. */
export function visitGame(browser, query, check, { fault = () => false, ...options } = {}) {
  const servePacks = async (path, response, request) => {
    if (await fault(path, response, request)) return true;
    return path in PACKS && Boolean(response.writeHead(200).end(PACKS[path]));
  };
  return visit(browser, query, (site, server) => check(new GamePage(site), server), { view: "spel", fault: servePacks, ...options });
}

export class GamePage {
  constructor(site) {
    this.site = site;
    this.page = site.page;
  }

  /** The element with this `data-testid`. */
  at(id) {
    return this.page.getByTestId(id);
  }

  /** Waits for the first round. Throws if there is no game. */
  async started() {
    await this.page.waitForSelector('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"], [data-testid="failure"]', { timeout: TIMEOUT });
    if (!(await this.at("arena").isVisible())) throw new Error(`no game: ${await this.page.locator("main").innerText()}`);
  }

  /** Waits for a round, whatever the page shows until then. */
  async ready() {
    await this.page.waitForSelector('[data-testid="arena"][data-ready="true"]');
  }

  /** Number of the current round. */
  async round() {
    return Number(await this.at("round").getAttribute("data-round"));
  }

  /** A hash of the pixels of each canvas with this `data-testid`. */
  async pictures(id = "scan") {
    const texts = await this.page.evaluate(
      (id) => [...document.querySelectorAll(`canvas[data-testid="${id}"]`)].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let text = `${canvas.width}x${canvas.height}`;
        for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
        return text;
      }),
      id,
    );
    return texts.map((text) => createHash("sha256").update(text).digest("hex"));
  }

  /** All elements and attributes of the page, without pixels and round numbers. It must not depend on the answer. */
  async document() {
    const html = await this.page.evaluate(() => {
      const html = document.querySelector("main").outerHTML + document.title + location.hash;
      // The marks of earlier answers may differ.
      return html.replace(/<p class="trail".*?<\/p>/s, "").replaceAll(/<!--.*?-->/gs, "");
    });
    // The button to continue, still hidden, has another label in the last round.
    return html.replace("See your score", "Next scan").replaceAll(/(round|scan) \d+/gi, "$1 N").replaceAll(/data-round="\d+"/g, "").replaceAll(/ of \d+/g, " of M");
  }

  /** Waits for the answer of a single scan: `real` or `fake`. */
  async truth() {
    await this.at("next").waitFor({ state: "visible" });
    const text = await this.at("feedback").innerText();
    if (/This is a real scan|Dit is een echte scan/.test(text)) return "real";
    if (/This is a generated scan|Dit is een nepscan/.test(text)) return "fake";
    throw new Error(`no answer in: ${text}`);
  }

  /** Plays `count` rounds of a single scan. `guess(round)` is `real` or `fake`. Returns what each round showed. */
  async playSingles(count, guess) {
    const rounds = [];
    for (let left = count; left > 0; left--) {
      const round = await this.round();
      const [picture] = await this.pictures();
      const document = await this.document();
      const guessed = guess(round);
      await this.at(`answer-${guessed}`).click();
      const truth = await this.truth();
      const feedback = await this.at("feedback").innerText();
      rounds.push({ round, picture, document, guessed, truth, feedback, right: guessed === truth });
      await this.at("next").click();
    }
    return rounds;
  }

  /** A row of the result. */
  result(row) {
    return this.page.locator(`[data-result="${row}"]`).innerText();
  }
}

/** The 95 % Wilson score interval of a proportion, in percent. Independent of the site's own code. */
export function wilsonInterval(part, whole) {
  const z = 1.959963984540054;
  const p = part / whole;
  const centre = p + (z * z) / (2 * whole);
  const reach = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  return [centre - reach, centre + reach].map((end) => Math.round((100 * end) / (1 + (z * z) / whole)));
}
