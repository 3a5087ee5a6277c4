// The view about the site: model cards, licences, policy, and diagnostics for fault reports.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { allowed } from "../../xtask/release/licences.mjs";
import { launch, SITE, visit } from "./support/fixtures.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { defaultGenerator, sizesOf } from "./support/weights-files.mjs";

const WEIGHTS = readFileSync(`${SITE}/${defaultGenerator("t1ce")}`);
/** The metadata in the header of the weights file, which is JSON. */
const CARD = JSON.parse(WEIGHTS.subarray(8, 8 + Number(WEIGHTS.readBigUInt64LE(0))).toString("utf8")).__metadata__;
const HASH = createHash("sha256").update(WEIGHTS).digest("hex");

/** A promise that is fulfilled with `resolve`. */
function withResolvers() {
  let resolve;
  return { promise: new Promise((done) => (resolve = done)), resolve: () => resolve() };
}

describe("the view about the site", { timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const about = (name, query, check, options) => test(name, (t) => visit(browser, query, (site) => check(site, t), { view: "over", ...options }));

  /** Waits for the model card. */
  const cardLoaded = (site) => site.at("model-card").locator("dl").waitFor();

  about("shows the metadata of the weights file", {}, async (site) => {
    await cardLoaded(site);
    const shown = await site.at("model-card").innerText();
    for (const field of ["dataset", "licence", "attribution", "date", "preset"]) assert.ok(shown.includes(CARD[field]), `${field}: ${CARD[field]}`);
    assert.ok(shown.includes(HASH), "the hash of the served file");
    for (const name of JSON.parse(CARD.classes)) assert.ok(shown.toLowerCase().includes(name), name);
    const kimg = Number(CARD.kimg);
    assert.match(shown, new RegExp(`\\b${kimg >= 9.95 ? kimg.toFixed(0) : kimg.toFixed(1)} thousand`));
  });

  about("shows a card for each model: data, licence, classes, and every measure", {}, async (site) => {
    for (const model of ["t1ce", "flair"]) {
      for (const size of sizesOf(model)) {
        const file = `weights/${model}-s${size}.card.json`;
        const card = JSON.parse(readFileSync(`${SITE}/${file}`, "utf8"));
        const shown = site.page.locator(`[data-testid="card"][data-card="${file}"]`);
        await shown.locator("table").waitFor();
        const text = await shown.innerText();
        for (const words of [card.licence, card.attribution, `${card.train.patients} people`]) assert.ok(text.includes(words), `${file}: ${words}`);
        assert.equal(await shown.locator("tr[data-measure]").count(), 10);
        for (const row of await shown.locator("tr[data-measure]").all()) {
          const id = await row.getAttribute("data-measure");
          const measured = card.measures.some((measure) => measure.id === id && measure.value != null);
          assert.equal(/not measured/.test(await row.innerText()), !measured, `${file}: ${id}`);
        }
      }
    }
    assert.match(await site.page.locator("#part-flair").locator("..").innerText(), /not use this model or its generated scans to make money/);
  });

  about("the Dutch cards are in Dutch", { lang: "nl" }, async (site) => {
    const file = `weights/t1ce-s${sizesOf("t1ce").at(-1)}.card.json`;
    const card = JSON.parse(readFileSync(`${SITE}/${file}`, "utf8"));
    const shown = site.page.locator(`[data-testid="card"][data-card="${file}"]`);
    await shown.locator("table").waitFor();
    const text = await shown.innerText();
    assert.ok(text.includes(card.hardware_nl) && !text.includes(card.hardware), card.hardware_nl);
  });

  about("says that it is not for diagnosis, and where to find medical advice", {}, async ({ page }) => {
    assert.match(await page.locator("main").innerText(), /not for diagnosis/);
    for (const lang of ["en", "nl"]) {
      await page.evaluate((lang) => (location.hash = `#/over?lang=${lang}`), lang);
      await page.waitForSelector(`html[lang="${lang}"]`);
      assert.equal(await page.locator(".worried a").getAttribute("href"), "https://www.thuisarts.nl/");
      assert.match(await page.locator(".worried").innerText(), /112/);
    }
  });

  about("says what a mark can and cannot do", {}, async (site) => {
    const part = site.page.locator("#part-merk").locator("..");
    for (const words of [/A missing mark proves nothing/, /Anyone can put one into any picture/, /screenshot/, /RO-Crate and Croissant/]) assert.match(await part.innerText(), words);
    assert.equal(await site.at("marks").locator("li").count(), 4);
  });

  about("links to the files that it names, and only to the two hosts that it mentions", {}, async (site) => {
    await cardLoaded(site);
    const links = await site.page.locator("main a[href]").evaluateAll((all) => all.map((link) => link.href));
    const own = new URL("./", site.page.url()).href;
    const files = links.filter((link) => link.startsWith(own) && !link.includes("#/"));
    assert.deepEqual(files.map((link) => link.slice(own.length)).sort(), ["fonts/OFL.txt", "licences.txt"]);
    for (const file of files) {
      const answer = await site.page.request.get(file);
      assert.equal(answer.status(), 200, file);
      assert.match(answer.headers()["content-type"], /^text\/plain/);
    }
    const hosts = new Set(links.filter((link) => !link.startsWith(own)).map((link) => new URL(link).host));
    assert.deepEqual([...hosts].sort(), ["doi.org", "www.thuisarts.nl"]);
  });

  /** Waits until the heading has the focus and is in the window. */
  const arrivedAt = (page, id) => page.waitForFunction((id) => {
    const heading = document.getElementById(id);
    return heading === document.activeElement && heading.getBoundingClientRect().top < innerHeight && heading.getBoundingClientRect().top >= 0;
  }, id);

  about("scrolls to the part that the address names", { deel: "privacy" }, async ({ page }) => {
    await arrivedAt(page, "part-privacy");
    await page.locator("nav.contents a").last().click();
    await arrivedAt(page, "part-melding");
    await page.goBack();
    await arrivedAt(page, "part-privacy");
  });

  for (const anchoring of ["auto", "none"]) {
    test(`keeps that part in place while the cards above it load slowly, with overflow-anchor: ${anchoring}`, async () => {
      const cards = ["t1ce-s64", "t1ce-s128", "flair-s64", "flair-s128"].map((name) => `weights/${name}.card.json`);
      const gates = new Map(cards.map((card) => [card, withResolvers()]));
      const fault = async (path) => void (await gates.get(path)?.promise);
      await visit(browser, { deel: "privacy" }, async ({ page }) => {
        // Safari has no scroll anchoring.
        await page.evaluate((anchoring) => (document.documentElement.style.overflowAnchor = anchoring), anchoring);
        /** Lets the next card load, which makes the page longer by more than a window. */
        const loadNext = async () => {
          const height = await page.evaluate(() => document.body.scrollHeight);
          const card = cards.shift();
          gates.get(card).resolve();
          await page.locator(`[data-testid="card"][data-card="${card}"] table`).waitFor();
          assert.ok((await page.evaluate(() => document.body.scrollHeight)) > height + 900, `${card} makes the page longer`);
        };
        await arrivedAt(page, "part-privacy");
        await loadNext();
        await arrivedAt(page, "part-privacy");
        await page.locator("nav.contents a").last().click();
        await arrivedAt(page, "part-melding");
        await loadNext();
        await arrivedAt(page, "part-melding");
        await page.goBack();
        await arrivedAt(page, "part-privacy");
        await loadNext();
        await arrivedAt(page, "part-privacy");
        // From here the visitor scrolls, and the page follows that.
        const top = () => page.evaluate(() => document.getElementById("part-privacy").getBoundingClientRect().top);
        const before = await top();
        await page.mouse.move(600, 450);
        await page.mouse.wheel(0, -300);
        await page.waitForFunction((before) => document.getElementById("part-privacy").getBoundingClientRect().top > before + 200, before);
        await loadNext();
        await nextFrame(page);
        assert.ok((await top()) > before + 200, "the page does not scroll back");
      }, { view: "over", fault });
    });
  }

  about("shows the content policy that the browser enforces", {}, async (site) => {
    const enforced = await site.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    const plain = (text) => text.split(";").map((rule) => rule.trim().replace(/\s+/g, " ")).filter(Boolean);
    assert.deepEqual(plain(await site.at("policy").innerText()), plain(enforced));
    assert.ok(plain(enforced).includes("connect-src 'self'"), "it allows only this site");
  });

  about("diagnostics can be copied unchanged, and describe the browser and the model", {}, async (site) => {
    await cardLoaded(site);
    await site.page.waitForFunction(() => /^processor: [\d.]+ ms a scan/m.test(document.querySelector('[data-testid="diagnostics"]').textContent));
    // Waits for the search for a graphics card, after which the text no longer changes.
    await site.page.waitForFunction(() => !/^graphics card: not tested$/m.test(document.querySelector('[data-testid="diagnostics"]').textContent));
    const shown = await site.at("diagnostics").innerText();
    await site.at("diagnostics-copy").click();
    await site.page.locator(".outcome", { hasText: "Copied" }).waitFor();
    // The policy forbids pages to read the clipboard, so this pastes like a person.
    await site.page.evaluate(() => document.body.append(Object.assign(document.createElement("textarea"), { id: "paste" })));
    await site.page.locator("#paste").press("Control+V");
    assert.equal(await site.page.locator("#paste").inputValue(), shown);

    const fact = (name) => shown.match(new RegExp(`^${name}: (.+)$`, "m"))?.[1];
    const page = await site.page.evaluate(() => ({ agent: navigator.userAgent, cores: navigator.hardwareConcurrency, width: innerWidth, height: innerHeight }));
    assert.equal(fact("browser"), page.agent);
    assert.equal(fact("cores"), String(page.cores));
    assert.ok(fact("window").startsWith(`${page.width} x ${page.height}`));
    assert.ok(fact("model").includes(HASH));
    assert.match(shown, /^hersenscan \d+\.\d+\.\d+$/m);
    assert.equal(fact("state"), "ready");
    assert.equal(fact("online"), "yes");
    assert.match(fact("language"), /^en, browser /);
    assert.ok(fact("service worker") && fact("graphics card") && fact("memory"));
    assert.ok(!/seed|#\//.test(shown), "nothing about the visitor's actions");
  }, { permissions: ["clipboard-write"] });

  about("diagnostics follow the state of the network", {}, async (site) => {
    await site.at("diagnostics").filter({ hasText: "online: yes" }).waitFor();
    await site.page.context().setOffline(true);
    await site.at("diagnostics").filter({ hasText: "online: no" }).waitFor();
    // Files that were still on their way do not arrive.
  }, { expectErrors: true });

  about("a refused copy is reported", {}, async (site) => {
    await site.page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("no"))));
    await site.at("diagnostics-copy").click();
    await site.page.locator(".outcome", { hasText: "does not allow" }).waitFor();
  });

  /** Tells the page how many cores there are, and records the workers that it starts, by script and name. */
  const withCores = (cores) => (page) =>
    page.addInitScript((cores) => {
      Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => cores });
      window.started = [];
      window.Worker = class extends Worker {
        constructor(script, options) {
          super(script, options);
          window.started.push(`${script} ${options?.name}`);
        }
      };
    }, cores);
  const phase = (site, phase) => site.page.locator(`[data-testid="speed"][data-phase="${phase}"]`).waitFor();
  /** The table: a name and three cells in each row. */
  const rates = (site) => site.at("speed-table").locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.innerText)));

  about("measures the speed of the device, in a table and in one line to copy", {}, async (site, t) => {
    await cardLoaded(site);
    const before = await site.page.evaluate(() => window.started.length);
    const told = await site.at("speed-status").evaluateHandle((status) => {
      const told = [];
      new MutationObserver(() => told.push(status.innerText)).observe(status, { childList: true, characterData: true, subtree: true });
      return told;
    });
    await site.at("speed-button").click();
    await phase(site, "running");
    assert.equal(await site.at("speed-line").count(), 0, "no line before the end");
    await phase(site, "done");
    const rows = await rates(site);
    t.diagnostic(JSON.stringify(rows));
    assert.deepEqual(rows.map(([name]) => name), ["processor, 2 cores", "processor, 1 core", "graphics card"]);
    for (const cell of rows.slice(0, 2).flatMap(([, ...cells]) => cells)) assert.ok(Number(cell) > 0, cell);
    // Chromium without flags has no WebGPU adapter on a computer without a graphics card.
    for (const cell of rows[2].slice(1)) assert.ok(Number(cell) > 0 || /^no usable card was found$/.test(cell), cell);
    const started = (await site.page.evaluate(() => window.started)).slice(before);
    const count = (end) => started.filter((one) => one.endsWith(end)).length;
    // Two networks, with two workers and with one; two trainings, one of them with a follower.
    assert.deepEqual([count("engine_loader.js making"), count(" training"), count(" follower")], [6, 2, 1], `${started}`);
    const heard = await told.jsonValue();
    assert.match(heard.find((words) => /1 of 9/.test(words)) ?? "", /^Measurement 1 of 9: processor, 2 cores, scans of 64 pixels$/);
    assert.equal(heard.at(-1), "The measurement is done.");

    const line = await site.at("speed-line").innerText();
    const { agent, cores } = await site.page.evaluate(() => ({ agent: navigator.userAgent, cores: navigator.hardwareConcurrency }));
    const major = agent.match(/Chrome\/(\d+)/)[1];
    assert.ok(line.includes(`; Chrome ${major}, `) && line.includes(`; computer, ${cores} cores; `), line);
    assert.match(line, /^hersenscan \d+\.\d+\.\d+; /);
    assert.ok(!line.includes("\n") && !line.includes(agent), "one line, without the whole user agent");
    const [all, one] = rows;
    assert.ok(line.includes(`processor, 2 workers: scans/s 64 px ${all[1]}, scans/s 128 px ${all[2]}, training slices/s ${all[3]}; processor, 1 worker: scans/s 64 px ${one[1]}, `), line);
    await site.at("speed-line-copy").click();
    await site.page.locator(".device-speed .outcome", { hasText: "Copied" }).waitFor();
    await site.page.evaluate(() => document.body.append(Object.assign(document.createElement("textarea"), { id: "paste" })));
    await site.page.locator("#paste").press("Control+V");
    assert.equal(await site.page.locator("#paste").inputValue(), line);

    await site.page.evaluate(() => (location.hash = "#/over?lang=nl"));
    await site.page.waitForSelector('html[lang="nl"]');
    const dutch = await rates(site);
    assert.deepEqual(dutch.map(([name]) => name), ["processor, 2 kernen", "processor, 1 kern", "grafische kaart"]);
    assert.deepEqual(dutch[0].slice(1), all.slice(1).map((rate) => rate.replace(".", ",")));
    assert.equal(await site.at("speed-line").innerText(), line, "the line is for whoever compares, and stays");
  }, { permissions: ["clipboard-write"], prepare: withCores(2) });

  about("a network that is missing is a word in the table of speeds, and a stopped measurement leaves no worker", {}, async (site) => {
    await cardLoaded(site);
    const workers = site.page.workers().length;
    await site.at("speed-button").click();
    await site.at("speed-table").locator('[data-cell="failed"]').waitFor();
    await site.at("speed-table").locator('tr:first-child td:nth-child(4)[data-cell="running"]').waitFor();
    assert.equal(await site.at("speed-button").innerText(), "Stop");
    await site.at("speed-button").click();
    await phase(site, "stopped");
    const [[name, small, large, training]] = await rates(site);
    assert.deepEqual([name, Number(small) > 0, large, training], ["processor, 1 core", true, "failed", "not measured"]);
    assert.match(await site.at("speed-line").innerText(), /scans\/s 128 px failed, training slices\/s not measured; graphics card/);
    await site.page.waitForFunction((button) => document.activeElement === button, await site.at("speed-button").elementHandle());
    // Ended workers leave the list a little later.
    for (let tries = 0; tries < 100 && site.page.workers().length > workers; tries++) await site.page.waitForTimeout(50);
    assert.equal(site.page.workers().length, workers);
  }, { fault: (path, response) => path.endsWith("t1ce-s128.safetensors") && Boolean(response.writeHead(404).end()), expectErrors: true, prepare: withCores(1), viewport: { width: 500, height: 900 } });

  const missing = (path, response) => path.endsWith(".safetensors") && Boolean(response.writeHead(404).end());
  about("a missing model is reported", {}, async (site) => {
    await site.at("model-card").filter({ hasText: "could not be loaded" }).waitFor();
    await site.at("diagnostics").filter({ hasText: "state: failed" }).waitFor();
  }, { fault: missing, expectErrors: true });
});

