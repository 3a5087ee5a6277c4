// A teacher scans the codes of a class: with a camera, which is a film here, and from photos.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { encode, fingerprintOf } from "./support/class-codes.mjs";
import { encodePng } from "./support/drawn-heads.mjs";
import { launch, SCREENSHOTS } from "./support/fixtures.mjs";
import { PHONE, visitGame } from "./support/game-page.mjs";
import { film, picture } from "./support/qr.mjs";

const QUERY = { game: 31, rounds: 4, size: 64 };
const FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
/** Width and height of the film. */
const FILM = [640, 480];

const one = (text, module = 8) => ({ text, left: 200, top: 120, module });
const photo = (name, codes, [width, height] = FILM) => ({ name, mimeType: "image/png", buffer: encodePng(picture(width, height, codes), width, height) });

/** Opens the lesson of the game, and calls `check` with its page object once codes can be read. */
const visitLesson = (browser, check, options = {}) =>
  visitGame(browser, QUERY, async ({ site }) => {
    await site.page.waitForSelector('[data-testid="lesson"][data-ready="true"]');
    await check(site);
  }, { view: "les", ...options });

const lines = async (site) => (await site.at("class-codes").inputValue()).split("\n").filter(Boolean);
const pupils = (site, count) => site.page.waitForSelector(`[data-testid="class-results"][data-pupils="${count}"]`);
const phase = (site, name) => site.page.waitForSelector(`[data-testid="scan"][data-phase="${name}"]`);
const said = (site, words) => site.page.waitForFunction((words) => new RegExp(words).test(document.querySelector('[data-testid="scan-said"]').textContent), words.source);
const skipped = (site) => site.at("scan-skipped").locator("li").allTextContents();
/** Whether the video shows a camera that runs. */
const isShowing = (site) => site.at("scan-video").evaluate((video) => video.srcObject?.getTracks().some(({ readyState }) => readyState === "live") ?? false);

