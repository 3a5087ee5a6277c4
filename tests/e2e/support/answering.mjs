// Does the page answer keys while its workers compute? A busy computer delays every key, so an empty page gets the same keys.

/** Milliseconds that a key may take longer in the page than in an empty page (RAIL: an answer within 100 ms feels immediate). */
const ANSWER = 100;

/** Records from now on how long each event took: `handled` and `painted`, in milliseconds. */
const record = (page) => page.evaluate(() => {
  window.events = [];
  const times = ({ startTime, processingEnd, duration }) => ({ handled: processingEnd - startTime, painted: duration });
  window.observer ??= new PerformanceObserver((list) => window.events.push(...list.getEntries().map(times)));
  window.observer.observe({ type: "event", durationThreshold: 16 });
});

const slowest = (events, what) => Math.max(0, ...events.map((event) => event[what]));

export class AnswerCheck {
  #rounds = [];

  /** Opens the empty page beside `page`. */
  static async begin(browser, page) {
    const check = new AnswerCheck();
    check.context = await browser.newContext();
    check.pages = [page, await check.context.newPage()];
    return check;
  }

  /** Presses Tab in both pages, at least twice, while `busy()` says so. Records the slowest key of each, and returns a line about them. */
  async round(busy) {
    await Promise.all(this.pages.map(record));
    let presses = 0;
    while (presses < 2 || (await busy())) {
      for (const page of this.pages) await page.keyboard.press("Tab");
      presses++;
    }
    // Entries arrive after the next frame.
    await Promise.all(this.pages.map((page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))));
    const [own, empty] = await Promise.all(this.pages.map((page) => page.evaluate(() => window.events)));
    this.#rounds.push({ own: slowest(own, "handled"), empty: slowest(empty, "handled") });
    return `${presses} keys; ${own.length} events longer than 16 ms, the slowest handled after ${slowest(own, "handled").toFixed(0)} ms and painted after ${slowest(own, "painted").toFixed(0)} ms; in the empty page handled after ${slowest(empty, "handled").toFixed(0)} ms`;
  }

  get rounds() {
    return this.#rounds.length;
  }

  /** The slowest key of the best round. If messages of workers blocked the page, every round would be slow. */
  get best() {
    return Math.min(...this.#rounds.map(({ own }) => own));
  }

  get limit() {
    return ANSWER + this.#rounds.map(({ empty }) => empty).sort((a, b) => a - b)[Math.floor(this.#rounds.length / 2)];
  }

  get passed() {
    return this.#rounds.length > 0 && this.best < this.limit;
  }

  get message() {
    return `in each round an event took ${this.best} ms or more, where ${this.limit} ms is allowed`;
  }

  async end() {
    await this.context.close();
  }
}
