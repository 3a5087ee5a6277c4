// Page object of the view that measures. All functions take a `SitePage`.
import { drawHead, encodePng, SIZE } from "./drawn-heads.mjs";

const file = (name, image) => ({ name, mimeType: "image/png", buffer: encodePng(image, SIZE) });

/** Heads of `people` persons, four of each, with the person in the file name; `first` is the number of the first person. */
export function persons(people, first = 0) {
  return Array.from({ length: 4 * people }, (_, index) => {
    const [person, slice] = [first + Math.floor(index / 4), index % 4];
    return file(`pat${person}_${slice}.png`, drawHead(10 * person + slice)[0]);
  });
}

/** Heads that a generator might have made: some upside down, and all with stripes. */
export function fakes(count) {
  return Array.from({ length: count }, (_, index) => {
    const [image] = drawHead(2000 + index);
    if (index % 2) image.reverse();
    const striped = image.map((value, at) => (value && Math.floor(at / SIZE) % 4 === 0 ? value - 25 : value));
    return file(`${String(index).padStart(4, "0")}.png`, striped);
  });
}

/** A picture that is twice as wide as it is high. */
export const wide = (name) => ({ ...file(name, drawHead(1)[0]), buffer: encodePng(drawHead(1)[0], SIZE, SIZE / 2) });

/** Gives the files of a folder (`real`, `fake` or `learned`), and waits until `count` of them can be used. */
export async function give(site, folder, files, count = files.length) {
  await site.at(`measure-${folder}-files`).setInputFiles(files);
  await site.page.locator(`[data-testid="measure-${folder}-status"][data-count="${count}"]`).waitFor();
}

/** Presses the button, and waits for the report. */
export async function measure(site) {
  await site.at("measure-start").click();
  await site.page.locator('[data-testid="measure-progress"][data-phase="finished"], [data-testid="measure-failed"]').waitFor();
  if (await site.at("measure-failed").isVisible()) throw new Error(await site.at("measure-failed").innerText());
}

/** The report, as a visitor saves it. */
export const savedReport = async (site) => JSON.parse((await site.download(() => site.at("measure-json").click())).bytes);
