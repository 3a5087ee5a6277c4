// Drawn heads in place of real scans. The repository contains no scan of a person.
import * as zlib from "node:zlib";
import { crc32 } from "./decoders.mjs";

/** Side of a head in pixels. */
export const SIZE = 64;

/** A picture with every pixel repeated `times` times in both directions. */
export function enlarge(pixels, times) {
  const side = SIZE * times;
  return Buffer.from(Array.from({ length: side * side }, (_, at) => pixels[Math.floor(at / side / times) * SIZE + Math.floor((at % side) / times)]));
}

/** Image and mask of head number `index`: bright scalp, grey brain with noise, one tumour. Every index gives another head. */
export function drawHead(index) {
  let state = index * 2654435761 + 1;
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
  const [width, height] = [20 + 6 * random(), 24 + 5 * random()];
  const [left, top, radius] = [32 + 16 * (random() - 0.5), 32 + 20 * (random() - 0.5), 4 + 3 * random()];
  const [image, mask] = [Buffer.alloc(SIZE * SIZE), Buffer.alloc(SIZE * SIZE)];
  for (let at = 0; at < image.length; at++) {
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    const distance = Math.hypot((x - 32) / width, (y - 32) / height);
    const tumour = Math.hypot(x - left, y - top) < radius;
    if (distance < 1) image[at] = distance > 0.88 ? 220 : (tumour ? 170 : 90) + Math.floor(20 * random());
    if (distance < 0.88 && tumour) mask[at] = 255;
  }
  return [image, mask];
}

/** Heads as PNG files of a visitor, `{ name, mimeType, buffer }`. With `masks`, each file is followed by its mask. */
export function headFiles(count, { masks = false, first = 0 } = {}) {
  const file = (name, pixels) => ({ name, mimeType: "image/png", buffer: encodePng(pixels, SIZE) });
  return Array.from({ length: count }, (_, index) => {
    const name = `head-${String(first + index).padStart(3, "0")}`;
    const [image, mask] = drawHead(first + index);
    return [file(`${name}.png`, image), ...(masks ? [file(`${name}_mask.png`, mask)] : [])];
  }).flat();
}

/** Heads as labelled slices of `side` pixels, as the training worker takes them. Plain arrays, which can be sent to a page. */
export function labelledSlices(count, side, first = 0) {
  const shrink = (pixels) => {
    const step = SIZE / side;
    return Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [(at % side) * step, Math.floor(at / side) * step];
      let sum = 0;
      for (let dy = 0; dy < step; dy++) for (let dx = 0; dx < step; dx++) sum += pixels[(y + dy) * SIZE + x + dx];
      return Math.round(sum / step ** 2);
    });
  };
  return Array.from({ length: count }, (_, index) => {
    const [image, mask] = drawHead(first + index);
    return { class: index % 2, image: shrink(image), mask: shrink(mask) };
  });
}

/** A grey PNG of 8 bits per pixel; square unless `height` says otherwise. */
export function encodePng(pixels, side, height = side) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  // Each row starts with filter type 0 (none).
  const rows = Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.alloc(1), pixels.subarray(y * side, (y + 1) * side)]));
  const packed = zlib.deflateSync(Buffer.concat(rows));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND", Buffer.alloc(0))]);
}
