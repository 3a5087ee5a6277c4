// The contest: fair, countable, and for everyone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readPng } from "./files.mjs";
import { PHONE, play, wilson } from "./game.mjs";
import { launch, SHOTS } from "./studio.mjs";

describe("the contest", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const game = (name, query, check, options = {}) =>
    test(name, (t) => play(browser, query, (player) => check(player, t), options));

  /** A server without real scans. */
  const missing = (path, response) => path.startsWith("scans/") && Boolean(response.writeHead(404).end("not here"));

  game("a visitor with a phone sees one scan and two answers, and no more is needed", { lang: "nl" }, async (player, t) => {
    await player.dealt();
    t.diagnostic(`first scan after ${(await player.page.evaluate(() => performance.now())).toFixed(0)} ms`);
    for (const hook of ["scan", "answer-real", "answer-fake"]) {
      const box = await player.at(hook).boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, `${hook} is on the first screen: ${JSON.stringify(box)}`);
    }
    for (const hook of ["answer-real", "answer-fake"]) assert.ok((await player.at(hook).boundingBox()).height >= 44);
    await player.page.screenshot({ path: `${SHOTS}game-phone.png` });
  }, { viewport: PHONE });

  game("a whole game by mouse: balanced, without repeats, and counted right", { game: 7 }, async (player) => {
    await player.dealt();
    const say = (round) => (round % 3 ? "fake" : "real");
    const seen = await player.singles(10, say);
    await player.at("result").waitFor();
    const examples = new Set();
    await player.at("to-clues").click();
    await player.at("clues").waitFor();
    for (const picture of await player.pictures("example")) examples.add(picture);
    assert.ok(examples.size >= 5, "clues have examples");
    await player.page.screenshot({ path: `${SHOTS}game-clues.png`, fullPage: true });
    await player.at("more-rounds").click();
    seen.push(...(await player.singles(10, say)));
    await player.at("result").waitFor();

    assert.deepEqual(seen.map(({ round }) => round), Array.from({ length: 20 }, (_, index) => index + 1));
    for (const ten of [seen.slice(0, 10), seen.slice(10)]) {
      assert.equal(ten.filter(({ truth }) => truth === "real").length, 5, "half is real");
    }
    const shown = new Set(seen.map(({ picture }) => picture));
    assert.equal(shown.size, 20, "no scan comes twice");
    for (const example of examples) assert.ok(!shown.has(example), "an example is in no round");

    const count = (keep) => seen.filter(keep).length;
    const right = count((round) => round.right);
    const of = (part, whole) => `${part} of ${whole}`;
    assert.equal(await player.result("right"), of(right, 20));
    assert.equal(await player.result("wrong"), of(20 - right, 20));
    assert.equal(await player.result("spotted"), of(count(({ truth, said }) => truth === "fake" && said === "fake"), 10));
    assert.equal(await player.result("doubted"), of(count(({ truth, said }) => truth === "real" && said === "fake"), 10));
    const [low, high] = wilson(right, 20);
    const interval = await player.at("interval").innerText();
    assert.ok(interval.includes(`between ${low} and ${high}%`), `${interval} holds Wilson's ${low} to ${high}`);
    assert.match(interval, /20 answers/);
    const [first, second] = [seen.slice(0, 10), seen.slice(10)].map((ten) => ten.filter((round) => round.right).length);
    const gain = await player.at("gain").innerText();
    assert.ok(gain.includes(`${first} out of 10`) && gain.includes(`${second} out of 10`), gain);
    if (Math.abs(second - first) <= 3) assert.match(gain, /also be chance/);
    assert.ok((await player.at("readers").innerText()).includes("59.4%"));
    await player.page.screenshot({ path: `${SHOTS}game-result.png`, fullPage: true });
  });

  game("the document gives no answer away", { game: 11 }, async (player) => {
    await player.dealt();
    const seen = await player.singles(10, () => "real");
    const [real, fake] = ["real", "fake"].map((kind) => seen.filter(({ truth }) => truth === kind));
    assert.ok(real.length && fake.length);
    for (const { document, round } of seen) assert.equal(document, seen[0].document, `round ${round} differs from round 1 in more than its number`);
    for (const word of ["glioma", "meningioma", "pituitary", "seed="]) assert.ok(!seen[0].document.includes(word), word);
    assert.ok(seen.every(({ feedback }) => feedback.length > 40), "each answer comes with something to look at");
  });

  game("the same address deals the same game, and another seed another", { game: 21 }, async (player) => {
    const pictures = async () => {
      await player.dealt();
      const found = [];
      for (let round = 0; round < 3; round++) {
        found.push(...(await player.pictures()));
        await player.at("answer-real").click();
        await player.at("next").click();
      }
      return found;
    };
    const first = await pictures();
    await player.page.reload();
    assert.deepEqual(await pictures(), first);
    await player.page.evaluate(() => (location.hash = "#/spel?lang=en&game=22"));
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]').dataset.round === "1");
    assert.notDeepEqual(await pictures(), first);
    await player.at("new-game").click();
    assert.ok(!(await player.page.url()).includes("game=22"));
  });

  game("ten rounds by keyboard alone, in Dutch, on a phone", { lang: "nl", game: 5 }, async (player) => {
    await player.dealt();
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      assert.equal(await player.round(), round);
      // Arrows from anywhere; digits once the focus is in the arena.
      const key = round > 1 && round % 2 ? "2" : round % 2 ? "ArrowRight" : "ArrowLeft";
      await player.page.keyboard.press(key);
      right += (await player.truth()) === (key === "ArrowLeft" ? "real" : "fake");
      assert.ok(await player.at("next").evaluate((next) => next === document.activeElement), "the way on has the focus");
      await player.page.keyboard.press("Enter");
    }
    await player.at("result").waitFor();
    assert.equal(await player.at("result").getAttribute("data-right"), String(right));
    assert.ok(await player.page.evaluate(() => document.activeElement?.id === "result"), "the result has the focus");
    assert.match(await player.at("interval").innerText(), /Wilson/);
    // On with Tab and Enter, through the clues.
    for (const hook of ["to-clues", "more-rounds"]) {
      const reached = () => player.at(hook).evaluate((button) => button === document.activeElement);
      for (let presses = 0; presses < 40 && !(await reached()); presses++) await player.page.keyboard.press("Tab");
      assert.ok(await reached(), `Tab reaches ${hook}`);
      await player.page.keyboard.press("Enter");
    }
    assert.equal(await player.round(), 11);
  }, { viewport: PHONE });

  game("two scans: one is real, left as often as right", { game: 3, mode: "pairs" }, async (player) => {
    await player.dealt();
    const shown = new Set();
    let [left, right] = [0, 0];
    for (let round = 1; round <= 10; round++) {
      for (const picture of await player.pictures()) shown.add(picture);
      await player.page.keyboard.press("ArrowLeft");
      await player.at("next").waitFor({ state: "visible" });
      const words = await player.at("feedback").innerText();
      left += /left scan is real/.test(words);
      right += /right scan is real/.test(words);
      await player.at("next").click();
    }
    assert.deepEqual([left, right, shown.size], [5, 5, 20]);
    assert.equal(await player.at("result").getAttribute("data-right"), "5");
  });

  game("the chooser changes the game and the address", { game: 3 }, async (player) => {
    await player.dealt();
    for (const [mode, hook] of [["pairs", "answer-left"], ["tumour", "field"], ["single", "answer-real"]]) {
      await player.at("game-mode").locator(`[data-mode="${mode}"]`).click();
      await player.dealt();
      await player.at(hook).waitFor();
      assert.equal(await player.at("game-mode").locator(`[data-mode="${mode}"]`).getAttribute("aria-pressed"), "true");
    }
    await player.page.goBack();
    await player.at("field").waitFor();
    // Another language is the same game.
    await player.dealt();
    const before = await player.pictures();
    await player.at("language").click();
    await player.page.waitForSelector('html[lang="nl"]');
    assert.deepEqual(await player.pictures(), before);
  });

  game("the tumour is found with the keyboard", { game: 4, mode: "tumour" }, async (player) => {
    await player.dealt();
    let hits = 0;
    for (let round = 1; round <= 10; round++) {
      await player.at("field").focus();
      const cross = () => player.page.locator(".cross").evaluate((cross) => [cross.style.left, cross.style.top]);
      assert.deepEqual(await cross(), ["50%", "50%"]);
      await player.page.keyboard.press("ArrowLeft");
      await player.page.keyboard.press("Shift+ArrowDown");
      assert.deepEqual(await cross(), ["43.75%", "51.5625%"], "a large step and a small one");
      assert.equal(await player.page.locator(".cross").evaluate((cross) => getComputedStyle(cross).opacity), "1", "the cursor is visible");
      const before = await player.pictures();
      await player.page.keyboard.press("Enter");
      await player.at("next").waitFor({ state: "visible" });
      const words = await player.at("feedback").innerText();
      hits += /You found it/.test(words);
      assert.match(words, /You found it|% of the width/);
      assert.notDeepEqual(await player.pictures(), before, "the outline is drawn");
      await player.page.keyboard.press("Enter");
    }
    assert.equal(await player.result("right"), `${hits} of 10`);
    assert.match(await player.result("distance"), /% of the picture/);
    await player.at("interval").waitFor();
  });

  game("a tap on the outlined tumour is a hit", { game: 4, mode: "tumour" }, async (player) => {
    await player.dealt();
    // Played twice: the first time shows where it is.
    const outline = () => player.page.evaluate(() => {
      const canvas = document.querySelector('canvas[data-testid="scan"]');
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length / 4; at++) {
        if (data[4 * at] - data[4 * at + 2] > 200) return { x: ((at % canvas.width) + 0.5) / canvas.width, y: (Math.floor(at / canvas.width) + 0.5) / canvas.height };
      }
    });
    const tap = async ({ x, y }) => {
      const box = await player.at("field").boundingBox();
      await player.page.mouse.click(box.x + x * box.width, box.y + y * box.height);
      await player.at("next").waitFor({ state: "visible" });
      return player.at("feedback").innerText();
    };
    assert.match(await tap({ x: 0.01, y: 0.01 }), /% of the width/);
    const place = await outline();
    await player.page.reload();
    await player.dealt();
    assert.match(await tap(place), /You found it/);
  });

  game("the discriminator answers after the visitor, and its score is counted", { game: 9 }, async (player) => {
    await player.dealt();
    await player.at("rival").check();
    assert.equal(await player.page.locator(".rival-said").count(), 0, "nothing before the answer");
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      await player.at("answer-real").click();
      const truth = await player.truth();
      const said = player.page.locator(".rival-said", { hasText: "said:" });
      await said.waitFor();
      right += (await said.innerText()).includes(truth === "real" ? "said: real" : "said: fake");
      await player.at("next").click();
    }
    assert.ok((await player.at("rival-score").innerText()).includes(`${right} out of 10`));
  });

  game("a link may name its game before the fragment as well", { game: 22 }, async (player) => {
    await player.dealt();
    const first = await player.pictures();
    const there = new URL(player.page.url());
    await player.page.goto(`${there.origin}${there.pathname}?game=22&lang=en#/spel`);
    await player.dealt();
    assert.deepEqual(await player.pictures(), first);
    assert.match(player.page.url(), /\?lang=en#\/spel\?.*game=22/);
  });

  game("what to look at is said once in a game", { game: 4 }, async (player) => {
    await player.dealt();
    const said = [];
    for (let round = 1; round <= 10; round++) {
      await player.at("answer-real").click();
      await player.at("next").waitFor({ state: "visible" });
      // A clue tells its numbers, which may differ: its first words tell the feature and the direction.
      const advice = await player.at("feedback").locator("p").nth(1).innerText();
      if (advice) said.push(advice.replace(/\d+/g, "#"));
      await player.at("next").click();
    }
    assert.ok(said.length >= 5, `${said}`);
    assert.equal(new Set(said).size, said.length, `${said}`);
  });

  game("the discriminator cannot be chosen where it has nothing to judge", { game: 4, mode: "tumour" }, async (player) => {
    await player.dealt();
    assert.ok(await player.at("rival").isDisabled());
    assert.match(await player.page.locator("#rival-hint").innerText(), /does not look for tumours/);
    await player.page.locator('[data-mode="single"]').click();
    await player.dealt();
    assert.ok(await player.at("rival").isEnabled());
  });

  game("nothing is kept unless the visitor asks, and it can be deleted", { game: 1 }, async (player) => {
    const kept = () => player.page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie }));
    await player.dealt();
    await player.singles(10, () => "fake");
    assert.deepEqual(await kept(), { local: {}, session: {}, cookie: "" });
    await player.at("keep-best").check();
    assert.deepEqual((await kept()).local, { "hersenscan.best": "single 5 10" });
    assert.match(await player.at("best").innerText(), /5 out of 10/);
    await player.at("delete-best").click();
    assert.deepEqual((await kept()).local, {});
    assert.ok(!(await player.at("keep-best").isChecked()));
  });

  game("the result is a picture that says what it is not", { game: 2 }, async (player) => {
    await player.dealt();
    await player.singles(10, () => "real");
    const { name, bytes } = await player.studio.download(() => player.at("save-result").click());
    const png = readPng(bytes);
    assert.match(name, /\.png$/);
    assert.equal(png.width, 1080);
    assert.match(JSON.stringify(png.text), /not for diagnosis/i);
    assert.ok(new Set(png.pixels).size > 50, "there is something on it");
  });

  game("a clock only for who asks, and time that runs out is no answer", { game: 6 }, async (player) => {
    await player.dealt();
    assert.equal(await player.at("clock").count(), 0);
    await player.at("timed").check();
    await player.at("clock").waitFor();
    await player.at("next").waitFor({ state: "visible" });
    assert.match(await player.at("feedback").innerText(), /Time is up/);
    assert.match(await player.at("trail").getAttribute("aria-label"), /0 right out of 1/);
  });

  game("an easier level takes its fakes from an earlier stage, where there is one", { game: 13 }, async (player, t) => {
    await player.dealt();
    if (!(await player.at("game-level").count())) return t.skip("this site ships no earlier stages");
    const fakes = async () => {
      const seen = await player.singles(10, () => "real");
      return new Set(seen.filter(({ truth }) => truth === "fake").map(({ picture }) => picture));
    };
    const hard = await fakes();
    await player.at("game-level").locator('[data-level="easy"]').click();
    await player.healed();
    assert.match(player.page.url(), /level=easy/);
    for (const fake of await fakes()) assert.ok(!hard.has(fake), "other fakes");
  });

  game("a stage that does not arrive: said, and the game goes on with the generator as it is", { game: 13, level: "easy" }, async (player, t) => {
    await player.healed();
    const levels = await player.at("game-level").count();
    if (!levels && !(await player.page.getByText("did not arrive").count())) return t.skip("this site ships no earlier stages");
    await player.page.getByText("did not arrive").waitFor();
    await player.at("answer-real").click();
    await player.truth();
  }, { fault: (path, response) => path.startsWith("weights/stages/") && Boolean(response.writeHead(404).end("not here")), expectErrors: true });

  for (const width of [320, 360, 1280]) {
    for (const mode of ["single", "pairs", "tumour"]) {
      game(`${mode} fits a screen of ${width} pixels`, { game: 8, mode }, async (player) => {
        await player.dealt();
        const over = () => player.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok((await over()) <= 0, "before the answer");
        if (mode === "tumour") await player.at("field").click();
        else await player.page.keyboard.press("ArrowLeft");
        await player.at("next").waitFor({ state: "visible" });
        assert.ok((await over()) <= 0, "after the answer");
        await player.page.screenshot({ path: `${SHOTS}game-${mode}-${width}.png`, fullPage: true });
      }, { viewport: { width, height: width < 600 ? 740 : 900 } });
    }
  }

  game("without real scans: said, with a way to add them, and tumours can be sought", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /no real scans/i);
    await player.at("no-scans").locator("summary").click();
    assert.match(await player.at("no-scans").innerText(), /cargo xtask scans/);
    await player.at("play-tumour").click();
    await player.dealt();
    await player.at("field").click();
    await player.at("next").waitFor({ state: "visible" });
    assert.equal(await player.truth(), "fake");
  }, { fault: missing });

  game("without real scans: own slices take their place, and go again", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    const files = await player.page.evaluate(() => Array.from({ length: 6 }, (_, index) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [200, 240];
      const context = canvas.getContext("2d");
      context.fillStyle = "#777";
      context.ellipse(100, 120, 70 + index, 90, 0, 0, 7);
      context.fill();
      context.fillStyle = "#eee";
      context.fillRect(60 + 10 * index, 100, 20, 20);
      return canvas.toDataURL("image/png").split(",")[1];
    }));
    const upload = (list) => player.at("own-files").setInputFiles(list.map((base64, index) => ({ name: `${index}.png`, mimeType: "image/png", buffer: Buffer.from(base64, "base64") })));
    await upload(files.slice(0, 3));
    await player.page.waitForFunction(() => document.querySelector('[data-testid="own-status"]').innerText.includes("3 pictures could be read"));
    await upload([...files, Buffer.from("not a picture").toString("base64")]);
    await player.healed();
    assert.match(await player.at("own-status").innerText(), /in the game: 6\. Left out: 1/);
    const seen = await player.singles(10, () => "real");
    assert.equal(seen.filter(({ truth }) => truth === "real").length, 5);
    assert.equal(new Set(seen.map(({ picture }) => picture)).size, 10);
    assert.deepEqual(await player.page.evaluate(() => ({ ...localStorage })), {});
    await player.at("own-remove").click();
    await player.at("no-scans").waitFor();
  }, { fault: missing });

  let healed = false;
  game("a pack that is damaged: said, and fetched again", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /did not arrive/);
    healed = true;
    await player.at("retry-scans").click();
    await player.healed();
  }, { fault: (path, response) => !healed && path.startsWith("scans/") && Boolean(response.writeHead(200).end("HSPACK01 and then nothing")) });
});
