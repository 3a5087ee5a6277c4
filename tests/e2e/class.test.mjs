// A class without a server: a teacher makes a link, pupils play it to a code, and the codes give the results of the class.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { decode, encode } from "./support/class-codes.mjs";
import { launch, SCREENSHOTS } from "./support/fixtures.mjs";
import { GamePage, visitGame } from "./support/game-page.mjs";
import { SitePage } from "./support/site-page.mjs";

const Z = 1.959963984540054;
/** Wilson's interval of a share, as fractions. */
function wilson(part, whole) {
  const [p, below] = [part / whole, 1 + (Z * Z) / whole];
  const [centre, reach] = [p + (Z * Z) / (2 * whole), Z * Math.sqrt((p * (1 - p)) / whole + (Z * Z) / (4 * whole * whole))];
  return [(centre - reach) / below, (centre + reach) / below];
}

/** Newcombe's interval of the second share less the first (1998, method 10). */
function newcombe([a, m], [b, n]) {
  const [[l1, u1], [l2, u2], p1, p2] = [wilson(a, m), wilson(b, n), a / m, b / n];
  return [p2 - p1, p2 - p1 - Math.hypot(p2 - l2, u1 - p1), p2 - p1 + Math.hypot(u2 - p2, p1 - l1)];
}

/** A percentage with one decimal, as the page writes it in English. */
const percent = (part) => (100 * part).toFixed(1).replace("-", "−");

