// The game: fair, counted correctly, and usable by everyone.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readPng, sourceType } from "./support/decoders.mjs";
import { headFiles } from "./support/drawn-heads.mjs";
import { drawnPack } from "./support/drawn-pack.mjs";
import { dropPaths } from "./support/drop.mjs";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { GamePage, PHONE, visitGame, wilsonInterval } from "./support/game-page.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { skipUnlessCi } from "./support/skip.mjs";
import { sizesOf } from "./support/weights-files.mjs";

/** Words of each advice, by the name of what it is about. */
const ADVICE = {
  "Left and right": /left half|left and right/i,
  "The folds": /folds/,
  "The blood vessels": /blood vessels/,
  "The edge of the head": /edge of the head/,
  "The grain": /grain/,
};

describe("the game", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const game = (name, query, check, options = {}) =>
    test(name, (t) => visitGame(browser, query, (page) => check(page, t), options));

  /** A `fault` of a server with another pack of drawn heads; options as for `drawnPack`. */
  const packOf = (options) => {
    const pack = drawnPack("t1ce", sizesOf("t1ce")[0], options);
    return (path, response) => path === "scans/t1ce.pack" && Boolean(response.writeHead(200).end(pack));
  };

  /** A `fault` of a server without real scans. */
  const missing = (path, response) => path.startsWith("scans/") && Boolean(response.writeHead(404).end("not here"));

  game("on a phone, the scan and both answers are on the first screen", { lang: "nl" }, async (player, t) => {
    await player.started();
    t.diagnostic(`first scan after ${(await player.page.evaluate(() => performance.now())).toFixed(0)} ms`);
    for (const id of ["scan", "answer-real", "answer-fake"]) {
      const box = await player.at(id).boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, `${id} is on the first screen: ${JSON.stringify(box)}`);
    }
    for (const id of ["answer-real", "answer-fake"]) assert.ok((await player.at(id).boundingBox()).height >= 44);
    await player.page.screenshot({ path: `${SCREENSHOTS}game-phone.png` });
  }, { viewport: PHONE });

  game("a complete game by mouse: balanced, without repeats, and counted correctly", { game: 7 }, async (player) => {
    await player.started();
    const guess = (round) => (round % 3 ? "fake" : "real");
    const rounds = await player.playSingles(10, guess);
    await player.at("result").waitFor();
    const examples = new Set();
    await player.at("to-clues").click();
    await player.at("clues").waitFor();
    for (const picture of await player.pictures("example")) examples.add(picture);
    // Numbers that tell drawn heads from generated scans by themselves are named. Those among the features have no examples.
    const leftOut = (await player.at("clues-left-out").textContent()).split(":")[1].split(".")[0].split(",").map((name) => name.trim());
    const clues = await player.page.locator(".clue").evaluateAll((all) => all.map((clue) => [clue.querySelector("h3").textContent, clue.querySelectorAll("canvas").length]));
    assert.equal(clues.length, 5);
    for (const [title, pictures] of clues) assert.equal(pictures, leftOut.includes(title) ? 0 : 2, `${title}; left out: ${leftOut}`);
    assert.ok(clues.some(([, pictures]) => pictures === 0), `${leftOut}`);
    await player.page.screenshot({ path: `${SCREENSHOTS}game-clues.png`, fullPage: true });
    await player.at("more-rounds").click();
    rounds.push(...(await player.playSingles(10, guess)));
    await player.at("result").waitFor();

    assert.deepEqual(rounds.map(({ round }) => round), Array.from({ length: 20 }, (_, index) => index + 1));
    for (const ten of [rounds.slice(0, 10), rounds.slice(10)]) {
      assert.equal(ten.filter(({ truth }) => truth === "real").length, 5, "half of the scans are real");
    }
    const shown = new Set(rounds.map(({ picture }) => picture));
    assert.equal(shown.size, 20, "no scan appears twice");
    for (const example of examples) assert.ok(!shown.has(example), "no example appears in a round");

    const count = (keep) => rounds.filter(keep).length;
    const right = count((round) => round.right);
    const fraction = (part, whole) => `${part} of ${whole}`;
    assert.equal(await player.result("right"), fraction(right, 20));
    assert.equal(await player.result("wrong"), fraction(20 - right, 20));
    assert.equal(await player.result("spotted"), fraction(count(({ truth, guessed }) => truth === "fake" && guessed === "fake"), 10));
    assert.equal(await player.result("doubted"), fraction(count(({ truth, guessed }) => truth === "real" && guessed === "fake"), 10));
    const [low, high] = wilsonInterval(right, 20);
    const interval = await player.at("interval").innerText();
    assert.ok(interval.includes(`between ${low} and ${high}%`), `${interval} is the Wilson interval, ${low} to ${high}`);
    assert.match(interval, /20 answers/);
    const [first, second] = [rounds.slice(0, 10), rounds.slice(10)].map((ten) => ten.filter((round) => round.right).length);
    const gain = await player.at("gain").innerText();
    assert.ok(gain.includes(`${first} out of 10`) && gain.includes(`${second} out of 10`), gain);
    if (Math.abs(second - first) <= 3) assert.match(gain, /also be chance/);
    assert.ok((await player.at("readers").innerText()).includes("59.4%"));
    await player.page.screenshot({ path: `${SCREENSHOTS}game-result.png`, fullPage: true });
  });

  game("the document does not reveal the answer", { game: 11 }, async (player) => {
    await player.started();
    const rounds = await player.playSingles(10, () => "real");
    const [real, fake] = ["real", "fake"].map((kind) => rounds.filter(({ truth }) => truth === kind));
    assert.ok(real.length && fake.length);
    for (const { document, round } of rounds) assert.equal(document, rounds[0].document, `round ${round} differs from round 1 in more than its number`);
    for (const word of ["glioma", "meningioma", "pituitary", "seed="]) assert.ok(!rounds[0].document.includes(word), word);
    // No advice comes twice in a game, and none is about a number that wins by itself. Drawn heads differ in most of them.
    assert.ok(rounds.every(({ feedback }) => feedback.length > 20), "each answer has a verdict");
    assert.ok(rounds.some(({ feedback }) => feedback.length > 60), "and some an explanation");
  });

  game("the same address gives the same game, another seed another game", { game: 21 }, async (player) => {
    const pictures = async () => {
      await player.started();
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
    await player.page.waitForFunction(() => !location.hash.includes("game=22"));
  });

  game("ten rounds with the keyboard only, in Dutch, on a phone", { lang: "nl", game: 5 }, async (player) => {
    await player.started();
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      assert.equal(await player.round(), round);
      // Arrow keys work from anywhere, digits once the focus is in the arena.
      const key = round > 1 && round % 2 ? "2" : round % 2 ? "ArrowRight" : "ArrowLeft";
      await player.page.keyboard.press(key);
      right += (await player.truth()) === (key === "ArrowLeft" ? "real" : "fake");
      assert.ok(await player.at("next").evaluate((next) => next === document.activeElement), "the button to continue has the focus");
      await player.page.keyboard.press("Enter");
    }
    await player.at("result").waitFor();
    assert.equal(await player.at("result").getAttribute("data-right"), String(right));
    assert.ok(await player.page.evaluate(() => document.activeElement?.id === "result"), "the result has the focus");
    assert.match(await player.at("interval").innerText(), /tussen \d+ en \d+/);
    // Continues with Tab and Enter, through the clues.
    for (const id of ["to-clues", "more-rounds"]) {
      const reached = () => player.at(id).evaluate((button) => button === document.activeElement);
      for (let presses = 0; presses < 40 && !(await reached()); presses++) await player.page.keyboard.press("Tab");
      assert.ok(await reached(), `Tab reaches ${id}`);
      await player.page.keyboard.press("Enter");
    }
    assert.equal(await player.round(), 11);
  }, { viewport: PHONE });

  game("two scans: exactly one is real, on the left as often as on the right", { game: 3, mode: "pairs" }, async (player) => {
    await player.started();
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

  game("selecting a mode changes the game and the address", { game: 3 }, async (player) => {
    await player.started();
    for (const [mode, id] of [["pairs", "answer-left"], ["tumour", "field"], ["single", "answer-real"]]) {
      await player.at("game-mode").locator(`[data-mode="${mode}"]`).click();
      await player.started();
      await player.at(id).waitFor();
      assert.equal(await player.at("game-mode").locator(`[data-mode="${mode}"]`).getAttribute("aria-pressed"), "true");
    }
    await player.page.goBack();
    await player.at("field").waitFor();
    // Another language keeps the game.
    await player.started();
    const before = await player.pictures();
    await player.at("language").click();
    await player.page.waitForSelector('html[lang="nl"]');
    assert.deepEqual(await player.pictures(), before);
  });

  game("the tumour can be marked with the keyboard", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
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
      assert.match(words, /You found it|% of the picture’s width/);
      assert.notDeepEqual(await player.pictures(), before, "the outline is drawn");
      await player.page.keyboard.press("Enter");
    }
    assert.equal(await player.result("right"), `${hits} of 10`);
    assert.match(await player.result("distance"), /% of the picture/);
    await player.at("interval").waitFor();
  });

  game("a tap on the outlined tumour is a hit", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
    // Played twice: the first game shows where the tumour is.
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
    assert.match(await tap({ x: 0.01, y: 0.01 }), /% of the picture’s width/);
    const place = await outline();
    await player.page.reload();
    await player.started();
    assert.match(await tap(place), /You found it/);
  });

  game("the discriminator answers after the player, and its score is counted", { game: 9 }, async (player) => {
    await player.started();
    await player.at("rival").check();
    assert.equal(await player.page.locator(".rival-said").count(), 0, "no answer of the discriminator before the player's");
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

  game("of two scans the discriminator picks one too, and its score is counted", { game: 9, mode: "pairs" }, async (player) => {
    await player.started();
    await player.at("rival").check();
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      assert.equal(await player.page.locator(".rival-said").count(), 0, "no answer of the discriminator before the player's");
      await player.at("answer-left").click();
      const said = player.page.locator(".rival-said", { hasText: "picked the" });
      await said.waitFor();
      right += (await said.innerText()).includes("picked the real one");
      await player.at("next").click();
    }
    assert.ok((await player.at("rival-score").innerText()).includes(`${right} out of 10`));
  });

  for (const mode of ["single", "pairs"]) {
    for (const [what, count] of [["", 96], [", also with few scans", 9]]) {
      game(`${mode}: real scans of a type that the discriminator does not know keep it out, and it says why${what}`, { game: 9, mode }, async (player) => {
        await player.started();
        assert.equal(await player.at("demo").count(), count < 96 ? 1 : 0);
        assert.ok(await player.at("rival").isDisabled());
        assert.match(await player.page.locator("#rival-hint").innerText(), /needs to know the type of tumour, and these real scans do not say/);
        await player.page.keyboard.press("ArrowLeft");
        await player.at("next").waitFor({ state: "visible" });
        assert.equal(await player.page.locator(".rival-said").count(), 0);
      }, { fault: packOf({ count, perPatient: 5, classes: ["tumour"] }) });
    }
  }

  game("with few scans of known types the discriminator plays along", { game: 12 }, async (player) => {
    await player.started();
    assert.equal(await player.at("demo").count(), 1);
    await player.at("rival").check();
    await player.playSingles(4, () => "real");
    assert.match(await player.at("rival-score").innerText(), /\d out of 4/);
  }, { fault: packOf({ count: 9, perPatient: 5 }) });

  game("a link can name its game before the fragment", { game: 22 }, async (player) => {
    await player.started();
    const first = await player.pictures();
    const { origin, pathname } = new URL(player.page.url());
    await player.page.goto(`${origin}${pathname}?game=22&lang=en#/spel`);
    await player.started();
    assert.deepEqual(await player.pictures(), first);
    assert.match(player.page.url(), /\?lang=en#\/spel\?.*game=22/);
  });

  game("an advice appears only once in a game", { game: 4 }, async (player) => {
    await player.started();
    const seen = [];
    for (let round = 1; round <= 10; round++) {
      await player.at("answer-real").click();
      await player.at("next").waitFor({ state: "visible" });
      // The numbers of a clue may differ. Its other words name the feature and the direction.
      const advice = await player.at("feedback").locator("p").nth(1).innerText();
      if (advice) seen.push(advice.replace(/\d+/g, "#"));
      await player.at("next").click();
    }
    assert.ok(seen.length > 0, "some advice");
    assert.equal(new Set(seen).size, seen.length, `${seen}`);
  });

  game("the discriminator cannot be selected in the tumour mode", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
    assert.ok(await player.at("rival").isDisabled());
    assert.match(await player.page.locator("#rival-hint").innerText(), /does not look for tumours/);
    await player.page.locator('[data-mode="single"]').click();
    await player.started();
    assert.ok(await player.at("rival").isEnabled());
  });

  game("the best score is stored only on request, and can be deleted", { game: 1 }, async (player) => {
    const stored = () => player.page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie }));
    await player.started();
    await player.playSingles(10, () => "fake");
    assert.deepEqual(await stored(), { local: {}, session: {}, cookie: "" });
    await player.at("keep-best").check();
    assert.deepEqual((await stored()).local, { "hersenscan.best": "single 5 10" });
    assert.match(await player.at("best").innerText(), /5 out of 10/);
    await player.at("delete-best").click();
    assert.deepEqual((await stored()).local, {});
    assert.ok(!(await player.at("keep-best").isChecked()));
  });

  game("the saved result says that it is not for diagnosis", { game: 2 }, async (player) => {
    await player.started();
    await player.playSingles(10, () => "real");
    const { name, bytes } = await player.site.download(() => player.at("save-result").click());
    const png = readPng(bytes);
    assert.match(name, /\.png$/);
    assert.equal(png.width, 1080);
    assert.match(JSON.stringify(png.text), /not for diagnosis/i);
    assert.equal(sourceType(png), "compositeSynthetic", "words and generated scans");
    assert.ok(new Set(png.pixels).size > 50, "it is not empty");
  });

  game("the clock is optional, and an expired round counts as unanswered", { game: 6 }, async (player) => {
    await player.started();
    assert.equal(await player.at("clock").count(), 0);
    await player.at("timed").check();
    await player.at("clock").waitFor();
    await player.at("next").waitFor({ state: "visible" });
    assert.match(await player.at("feedback").innerText(), /Time is up/);
    assert.match(await player.at("trail").getAttribute("aria-label"), /0 right out of 1/);
  });

  game("an easier level takes its fakes from an earlier training stage", { game: 13 }, async (player, t) => {
    await player.started();
    if (!(await player.at("game-level").count())) return skipUnlessCi(t, "this site ships no earlier stages");
    const fakes = async () => {
      const rounds = await player.playSingles(10, () => "real");
      return new Set(rounds.filter(({ truth }) => truth === "fake").map(({ picture }) => picture));
    };
    const hard = await fakes();
    await player.at("game-level").locator('[data-level="easy"]').click();
    await player.ready();
    assert.match(player.page.url(), /level=easy/);
    for (const fake of await fakes()) assert.ok(!hard.has(fake), "other fakes");
  });

  game("a missing training stage: reported, and the game uses the final generator", { game: 13, level: "easy" }, async (player, t) => {
    await player.ready();
    const levels = await player.at("game-level").count();
    if (!levels && !(await player.page.getByText("did not arrive").count())) return skipUnlessCi(t, "this site ships no earlier stages");
    await player.page.getByText("did not arrive").waitFor();
    await player.at("answer-real").click();
    await player.truth();
  }, { fault: (path, response) => path.startsWith("weights/stages/") && Boolean(response.writeHead(404).end("not here")), expectErrors: true });

  for (const mode of ["single", "pairs", "tumour"]) {
    game(`${mode} fits viewports of 320, 360 and 1280 pixels`, { game: 8, mode }, async (player) => {
      await player.started();
      const over = () => player.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      for (const width of [320, 360, 1280]) {
        await player.page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
        await nextFrame(player.page);
        assert.ok((await over()) <= 0, `${width}, before the answer`);
        if (mode === "tumour") await player.at("field").click();
        else await player.page.keyboard.press("ArrowLeft");
        await player.at("next").waitFor({ state: "visible" });
        assert.ok((await over()) <= 0, `${width}, after the answer`);
        await player.page.screenshot({ path: `${SCREENSHOTS}game-${mode}-${width}.png`, fullPage: true });
        await player.at("next").click();
      }
    });
  }

  game("without real scans: explained, and the tumour mode works", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /no real scans/i);
    await player.at("play-tumour").click();
    await player.started();
    await player.at("field").click();
    await player.at("next").waitFor({ state: "visible" });
    assert.equal(await player.truth(), "fake");
  }, { fault: missing });

  game("without real scans: the visitor's slices can replace them, and be removed", { game: 12 }, async (player) => {
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
    await upload(files.slice(0, 1));
    await player.page.waitForFunction(() => document.querySelector('[data-testid="own-status"]').innerText.includes("1 picture could be read"));
    await upload([...files, Buffer.from("not a picture").toString("base64")]);
    await player.ready();
    assert.match(await player.at("own-status").innerText(), /in the game: 6\. Left out: 1/);
    assert.match(await player.at("seed-hint").innerText(), /Nobody else can open it/);
    const rounds = await player.playSingles(6, () => "real");
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 3);
    await player.at("to-clues").click();
    // Numbers that tell these drawings from generated scans are measured here, and no advice is about them.
    const leftOut = await player.at("clues-left-out").textContent();
    const told = Object.keys(ADVICE).filter((name) => leftOut.includes(name));
    assert.ok(told.length >= 2, leftOut);
    await player.at("more-rounds").click();
    rounds.push(...(await player.playSingles(6, () => "real")));
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 6);
    assert.equal(new Set(rounds.map(({ picture }) => picture)).size, 12);
    for (const name of told) for (const { feedback } of rounds) assert.doesNotMatch(feedback, ADVICE[name], `${name} tells the kinds apart`);
    assert.deepEqual(await player.page.evaluate(() => ({ ...localStorage })), {});
    await player.at("own-remove").click();
    await player.at("no-scans").waitFor();
  }, { fault: missing });

  game("the visitor's slices with a table of classes: the discriminator plays along", { game: 12, size: 64 }, async (player) => {
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    const heads = headFiles(10);
    const types = ["glioma", "meningioma", "pituitary"];
    const rows = heads.map(({ name }, index) => `${name};;${types[index % 3]};${index};0`);
    const table = { name: "samples.csv", mimeType: "text/csv", buffer: Buffer.from(["file;mask;class;seed;tumour_pixels", ...rows, ""].join("\r\n")) };
    await player.at("own-files").setInputFiles(heads);
    await player.ready();
    assert.ok(await player.at("rival").isDisabled(), "without the table nobody knows the classes");
    await player.at("own-files").setInputFiles([...heads, table]);
    await player.page.locator('[data-testid="rival"]:enabled').waitFor();
    await player.ready();
    await player.at("rival").check();
    await player.at("answer-real").click();
    await player.page.locator(".rival-said", { hasText: "said:" }).waitFor();
  }, { fault: missing });

  game("an empty folder among the visitor's slices gets a word", { game: 12 }, async (player) => {
    await player.started();
    await player.page.locator(".own > summary").click();
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-empty-"));
    await dropPaths(player.page, player.page.locator("#own-hint"), [folder]);
    await player.page.waitForFunction(() => document.querySelector('[data-testid="own-empty"]').textContent.includes("no files in it"));
    assert.equal(await player.at("own-remove").count(), 0, "the game keeps its scans");
    rmSync(folder, { recursive: true });
  });

  test("a class link gives the same game on a small and on a large device, from either place of the address", async () => {
    /** The scans of three rounds on a device with this many cores, for a link such as `?game=22#/spel`. */
    const scans = async (cores, link) => {
      const found = [];
      const prepare = (page) => page.addInitScript((cores) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => cores }), cores);
      await visitGame(browser, {}, async (player) => {
        const { origin, pathname } = new URL(player.page.url());
        await player.page.goto("about:blank");
        await player.page.goto(`${origin}${pathname}${link}`);
        await player.started();
        for (let round = 1; round <= 3; round++) {
          found.push(...(await player.pictures()));
          await player.page.keyboard.press("ArrowLeft");
          await player.at("next").click();
        }
        found.push(new URL(player.page.url()).hash.replace(/lang=\w+&?/, ""));
      }, { prepare });
      return found;
    };
    for (const links of [
      ["?game=22", "#/spel?game=22"],
      ["?game=22&size=128&level=easy#/spel", "#/spel?game=22&size=128&level=easy"],
      ["?game=22&model=flair&mode=pairs#/spel", "#/spel?game=22&model=flair&mode=pairs"],
    ]) {
      const [before, after] = links;
      const small = await scans(2, before);
      assert.equal(small.length, before.includes("pairs") ? 7 : 4);
      const [pixels, address] = [small.slice(0, -1), small.at(-1)];
      const large = await scans(16, after);
      assert.deepEqual(large.slice(0, -1), pixels, `${before} and ${after}`);
      for (const link of [address, large.at(-1)]) assert.match(link, before.includes("128") ? /size=128/ : /size=64/);
    }
  });

  game("few real scans: a short demo that repeats nobody", { game: 12 }, async (player) => {
    await player.started();
    assert.match(await player.at("demo").innerText(), /9 real scans of 2 people/);
    assert.match(await player.at("round").innerText(), /1 of 4/);
    const rounds = await player.playSingles(4, () => "real");
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 2);
    await player.at("result").waitFor();
    assert.equal(await player.at("to-clues").count(), 0, "no second half");
    assert.equal(await player.at("review-scan").count(), 4);
  }, { fault: packOf({ count: 9, perPatient: 5 }) });

  for (const size of [64, 128]) {
    test(`a whole game with the site's own scans at ${size} pixels on a phone: no advice twice`, (t) =>
      visit(browser, { game: 4, size }, async (site) => {
        const player = new GamePage(site);
        await site.page.waitForSelector('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"]');
        if (await player.at("no-scans").isVisible()) return skipUnlessCi(t, "this site ships no real scans");
        const count = async () => Number((await player.at("round").innerText()).match(/of (\d+)/)[1]);
        const rounds = await player.playSingles(await count(), () => "real");
        assert.equal(rounds.filter(({ truth }) => truth === "real").length, rounds.length / 2);
        await player.at("result").waitFor();
        assert.equal(await player.at("review-scan").count(), rounds.length);
        if (await player.at("to-clues").count()) {
          await player.at("to-clues").click();
          await player.at("more-rounds").click();
          rounds.push(...(await player.playSingles(rounds.length, () => "real")));
        }
        assert.equal(new Set(rounds.map(({ picture }) => picture)).size, rounds.length, "no scan twice");
        // The second paragraph. The numbers of a clue may differ; its other words name the feature and the direction.
        const advice = rounds.map(({ feedback }) => feedback.split(/\n+/)[1]?.replace(/\d+/g, "#")).filter(Boolean);
        t.diagnostic(`${rounds.length} rounds, ${advice.length} with advice`);
        assert.ok(advice.length > 0, "some advice");
        assert.equal(new Set(advice).size, advice.length, advice.join("\n"));
        await site.page.screenshot({ path: `${SCREENSHOTS}game-own-pack-${size}.png` });
      }, { view: "spel", viewport: PHONE }));
  }

  game("an advice is marked in the picture, and the scans come again at the end", { game: 4 }, async (player) => {
    await player.started();
    const rings = () => player.page.locator(".arena .clue-marks ellipse:not(.halo)");
    const truths = [];
    for (let round = 1; round <= 10; round++) {
      assert.equal(await rings().count(), 0, "nothing is marked before the answer");
      await player.at("answer-real").click();
      truths.push(await player.truth());
      const advice = await player.at("feedback").locator("p").nth(1).innerText();
      assert.equal((await rings().count()) > 0, advice.length > 0, `round ${round}: ${advice}`);
      if (round === 1) await player.page.screenshot({ path: `${SCREENSHOTS}game-marked.png` });
      await player.at("next").click();
    }
    const captions = await player.at("review").locator("figcaption").allInnerTexts();
    assert.deepEqual(captions, truths.map((truth) => (truth === "real" ? "Real" : "Fake")));
    const answers = await player.at("review").locator("li > p").allInnerTexts();
    assert.deepEqual(answers.map((answer) => answer.includes("✓")), truths.map((truth) => truth === "real"));
    assert.equal(new Set(await player.pictures("review-scan")).size, 10);
  });

  game("back and forward keep the round", { game: 7 }, async (player) => {
    await player.started();
    await player.playSingles(3, () => "real");
    const [fourth] = await player.pictures();
    // Another view, and another game.
    await player.page.locator('header a[href^="#/over"]').click();
    await player.page.locator(".about-view").waitFor();
    await player.page.goBack();
    await player.ready();
    assert.equal(await player.round(), 4);
    assert.deepEqual(await player.pictures(), [fourth]);
    await player.at("new-game").click();
    await player.ready();
    assert.equal(await player.round(), 1);
    await player.page.goBack();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "4");
    await player.page.goForward();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "1");
    // The button of a game starts it again.
    await player.page.goBack();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "4");
    await player.page.locator('[data-mode="single"]').click();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "1");
  });

  game("a new game begins in view", { game: 4 }, async (player) => {
    await player.started();
    await player.playSingles(10, () => "real");
    for (const mode of ["tumour", "pairs"]) {
      const button = player.page.locator(`[data-mode="${mode}"]`);
      await button.scrollIntoViewIfNeeded();
      await button.click();
      await player.ready();
      await player.page.waitForFunction(() => scrollY === 0);
      const box = await player.at("scan").first().boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, JSON.stringify(box));
    }
  }, { viewport: PHONE });

  for (const mode of ["single", "pairs"]) {
    game(`${mode} on a laptop, and on a phone upright and on its side: nothing covers the advice, and scan and answers fit`, { game: 4, mode, lang: "nl" }, async (player) => {
      await player.started();
      for (const viewport of [{ width: 1366, height: 768 }, { width: 740, height: 360 }, PHONE]) {
        await player.page.setViewportSize(viewport);
        await player.page.evaluate(() => scrollTo(0, 0));
        await nextFrame(player.page);
        const inside = async (locator, name) => {
          const box = await locator.boundingBox();
          const fits = box.y >= 0 && box.y + box.height <= viewport.height + 0.5 && box.x >= 0 && box.x + box.width <= viewport.width + 0.5;
          assert.ok(fits, `${name} at ${viewport.width} x ${viewport.height}: ${JSON.stringify(box)}`);
        };
        for (let round = 1; round <= 3; round++) {
          await inside(player.at("scan").first(), "the scan");
          await inside(player.page.locator(".answers"), "the answers");
          await player.page.keyboard.press("ArrowLeft");
          await player.at("next").waitFor({ state: "visible" });
          await nextFrame(player.page);
          await inside(player.at("next"), "the button");
          // Nothing covers a line of the advice.
          const covered = await player.page.evaluate(() => {
            const feedback = document.querySelector('[data-testid="feedback"]');
            const range = document.createRange();
            range.selectNodeContents(feedback);
            return [...range.getClientRects()].filter(({ left, top, width, height }) => {
              const found = document.elementFromPoint(left + Math.min(4, width / 2), top + height / 2);
              // A round without advice has an empty line, without height.
              return width > 1 && height > 1 && top > 0 && !feedback.contains(found);
            }).length;
          });
          assert.equal(covered, 0, `${viewport.width} x ${viewport.height}, round ${round}`);
          if (round === 1) await player.page.screenshot({ path: `${SCREENSHOTS}game-answered-${mode}-${viewport.width}.png` });
          await player.at("next").click();
        }
      }
    });
  }

  let repaired = false;
  game("a damaged pack: reported, and downloaded again", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /did not arrive/);
    repaired = true;
    await player.at("retry-scans").click();
    await player.ready();
  }, { fault: (path, response) => !repaired && path.startsWith("scans/") && Boolean(response.writeHead(200).end("HSPACK01 and then nothing")) });
});