describe("licences", () => {
  test("every package is listed with its licence, and every listed text is included", () => {
    const text = readFileSync(`${SITE}/licences.txt`, "utf8");
    for (const name of ["burn", "burn-flex", "cubecl-wgpu", "leptos", "png", "wasm-bindgen", "Rust's standard library"]) {
      assert.match(text, new RegExp(`^${name}\\b.*\\n    \\S.*; text \\d`, "m"), name);
    }
    const named = new Set([...text.matchAll(/^    .*; text ([\d, ]+)$/gm)].flatMap(([, list]) => list.split(", ").map(Number)));
    const bodies = [...text.matchAll(/^=+\nText (\d+)\n=+\n\n([\s\S]*?)(?=\n=+\nText |$(?![\s\S]))/gm)];
    assert.deepEqual(bodies.map(([, number]) => Number(number)), [...named].sort((a, b) => a - b));
    for (const [, number, body] of bodies) assert.ok(body.trim().length > 100, `text ${number}`);
    for (const phrase of ["Permission is hereby granted", "Apache License", "SIL OPEN FONT LICENSE", "Mozilla Public License", "UNICODE LICENSE"]) assert.ok(text.includes(phrase), phrase);
  });

  test("SPDX expressions are evaluated, and only listed licences are allowed", () => {
    for (const fine of ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception", "MIT OR GPL-2.0 AND GPL-3.0"]) assert.ok(allowed(fine), fine);
    for (const not of ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND AGPL-3.0", "", undefined, null, "(MIT", "MIT)", "GPL-2.0 WITH LLVM-exception"]) assert.ok(!allowed(not), String(not));
  });
});