describe("scanning the codes of a class", { timeout: 600_000 }, () => {
  let browser, folder, codes, other;
  before(async () => {
    browser = await launch();
    folder = await mkdtemp(join(tmpdir(), "hersenscan-film-"));
    await visitLesson(browser, async (site) => {
      const fingerprint = await fingerprintOf(site);
      codes = Array.from({ length: 30 }, (_, tag) => encode([1 + (tag % 2), 1, 2, 1 + (tag % 3 > 0), 1, 2, 2, 1], fingerprint, tag));
      other = encode([1, 2], (fingerprint + 1) % 512, 3);
    });
  });
  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Calls `check` with a browser whose camera sees these pictures, two a second, again and again. */
  async function withCamera(pictures, check, flags = FAKE_CAMERA) {
    const file = join(folder, "film.y4m");
    await writeFile(file, film(...FILM, pictures, 2));
    const filming = await launch([...flags, `--use-file-for-fake-video-capture=${file}`]);
    try {
      await check(filming);
    } finally {
      await filming.close();
    }
  }

  test("the camera reads thirty codes in less than a minute, each once", (t) =>
    withCamera(codes.map((code) => picture(...FILM, [one(code)])), (filming) =>
      visitLesson(filming, async (site) => {
        assert.equal(await isShowing(site), false, "no camera before the button");
        const begun = performance.now();
        await site.at("scan-camera").click();
        await phase(site, "on");
        await pupils(site, 30);
        const seconds = (performance.now() - begun) / 1000;
        t.diagnostic(`${seconds.toFixed(1)} s for 30 codes that are shown for 15 s`);
        assert.ok(seconds < 60, `${seconds} s`);
        assert.deepEqual((await lines(site)).sort(), [...codes].sort());
        assert.match(await site.at("scan-said").textContent(), /^Code 30 added: [2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
        assert.equal(await site.at("scan-said").getAttribute("role"), "status", "it is spoken");
        await site.page.screenshot({ path: `${SCREENSHOTS}scan-camera.png` });
        await site.at("scan-camera").click();
        await phase(site, "off");
        assert.equal(await isShowing(site), false);
      })));

  test("two codes at once, a code of another game and another text", () =>
    withCamera([picture(...FILM, [{ text: codes[0], left: 20, top: 60, module: 5 }, { text: codes[1], left: 330, top: 200, module: 7 }]), picture(...FILM, [one(other)]), picture(...FILM, [one("HTTPS://A.ORG/")])], (filming) =>
      visitLesson(filming, async (site) => {
        await site.at("class-codes").fill(`${codes[0].toLowerCase()}\n`);
        await site.at("scan-camera").click();
        await site.page.waitForFunction(() => document.querySelector('[data-testid="scan-skipped"]').textContent.includes("HTTPS"));
        await site.page.waitForFunction(() => document.querySelector('[data-testid="class-codes"]').value.split("\n").length === 3);
        assert.deepEqual((await lines(site)).slice(1).sort(), [codes[1], other].sort());
        assert.deepEqual(await skipped(site), ["A QR code is not a pupil’s code: ‘HTTPS://A.ORG/’"]);
        assert.match(await site.at("class-problems").textContent(), /another game than number 31/);
        await pupils(site, 2);
      }, { viewport: PHONE })));

  test("the camera stops in a hidden tab and in another view", () =>
    withCamera([picture(...FILM, [one(codes[3])])], (filming) =>
      visitLesson(filming, async (site) => {
        await site.page.evaluate(() => {
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => (window.camera = await ask(wanted));
          let hidden = false;
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          window.setHidden = (value) => {
            hidden = value;
            document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
          };
        });
        const live = () => site.page.evaluate(() => window.camera.getTracks().filter(({ readyState }) => readyState === "live").map(({ kind }) => kind));
        const start = async () => {
          await site.at("scan-camera").click();
          await phase(site, "on");
          assert.deepEqual(await live(), ["video"], "a picture without sound");
        };
        await start();
        await site.page.evaluate(() => window.setHidden(true));
        await phase(site, "off");
        assert.deepEqual(await live(), []);
        await site.page.evaluate(() => window.setHidden(false));
        await said(site, /this tab was out of sight/);
        await start();
        await site.page.evaluate(() => (location.hash = "#/over?lang=en"));
        await site.page.getByTestId("lesson").waitFor({ state: "detached" });
        assert.deepEqual(await live(), []);
        assert.deepEqual(site.page.workers().filter((worker) => worker.url().includes("reader")).length, 0, "the reader is gone");
      })));

  test("without a camera, without permission and without a secure connection the page says what to do", async () => {
    const trouble = (words, prepare) => (site) => (async () => {
      await prepare?.(site);
      await site.at("scan-camera").click();
      await site.at("scan-trouble").waitFor();
      assert.match(await site.at("scan-trouble").innerText(), words);
      await phase(site, "off");
      assert.equal(await site.at("scan-camera").innerText(), "Scan with the camera");
    })();
    await visitLesson(browser, trouble(/No camera was found/));
    await visitLesson(browser, trouble(/connection is not secure/, (site) => site.page.evaluate(() => {
      Object.defineProperty(navigator, "mediaDevices", { value: undefined });
      Object.defineProperty(window, "isSecureContext", { value: false });
    })));
    const error = (name) => (site) => site.page.evaluate((name) => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name))), name);
    await visitLesson(browser, trouble(/Your browser does not allow the camera/, error("NotAllowedError")));
    await visitLesson(browser, trouble(/Another program may be using it/, error("NotReadableError")));
  });

  test("photos with one code, several, none, and other files", () =>
    visitLesson(browser, async (site) => {
      const row = (from, count) => codes.slice(from, from + count).map((text, at) => ({ text, left: 20 + 250 * (at % 4), top: 20 + 250 * Math.floor(at / 4), module: 8 }));
      const files = [
        photo("image.png", [one(codes[0])]),
        // Telephones call all photos the same.
        photo("image.png", row(1, 12), [1040, 780]),
        photo("empty.png", []),
        photo("wide.png", [one(codes[0], 9)]),
        { name: "letter.jpg", mimeType: "image/jpeg", buffer: Buffer.from("Dear doctor,") },
        { name: "huge.png", mimeType: "image/png", buffer: encodePng(Buffer.alloc(9000 * 8), 9000, 8) },
        photo("link.png", [one("HTTPS://A.ORG/")]),
      ];
      await site.at("scan-photos").setInputFiles(files);
      await said(site, /^7 photos read: 13 new codes\. 1 code was there already\.$/);
      assert.deepEqual((await lines(site)).sort(), codes.slice(0, 13).sort());
      await pupils(site, 13);
      assert.deepEqual((await skipped(site)).sort(), [
        "A QR code is not a pupil’s code: ‘HTTPS://A.ORG/’",
        "empty.png: no QR code that we can read. Take the photo from closer by, straight from the front.",
        "huge.png: this photo is too large. It may be at most 8192 pixels wide and high.",
        "letter.jpg: this is not a photo that we can read. Choose JPEG or PNG.",
      ]);
      await site.at("scan").screenshot({ path: `${SCREENSHOTS}scan-photos.png` });
      // The same photo again.
      await site.at("scan-photos").setInputFiles(files.slice(0, 1));
      await said(site, /^1 photo read: 0 new codes\. 1 code was there already\.$/);
      assert.deepEqual(await skipped(site), []);
    }));

  test("the QR code of a pupil's own page is read from a screenshot", () =>
    visitGame(browser, QUERY, async (player) => {
      await player.started();
      await player.playSingles(4, () => "real");
      await player.at("to-clues").click();
      await player.at("more-rounds").click();
      await player.playSingles(4, () => "fake");
      const code = (await player.at("class-code").textContent()).trim();
      const buffer = await player.page.screenshot({ fullPage: true });
      await player.page.evaluate(() => (location.hash = location.hash.replace("#/spel", "#/les")));
      await player.page.waitForSelector('[data-testid="lesson"][data-ready="true"]');
      await player.at("scan-photos").setInputFiles([{ name: "screen.png", mimeType: "image/png", buffer }]);
      await pupils(player.site, 1);
      assert.deepEqual(await lines(player.site), [code]);
    }));
});
