// A pack of drawn heads, in place of real scans: the game's tests then play the same game whatever scans a site was built with.
import { enlarged, head, SIZE } from "./heads.mjs";

const CLASSES = { t1ce: ["glioma", "meningioma", "pituitary"], flair: ["none", "tumour"] };
const SLICES = 96;
/** Slices of one person, in a row. */
const EACH = 3;

/** The bytes of the pack; the layout is that of src/slices/pack.rs. */
export function drawnPack(model = "t1ce", size = SIZE) {
  const classes = CLASSES[model];
  const slices = Array.from({ length: SLICES }, (_, index) => ({ class: Math.floor(index / EACH) % classes.length, patient: Math.floor(index / EACH) }));
  const words = { source: "drawings by the tests", licence: "CC0", attribution: "nobody" };
  const header = Buffer.from(JSON.stringify({ size, classes, ...words, slices }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from("HSPACK01"), length, header, ...slices.flatMap((_, index) => head(index).map((pixels) => enlarged(pixels, size / SIZE)))]);
}
