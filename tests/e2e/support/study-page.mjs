// Page object of the reader study. All functions take a `SitePage`.
import { drawHead, encodePng, SIZE } from "./drawn-heads.mjs";

/** Heads as the real pictures, and the same kind of heads upside down as the generated ones. */
function pictures(kind, count) {
  return Array.from({ length: count }, (_, index) => {
    const [image] = drawHead(100 * kind + index);
    return { name: `${kind ? "made" : "scan"}-${index}.png`, mimeType: "image/png", buffer: encodePng(kind ? Buffer.from(image).reverse() : image, SIZE) };
  });
}

/** Gives both folders, and waits until they have been read. */
export async function giveFolders(site, count = 12) {
  for (const [kind, name] of ["study-real", "study-fake"].entries()) {
    await site.at(`${name}-files`).setInputFiles(pictures(kind, count));
    await site.page.locator(`[data-testid="${name}-status"][data-count="${count}"]`).waitFor();
  }
}

/** Makes a study with these settings, and returns its mark. */
export async function makeStudy(site, { pairs = false, clues = false, ...numbers } = {}) {
  if (pairs) await site.at("study-Pairs").check();
  await site.at("study-clues").setChecked(clues);
  for (const [name, value] of Object.entries(numbers)) await site.at(`study-${name}`).selectOption(String(value));
  await site.at("study-make").click();
  await site.page.locator('[data-testid="study-status"][data-study]').waitFor();
  return site.at("study-status").getAttribute("data-study");
}

/** FNV-1a, the lower 32 bits, in hexadecimal. */
export function checksum(text) {
  let hash = 0x84222325;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01b3) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** The code of a reader's sheet. */
export function encodeSheet(sheet) {
  const body = Buffer.from(JSON.stringify(sheet)).toString("base64url");
  return `hersenscan-study.${body}.${checksum(body)}`;
}

/** The sheet in a code. */
export const decodeSheet = (code) => JSON.parse(Buffer.from(code.split(".")[1], "base64url"));

/** Codes of two readers of a study of 8 cases; the second stopped before the last and was late once. */
export function codes() {
  const settings = { format: "single", cases: 8, clues: false, seconds: 10, confidence: 5, readers: 2, seed: 1 };
  const sheet = (reader, said) => ({
    version: 1, study: "00112233445566aa", settings, side: 64, key: "01010101", reader, tag: reader,
    answers: [...said].map((answer, at) => (answer === "." ? null : answer === "_" ? [null, 0, 10] : [answer === "1", 1 + (at % 5), 2.5])),
  });
  return [encodeSheet(sheet(1, "01011101")), encodeSheet(sheet(2, "0_10010."))];
}
