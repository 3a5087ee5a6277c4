// A pack of drawn heads. The tests of the game then do not depend on the real scans of a site.
import { drawHead, enlarge, SIZE } from "./drawn-heads.mjs";

const CLASSES = { t1ce: ["glioma", "meningioma", "pituitary"], flair: ["none", "tumour"] };

/**
 * The bytes of a pack of `count` slices, each `perPatient` consecutive ones of one patient. A pack for the lab has the `names` of
 * patients. src/slices/pack.rs describes the layout.
 */
export function drawnPack(model = "t1ce", size = SIZE, { count = 96, perPatient = 3, classes = CLASSES[model], names } = {}) {
  const patients = Array.from({ length: count }, (_, index) => Math.floor(index / perPatient));
  const slices = patients.map((patient) => ({ class: patient % classes.length, patient }));
  const attribution = { source: "drawings by the tests", licence: "CC0", attribution: "nobody" };
  const header = Buffer.from(JSON.stringify({ size, classes, ...attribution, names, slices }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from("HSPACK01"), length, header, ...slices.flatMap((_, index) => drawHead(index).map((pixels) => enlarge(pixels, size / SIZE)))]);
}
