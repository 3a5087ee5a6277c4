// A whole game: fair, counted correctly, played by mouse or keyboard, and its result.
import assert from "node:assert/strict";
import { readPng, sourceType } from "./support/decoders.mjs";
import { SCREENSHOTS } from "./support/fixtures.mjs";
import { PHONE, wilsonInterval } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";

describeGame("a whole game", (game) => {
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

  game("ten rounds with the keyboard only, in Dutch, on a phone", { lang: "nl", game: 5 }, async (player) => {
    await player.started();
    let right = 0;
    for (let round = 1; round <= 10; round++) {
      assert.equal(await player.round(), round);
      // Arrow keys work from anywhere, digits once the focus is in the round.
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
});
