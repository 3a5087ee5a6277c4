// WebGPU in the studio: the same scans on both devices, and a graphics card that goes away.
import { readFileSync } from "node:fs";
import { SITE } from "./settings.mjs";

/**
 * Makes the same scans on the processor and on the graphics card. `query` are the settings of the address.
 * Returns the pictures, `{ cpu, gpu }`, and the milliseconds that the card took to be ready.
 */
export async function onBothDevices(studio, query) {
  await studio.settled(query.n);
  await studio.computeOn("cpu");
  await studio.settled(query.n);
  const cpu = await studio.pictures();

  const start = Date.now();
  await studio.computeOn("gpu");
  const ready = Date.now() - start;
  // A change of device keeps the scans on the screen. Other settings and back compute them again.
  await studio.go({ seed: query.seed + 5000 });
  await studio.settled(query.n);
  await studio.go({ seed: query.seed });
  await studio.settled(query.n);
  const device = await studio.at("device-badge").getAttribute("data-device");
  if (device !== "gpu") throw new Error(`the scans were made on ${device}`);
  return { cpu, gpu: await studio.pictures(), ready };
}

/** A fault for `visit` that gives tests access to the device of the engine with WebGPU: `self.device` in its worker. */
export function keepDevice(path, response) {
  if (path !== "engine-gpu_loader.js") return false;
  const keep = `const requestDevice = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...options) { return (self.device = await requestDevice.apply(this, options)); };`;
  response.writeHead(200, { "content-type": "text/javascript" }).end(keep + readFileSync(`${SITE}/${path}`, "utf8"));
  return true;
}

/** Takes the graphics card away while the studio works with it, which needs the fault above. `reported` waits for the failure on
 * the page. Returns where the studio computes afterwards. */
export async function loseDevice(studio, reported) {
  await studio.settled(2);
  await studio.computeOn("gpu");
  await studio.settled(2);
  const worker = studio.page.workers().find((worker) => worker.url().includes("engine-gpu"));
  await worker.evaluate(() => self.device.destroy());
  await studio.at("generate").click();
  await reported(studio);
  await studio.at("continue").click();
  await studio.settled(2);
  return studio.at("device-badge").getAttribute("data-device");
}
