// How much faster several workers train than one: `node training-speed.mjs [PRESET] [BATCH] [WORKERS...]`, of a built site.
// They take turns, so that other work on the computer slows all of them. Prints the slices a second of each turn.
import { labelledSlices } from "./support/drawn-heads.mjs";
import { launch, TIMEOUT, visitBlank } from "./support/fixtures.mjs";
import { beginRequest, TrainingWorker } from "./support/training-worker.mjs";

const [preset = "s32", batch = "8", ...counts] = process.argv.slice(2);
const teams = (counts.length ? counts : ["1", "2"]).map(Number);
const size = Number(preset.slice(1));
const TURNS = Number(process.env.TURNS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 15);

const browser = await launch();
try {
  await visitBlank(browser, async (page) => {
    const set = { ...beginRequest().set, size, train: labelledSlices(100, size), held_out: labelledSlices(8, size, 1000) };
    const tuning = { rate: 2e-4, augment: 0.4, batch: Number(batch), gamma: 0.5 };
    const workers = [];
    for (const team of teams) {
      const worker = await TrainingWorker.start(page);
      for (let follower = 1; follower < team; follower++) await worker.addFollower();
      await worker.send("begin", beginRequest({ set, tuning, start: { from: "random", preset }, followers: team - 1 }));
      const prepared = await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
      if (prepared.workers !== team) throw new Error(`${prepared.workers} workers instead of ${team}`);
      workers.push(worker);
    }
    const speeds = teams.map(() => []);
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [index, worker] of workers.entries()) {
        const before = (await worker.events("running")).at(-1)?.counts ?? { images: 0, seconds: 0 };
        await worker.send("go");
        await new Promise((next) => setTimeout(next, 1000 * SECONDS));
        const from = await worker.eventCount();
        await worker.send("pause");
        const { counts } = await worker.waitFor("running", { from, where: { running: false } });
        speeds[index].push((counts.images - before.images) / (counts.seconds - before.seconds));
      }
    }
    teams.forEach((team, index) => {
      const best = Math.max(...speeds[index]);
      const ratio = best / Math.max(...speeds[0]);
      console.log(`${preset}, batch ${batch}, ${team} workers: best ${best.toFixed(2)} slices a second (${ratio.toFixed(2)} times the first); turns ${speeds[index].map((speed) => speed.toFixed(2)).join(" ")}`);
    });
    for (const worker of workers) await worker.terminate();
  });
} finally {
  await browser.close();
}
