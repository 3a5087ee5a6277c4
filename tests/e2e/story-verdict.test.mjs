// The story's verdict of the discriminator, with real scans, with few, and without.
import assert from "node:assert/strict";
import { drawnPack } from "./support/drawn-pack.mjs";
import { answerMissing, describeStory, DESKTOP, drawn, PHONE } from "./support/story-page.mjs";
import { sizesOf } from "./support/weights-files.mjs";

const REAL = /^scans\//;
/** A pack as the sample volumes of a build give it: without the kind of tumour. */
const UNKNOWN_TYPES = drawnPack("t1ce", sizesOf("t1ce")[0], { count: 9, perPatient: 5, classes: ["tumour"] });

describeStory("the verdict in the story", (story) => {
  /** Checks that the text for each choice matches the verdict of the discriminator and the truth. Returns the truths. */
  async function verdicts({ page, at }) {
    await at("verdict").scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    assert.equal(await at("verdict-choice").count(), 8);
    const truths = [];
    const scales = new Set();
    for (const choice of await at("verdict-choice").all()) {
      await choice.click();
      assert.equal(await choice.getAttribute("aria-pressed"), "true");
      const truth = await choice.getAttribute("data-truth");
      const says = await at("verdict-ruling").getAttribute("data-says");
      const words = await at("verdict-ruling").innerText();
      assert.match(words, says === "real" ? /Looks like a real scan/ : /Looks like a fake/);
      assert.match(words, new RegExp(`${says === truth ? "Right" : "Wrong"}: this scan is ${truth}`));
      const scale = await at("verdict-scale").innerText();
      assert.match(scale, /score of −?\d+(\.\d)? is higher than \d+ out of 10 real scans and \d+ out of 10 fakes/);
      scales.add(scale);
      truths.push(truth);
    }
    assert.ok(scales.size > 1, "not all scans get the same score");
    return truths;
  }

  story("the verdict belongs to the selected scan", async ({ page, at, t }) => {
    const truths = await verdicts({ page, at });
    t.diagnostic(`${truths.filter((truth) => truth === "real").length} of 8 are real`);
    const before = await drawn(page, "verdict-scan");
    await at("verdict-other").click();
    await drawn(page, "verdict-scan", before);
  }, { lang: "en" });

  for (const [name, lang, options] of [["phone", "nl", PHONE], ["phone", "en", PHONE], ["desk", "nl", DESKTOP], ["desk", "en", DESKTOP]]) {
    story(`the mark in the chart of the discriminator touches no word, wherever it is: ${name}, ${lang}`, async ({ page, at }) => {
      await at("verdict").scrollIntoViewIfNeeded();
      await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
      await page.locator(".scale").scrollIntoViewIfNeeded();
      /** Words that share a pixel with a mark; and how many marks and words there are. */
      const touched = () => page.locator(".scale").evaluate((scale) => {
        const marks = [...scale.querySelectorAll(".scale-mark, .scale-line")].map((mark) => mark.getBoundingClientRect());
        const words = [...scale.querySelectorAll(".scale-name, .ends span")];
        const hits = (word) => {
          const { left, right, top, bottom } = word.getBoundingClientRect();
          return marks.some((mark) => mark.right > left && mark.left < right && mark.bottom > top && mark.top < bottom);
        };
        return [marks.length, words.length, ...words.filter(hits).map((word) => word.textContent)];
      });
      const places = new Set();
      for (const choice of await at("verdict-choice").all()) {
        await choice.click();
        places.add(await page.locator(".scale-mark").evaluate((mark) => mark.style.left));
        assert.deepEqual(await touched(), [3, 4]);
      }
      assert.ok(places.size > 1, `${[...places]}`);
      // Also at positions that no current scan has.
      for (let percent = 0; percent <= 100; percent += 2) {
        await page.locator(".scale").evaluate((scale, percent) => scale.querySelectorAll(".scale-mark, .scale-line").forEach((mark) => (mark.style.left = `${percent}%`)), percent);
        assert.deepEqual(await touched(), [3, 4], `at ${percent} %`);
      }
    }, { lang, reducedMotion: "reduce", ...options });
  }

  story("without real scans the story uses generated ones, and says so", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await drawn(page, "slice-scan");
    assert.match(await at("slice").innerText(), /Generated scan/);
    await at("diagram-state").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector(".node.scan.fake canvas.drawn"));
    const truths = await verdicts({ page, at });
    assert.deepEqual(new Set(truths), new Set(["fake"]));
    assert.match(await at("verdict").innerText(), /not part of this version/);
  }, { lang: "en", fault: answerMissing(REAL), expectErrors: true });

  story("real scans without types that the models know: the story says so, and never that there are none", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await drawn(page, "slice-scan");
    assert.match(await at("slice").innerText(), /Generated scan/);
    assert.match(await at("slice").innerText(), /no real scan of this type of tumour/);
    await at("diagram-state").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector(".node.scan.fake canvas.drawn"));
    await page.waitForFunction(() => document.querySelector(".node.scan:not(.fake) canvas.drawn"));
    const truths = await verdicts({ page, at });
    assert.deepEqual(new Set(truths), new Set(["fake"]));
    assert.match(await at("verdict").innerText(), /does not know the tumour types of the real scans on this site/);
    assert.doesNotMatch(await page.locator("main").innerText(), /not part of this version|no real scans/i);
  }, { lang: "en", fault: (path, response) => path === "scans/t1ce.pack" && Boolean(response.writeHead(200).end(UNKNOWN_TYPES)) });
});
