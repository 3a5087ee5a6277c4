// Plays the contest in a page, and reads back what it shows.
import { createHash } from "node:crypto";
import { drawnPack } from "./pack.mjs";
import { sizesOf } from "./sites.mjs";
import { PATIENCE, visit } from "./studio.mjs";

/** A page of a phone. */
export const PHONE = { width: 360, height: 740 };

/** As a site owner makes them: in the size of the largest generator. */
const PACKS = Object.fromEntries(["t1ce", "flair"].map((model) => [`scans/${model}.pack`, drawnPack(model, sizesOf(model)[0])]));

/** Opens `#/spel?...query` and lets `check` play, with drawn heads as the real scans. Options as for `visit`. */
export function play(browser, query, check, { fault = () => false, ...options } = {}) {
  const scans = async (path, response, request) => {
    if (await fault(path, response, request)) return true;
    return path in PACKS && Boolean(response.writeHead(200).end(PACKS[path]));
  };
  return visit(browser, query, (studio, server) => check(new Player(studio), server), { view: "spel", fault: scans, ...options });
}

export class Player {
  constructor(studio) {
    this.studio = studio;
    this.page = studio.page;
  }

  /** The element with this `data-testid`. */
  at(hook) {
    return this.page.getByTestId(hook);
  }

  /** Waits until a game lies on the table. */
  async dealt() {
    await this.page.waitForSelector('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"], [data-testid="failure"]', { timeout: PATIENCE });
    if (!(await this.at("arena").isVisible())) throw new Error(`no game: ${await this.page.locator("main").innerText()}`);
  }

  /** Waits until what was in the way of a game is gone, and a game lies on the table. */
  async healed() {
    await this.page.waitForSelector('[data-testid="arena"][data-ready="true"]');
  }

  /** Number of the round at hand. */
  async round() {
    return Number(await this.at("round").getAttribute("data-round"));
  }

  /** A fingerprint of the pixels of each canvas with this hook. */
  async pictures(hook = "scan") {
    const urls = await this.page.evaluate(
      (hook) => [...document.querySelectorAll(`canvas[data-testid="${hook}"]`)].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let text = `${canvas.width}x${canvas.height}`;
        for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
        return text;
      }),
      hook,
    );
    return urls.map((url) => createHash("sha256").update(url).digest("hex"));
  }

  /** What the document says of the round, without the pixels: all elements and attributes, numbers of the round taken out. */
  async document() {
    const html = await this.page.evaluate(() => {
      const html = document.querySelector("main").outerHTML + document.title + location.hash;
      // Signs of earlier answers are no secret.
      return html.replace(/<p class="trail".*?<\/p>/s, "").replaceAll(/<!--.*?-->/gs, "");
    });
    // The way on, hidden still, leads elsewhere in the last round.
    return html.replace("See your score", "Next scan").replaceAll(/(round|scan) \d+/gi, "$1 N").replaceAll(/data-round="\d+"/g, "").replaceAll(/ of \d+/g, " of M");
  }

  /** Waits for the truth about a single scan, and answers `real` or `fake`. */
  async truth() {
    await this.at("next").waitFor({ state: "visible" });
    const text = await this.at("feedback").innerText();
    if (/This is a real scan|Dit is een echte scan/.test(text)) return "real";
    if (/This is a generated scan|Dit is een nepscan/.test(text)) return "fake";
    throw new Error(`no truth in: ${text}`);
  }

  /** Plays `count` rounds with one scan by mouse: `say(round)` is `real` or `fake`. Answers what was seen of each. */
  async singles(count, say) {
    const seen = [];
    for (let left = count; left > 0; left--) {
      const round = await this.round();
      const [picture] = await this.pictures();
      const document = await this.document();
      const said = say(round);
      await this.at(`answer-${said}`).click();
      const truth = await this.truth();
      const feedback = await this.at("feedback").innerText();
      seen.push({ round, picture, document, said, truth, feedback, right: said === truth });
      await this.at("next").click();
    }
    return seen;
  }

  /** A row of the result. */
  result(row) {
    return this.page.locator(`[data-result="${row}"]`).innerText();
  }
}

/** The 95 % score interval of Wilson, in percent, apart from the site's own code. */
export function wilson(part, whole) {
  const z = 1.959963984540054;
  const p = part / whole;
  const centre = p + (z * z) / (2 * whole);
  const reach = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  return [centre - reach, centre + reach].map((end) => Math.round((100 * end) / (1 + (z * z) / whole)));
}
