// A pack of drawn heads, in place of real scans: the game's tests then play the same game whatever scans a site was built with.
const SIZE = 64;
const CLASSES = ["glioma", "meningioma", "pituitary"];
const SLICES = 96;
/** Slices of one person, in a row. */
const EACH = 3;

/** The bytes of the pack; the layout is that of src/slices/pack.rs. */
export function drawnPack() {
  const slices = Array.from({ length: SLICES }, (_, index) => ({ class: Math.floor(index / EACH) % CLASSES.length, patient: Math.floor(index / EACH) }));
  const words = { source: "drawings by the tests", licence: "CC0", attribution: "nobody" };
  const header = Buffer.from(JSON.stringify({ size: SIZE, classes: CLASSES, ...words, slices }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from("HSPACK01"), length, header, ...slices.flatMap((_, index) => head(index))]);
}

/** Picture and mask of one head: bright scalp, grey brain with grain, a tumour somewhere in it; no two alike. */
function head(index) {
  let state = index * 2654435761 + 1;
  const chance = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
  const [wide, high] = [20 + 6 * chance(), 24 + 5 * chance()];
  const [left, top, reach] = [32 + 16 * (chance() - 0.5), 32 + 20 * (chance() - 0.5), 4 + 3 * chance()];
  const [image, mask] = [Buffer.alloc(SIZE * SIZE), Buffer.alloc(SIZE * SIZE)];
  for (let at = 0; at < image.length; at++) {
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    const far = Math.hypot((x - 32) / wide, (y - 32) / high);
    const tumour = Math.hypot(x - left, y - top) < reach;
    if (far < 1) image[at] = far > 0.88 ? 220 : (tumour ? 170 : 90) + Math.floor(20 * chance());
    if (far < 0.88 && tumour) mask[at] = 255;
  }
  return [image, mask];
}
