// Drawn heads, in place of real scans: the tests hold no scan of anybody.
import * as zlib from "node:zlib";
import { checksum } from "./files.mjs";

/** Side of a head in pixels. */
export const SIZE = 64;

/** A picture with each pixel `times` as wide and high. */
export function enlarged(pixels, times) {
  const side = SIZE * times;
  return Buffer.from(Array.from({ length: side * side }, (_, at) => pixels[Math.floor(at / side / times) * SIZE + Math.floor((at % side) / times)]));
}

/** Picture and mask of one head: bright scalp, grey brain with grain, a tumour somewhere in it; no two alike. */
export function head(index) {
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

/** Heads as the files of a visitor: `{ name, mimeType, buffer }`, each followed by its mask if there are to be `masks`. */
export function files(count, { masks = false, first = 0 } = {}) {
  const file = (name, pixels) => ({ name, mimeType: "image/png", buffer: png(pixels, SIZE) });
  return Array.from({ length: count }, (_, index) => {
    const name = `head-${String(first + index).padStart(3, "0")}`;
    const [image, mask] = head(first + index);
    return [file(`${name}.png`, image), ...(masks ? [file(`${name}_mask.png`, mask)] : [])];
  }).flat();
}

/** Heads as an engine takes them, averaged down to `side`: plain arrays, so that they can be sent to a page. */
export function examples(count, side, first = 0) {
  const shrunk = (pixels) => {
    const step = SIZE / side;
    return Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [(at % side) * step, Math.floor(at / side) * step];
      let sum = 0;
      for (let dy = 0; dy < step; dy++) for (let dx = 0; dx < step; dx++) sum += pixels[(y + dy) * SIZE + x + dx];
      return Math.round(sum / step ** 2);
    });
  };
  return Array.from({ length: count }, (_, index) => {
    const [image, mask] = head(first + index);
    return { class: index % 2, image: shrunk(image), mask: shrunk(mask) };
  });
}

/** A grey PNG of 8 bits. */
export function png(pixels, side) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(checksum(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  // Each row begins with the filter that changes nothing.
  const rows = Array.from({ length: side }, (_, y) => Buffer.concat([Buffer.alloc(1), pixels.subarray(y * side, (y + 1) * side)]));
  const packed = zlib.deflateSync(Buffer.concat(rows));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND", Buffer.alloc(0))]);
}
