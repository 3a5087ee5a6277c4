// QR codes of 14 capitals, digits and dashes, written without the site's program: ISO/IEC 18004, version 1, level M, mask 0.
// Also makes pictures and films of them.
import { productModulo } from "./galois-field.mjs";

const SIDE = 21;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Codewords of data and of error correction. */
const [DATA, CHECK] = [16, 10];

/** Product in the field of 256 elements with x^8 + x^4 + x^3 + x^2 + 1. */
const multiply = productModulo(0x11d);

/** The remainder of the data by the generator polynomial of Reed and Solomon. */
function checkwords(data) {
  let generator = [1];
  for (let degree = 0, root = 1; degree < CHECK; degree++, root = multiply(root, 2)) {
    generator = [...generator, 0].map((one, at) => one ^ (at > 0 ? multiply(generator[at - 1], root) : 0));
  }
  let rest = Array(CHECK).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest = [...rest.slice(1), 0].map((one, at) => one ^ multiply(generator[at + 1], factor));
  }
  return rest;
}

function bitsOf(text) {
  const number = (value, length) => value.toString(2).padStart(length, "0");
  let bits = number(2, 4) + number(text.length, 9);
  for (const [pair] of text.matchAll(/..?/g)) {
    const [first, second] = [...pair].map((letter) => LETTERS.indexOf(letter));
    bits += second === undefined ? number(first, 6) : number(45 * first + second, 11);
  }
  bits = (bits + "0000").padEnd(8 * Math.ceil((bits.length + 4) / 8), "0");
  const data = bits.match(/.{8}/g).map((byte) => parseInt(byte, 2));
  while (data.length < DATA) data.push(data.length % 2 === (bits.length / 8) % 2 ? 0xec : 0x11);
  return [...data, ...checkwords(data)].map((byte) => number(byte, 8)).join("");
}

/** The modules of the code, as rows of booleans. */
export function qr(text) {
  const rows = Array.from({ length: SIDE }, () => Array(SIDE).fill(null));
  const set = (x, y, black) => (rows[y][x] = Boolean(black));
  for (let at = 0; at < SIDE; at++) rows[6][at] = rows[at][6] = at % 2 === 0;
  for (const [left, top] of [[0, 0], [SIDE - 7, 0], [0, SIDE - 7]]) {
    for (let y = -1; y < 8; y++) {
      for (let x = -1; x < 8; x++) {
        const distance = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        if (rows[top + y]?.[left + x] !== undefined) set(left + x, top + y, distance !== 2 && distance !== 4);
      }
    }
  }
  // The format, twice, and the dark module.
  const format = (bit) => (0x5412 >> bit) & 1;
  for (let bit = 0; bit < 6; bit++) set(8, bit, format(bit));
  [[8, 7], [8, 8], [7, 8]].forEach(([x, y], at) => set(x, y, format(6 + at)));
  for (let bit = 9; bit < 15; bit++) set(14 - bit, 8, format(bit));
  for (let bit = 0; bit < 8; bit++) set(SIDE - 1 - bit, 8, format(bit));
  for (let bit = 8; bit < 15; bit++) set(8, SIDE - 15 + bit, format(bit));
  set(8, SIDE - 8, true);
  // The data, in columns of two from the right, up and down.
  const bits = bitsOf(text);
  let at = 0;
  for (let right = SIDE - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIDE; step++) {
      const y = (right + 1) & 2 ? step : SIDE - 1 - step;
      for (const x of [right, right - 1]) if (rows[y][x] === null) set(x, y, (bits[at++] === "1") !== ((x + y) % 2 === 0));
    }
  }
  return rows;
}

/** Grey pixels of a picture with codes, each with its left top corner and the width of a module in pixels. */
export function picture(width, height, codes) {
  const pixels = Buffer.alloc(width * height, 150);
  for (const { text, left, top, module } of codes) {
    const rows = qr(text);
    for (let y = 0; y < (SIDE + 8) * module; y++) {
      for (let x = 0; x < (SIDE + 8) * module; x++) {
        const black = rows[Math.floor(y / module) - 4]?.[Math.floor(x / module) - 4];
        pixels[(top + y) * width + left + x] = black ? 40 : 220;
      }
    }
  }
  return pixels;
}

/** A film (YUV4MPEG2) of grey pictures, as Chromium's fake camera plays it. */
export function film(width, height, pictures, rate) {
  const colours = Buffer.alloc((width * height) / 2, 128);
  const frames = pictures.flatMap((pixels) => [Buffer.from("FRAME\n"), pixels, colours]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`), ...frames]);
}