/** Reproducible random numbers below `n` (mulberry32). */
function randomNumbers(state) {
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** The black modules of a QR code on the page, as rows of booleans, without its margin. */
async function modules(qr) {
  const [side, path] = await qr.evaluate((svg) => [svg.viewBox.baseVal.width - 8, svg.querySelector("path").getAttribute("d")]);
  const rows = Array.from({ length: side }, () => Array(side).fill(false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) rows[y - 4].fill(true, x - 4, x - 4 + Number(width));
  return rows;
}

/** Whether a QR code has its three finder patterns and the line of alternating modules between them. */
function isQr(rows) {
  const finder = (top, left) => {
    for (let y = 0; y < 7; y++) for (let x = 0; x < 7; x++) if (rows[top + y][left + x] !== (Math.max(Math.abs(x - 3), Math.abs(y - 3)) !== 2)) return false;
    return true;
  };
  const far = rows.length - 7;
  const timing = rows[6].slice(8, far - 1).every((black, index) => black === (index % 2 === 0));
  return (rows.length - 17) % 4 === 0 && finder(0, 0) && finder(0, far) && finder(far, 0) && timing;
}

describe("a class", { timeout: 300_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  test("from a link by way of thirty codes to the results", (t) =>
    visitGame(browser, {}, async ({ page: teacherPage, site: teacher }) => {
      const at = (id) => teacher.at(id);
      await teacherPage.waitForSelector('[data-testid="lesson"][data-ready="true"]');
      // The link.
      const first = await modules(at("class-link-qr"));
      await at("class-number").fill("31");
      await at("class-number").press("Enter");
      await teacherPage.locator('[name="class-rounds"][value="4"]').check();
      await teacherPage.waitForFunction(() => /game=31&rounds=4$/.test(document.querySelector('[data-testid="class-link"]').textContent));
      const link = await at("class-link").textContent();
      assert.match(link, /^http:.*#\/spel\?lang=en&size=64&game=31&rounds=4$/);
      const qr = await modules(at("class-link-qr"));
      assert.ok(isQr(first) && isQr(qr), "QR codes");
      assert.notDeepEqual(qr, first, "another link is another code");
      assert.equal(await at("class-try").getAttribute("href"), link);

      // A pupil.
      const pupilPage = await teacherPage.context().newPage();
      await pupilPage.goto(link);
      const pupil = new GamePage(new SitePage(pupilPage));
      await pupil.started();
      assert.equal(await pupil.at("hand-in").count(), 0);
      const guess = (round) => (round % 3 ? "fake" : "real");
      const rounds = await pupil.playSingles(4, guess);
      assert.equal(await pupil.at("hand-in").count(), 0, "no code before the second half");
      await pupil.at("to-clues").click();
      await pupil.at("more-rounds").click();
      rounds.push(...(await pupil.playSingles(4, guess)));
      const code = (await pupil.at("class-code").textContent()).trim();
      assert.match(code, /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
      assert.ok(isQr(await modules(pupil.at("class-code-qr"))));
      const { answers, fingerprint } = decode(code);
      const choice = (word) => (word === "real" ? 1 : 2);
      assert.deepEqual(answers, [...rounds.map(({ guessed }) => choice(guessed)), ...Array(12).fill(0)], "the code holds the answers");
      await pupilPage.screenshot({ path: `${SCREENSHOTS}class-code.png`, fullPage: true });
      const pictures = await pupil.pictures("review-scan");
      await pupilPage.close();

      // Thirty codes: that of the pupil, and 29 that say the right thing in about two of three rounds.
      const key = rounds.map(({ truth }) => choice(truth));
      const random = randomNumbers(5);
      const pupils = [{ answers: answers.slice(0, 8), code }];
      while (pupils.length < 30) {
        const given = key.map((right, round) => (random(12) === 0 ? 0 : random(9) < 6 - (round % 3) ? right : 3 - right));
        pupils.push({ answers: given, code: encode(given, fingerprint, pupils.length) });
      }
      const lines = pupils.map(({ code }, index) => (index % 3 ? code : code.toLowerCase().replaceAll("-", index % 2 ? " " : "")));
      lines.splice(3, 0, "", code.replace(/^./, (letter) => (letter === "A" ? "B" : "A")), encode(pupils[7].answers, (fingerprint + 1) % 512, 7));
      const swapped = [...pupils[2].code.replaceAll("-", "")];
      const place = swapped.findIndex((letter, index) => index < 11 && letter !== swapped[index + 1]);
      [swapped[place], swapped[place + 1]] = [swapped[place + 1], swapped[place]];
      lines.push(swapped.join(""), pupils[0].code, "K7PM-3XQ", "O234-5678-9ABC");
      const begun = performance.now();
      await at("class-codes").fill(lines.join("\n"));
      await teacherPage.waitForSelector('[data-testid="class-results"][data-pupils="30"]');
      await teacherPage.locator('[data-testid="class-hardest"] canvas.drawn').first().waitFor();
      t.diagnostic(`36 lines in ${(performance.now() - begun).toFixed(0)} ms`);

      const problems = await at("class-problems").locator("li").evaluateAll((all) => all.map((one) => [Number(one.dataset.line), one.textContent]));
      assert.deepEqual(problems.map(([line]) => line), [5, 6, 34, 35, 36, 37]);
      for (const [index, words] of [/typing error/, /another game than number 31/, /typing error/, /same code as in line 1\b/, /7 characters, and a code has 12/, /character ‘O’/].entries()) assert.match(problems[index][1], words);

      // The numbers, computed here once more.
      const right = (given, from = 0, to = 8) => given.filter((answer, round) => round >= from && round < to && answer === key[round]).length;
      const sum = (count) => pupils.reduce((total, { answers }) => total + count(answers), 0);
      const called = (kind) => sum((given) => given.filter((answer, round) => key[round] === kind && answer === 2).length);
      const kinds = (kind) => 30 * key.filter((one) => one === kind).length;
      const shares = {
        right: [sum((given) => right(given)), 240],
        spotted: [called(2), kinds(2)],
        doubted: [called(1), kinds(1)],
        before: [sum((given) => right(given, 0, 4)), 120],
        after: [sum((given) => right(given, 4, 8)), 120],
      };
      assert.deepEqual(await at("class-measures").locator("tbody tr").evaluateAll((all) => all.map((row) => row.dataset.measure)), Object.keys(shares));
      for (const [name, [part, whole]] of Object.entries(shares)) {
        const text = await teacherPage.locator(`[data-measure="${name}"] td`).innerText();
        const [low, high] = wilson(part, whole).map(percent);
        assert.ok(text.includes(`${percent(part / whole)}% (${part} of ${whole})`), `${name}: ${text}`);
        assert.ok(text.includes(`${low} to ${high}%`), `${name}: ${text} is ${low} to ${high}`);
      }
      const [difference, low, high] = newcombe(shares.before, shares.after).map(percent);
      assert.ok((await at("class-change").innerText()).includes(`${difference} percentage points (95% interval, Newcombe: ${low} to ${high})`), `${difference}, ${low} to ${high}`);
      assert.ok((await at("class-mean").innerText()).includes(`${(shares.right[0] / 30).toFixed(1)} out of 8`));
      const scores = await at("class-scores").locator("g").evaluateAll((all) => all.map((bar) => Number(bar.dataset.pupils)));
      assert.deepEqual(scores, Array.from({ length: 9 }, (_, score) => pupils.filter(({ answers }) => right(answers) === score).length));

      // The hardest scans are the pupil's scans.
      const wrong = key.map((good, round) => ({ round: round + 1, right: pupils.filter(({ answers }) => answers[round] === good).length, fell: pupils.filter(({ answers }) => answers[round] === 3 - good).length }));
      const hardest = wrong.filter(({ right }) => right < 30).sort((a, b) => a.right - b.right || a.round - b.round).slice(0, 5);
      const shown = await at("class-hardest").locator("li").evaluateAll((all) => all.map((item) => ({ round: Number(item.dataset.round), fell: Number(item.dataset.fell), truth: item.querySelector("figcaption").textContent })));
      assert.deepEqual(shown, hardest.map(({ round, fell }) => ({ round, fell, truth: key[round - 1] === 1 ? "Real" : "Fake" })));
      const drawn = await new GamePage(teacher).pictures("hardest-scan");
      // The pupil's last screen shows the second half again.
      for (const [index, { round }] of hardest.entries()) if (round > 4) assert.equal(drawn[index], pictures[round - 5], `the scan of round ${round}`);
      assert.ok(hardest.some(({ round }) => round > 4), "one of them was compared");
      assert.match(await at("readers").innerText(), /This class[\s\S]*17 radiologists[\s\S]*75%/);

      // The table.
      const { name, bytes } = await teacher.download(() => at("class-csv").click());
      assert.equal(name, "hersenscan-class-31.csv");
      const rows = bytes.toString().trimEnd().split("\r\n").map((row) => row.split(","));
      const words = (given) => given.map((answer) => ["late", "real", "fake"][answer]);
      const row = (code, given) => [code, ...[[0, 8], [0, 4], [4, 8]].map(([from, to]) => `${right(given, from, to)}`), ...words(given)];
      assert.deepEqual(rows, [
        ["code", "right", "right_first_half", "right_second_half", ...key.map((_, round) => `round_${round + 1}`)],
        row("key", key),
        ...pupils.map(({ code, answers }) => row(code, answers)),
      ]);
      await teacherPage.screenshot({ path: `${SCREENSHOTS}class-results.png`, fullPage: true });
      await teacherPage.pdf({ path: `${SCREENSHOTS}class-results.pdf`, format: "A4" });
      assert.deepEqual(await teacherPage.evaluate(() => ({ ...localStorage })), {}, "nothing is stored");
    }, { view: "les" }));

  test("without tips there is no advice and no page of clues", () =>
    visitGame(browser, { game: 9, mode: "pairs", rounds: 4, clues: "no", size: 64 }, async (player) => {
      await player.started();
      for (let round = 1; round <= 8; round++) {
        assert.equal(await player.round(), round);
        await player.page.keyboard.press(round % 2 ? "ArrowLeft" : "ArrowRight");
        await player.at("next").waitFor({ state: "visible" });
        const said = (await player.at("feedback").locator("p").allInnerTexts()).filter((words) => words.trim());
        assert.equal(said.length, 1, `only the truth: ${said}`);
        await player.at("next").click();
        if (round === 4) await player.at("to-clues").click();
      }
      const { answers } = decode((await player.at("class-code").textContent()).trim());
      assert.deepEqual(answers.slice(0, 9), [1, 2, 1, 2, 1, 2, 1, 2, 0]);
      // A new game is no longer that of the class.
      await player.at("new-game").click();
      await player.ready();
      assert.doesNotMatch(player.page.url(), /rounds=/);
    }));
});
