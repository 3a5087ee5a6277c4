// Decoders of ZIP and PNG, independent of the site's own code, to check the files that visitors download.
import * as zlib from "node:zlib";

/** The files of a ZIP archive, as a map from name to bytes. Throws on a wrong checksum. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("not a ZIP: no end of central directory");
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error("broken central directory");
    const [method, crc, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const path = bytes.toString("utf8", at + 46, at + 46 + name);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(data, data + packed);
    const plain = method === 8 ? zlib.inflateRawSync(content) : content;
    if (crc32(plain) !== crc) throw new Error(`wrong checksum of ${path}`);
    files.set(path, plain);
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Decodes a PNG of 8 bits per channel: `{ width, height, channels, pixels, text }`. `text` holds its tEXt and iTXt chunks. */
export function readPng(bytes) {
  if (!bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))) throw new Error("not a PNG");
  const text = {};
  const packed = [];
  let header;
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) throw new Error(`wrong checksum of ${kind}`);
    if (kind === "IHDR") header = data;
    if (kind === "IDAT") packed.push(data);
    if (kind === "tEXt") {
      const [key, value] = data.toString("latin1").split("\0");
      text[key] = value;
    }
    if (kind === "iTXt") text[data.toString("latin1", 0, data.indexOf(0))] = data.subarray(data.indexOf(0) + 3).toString("utf8").replace(/^[^\0]*\0[^\0]*\0/, "");
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[header[9]];
  if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error("this decoder reads only PNGs of 8 bits per channel, without palette and interlacing");
  return { width, height, channels, text, pixels: unfilter(zlib.inflateSync(Buffer.concat(packed)), width * channels, height, channels) };
}

/** The IPTC term in the XMP of a decoded PNG, without the address of the vocabulary. None if it has no XMP. */
export function sourceType({ text }) {
  const vocabulary = "http://cv.iptc.org/newscodes/digitalsourcetype/";
  return text["XML:com.adobe.xmp"]?.split(`<Iptc4xmpExt:DigitalSourceType>${vocabulary}`)[1]?.split("<")[0];
}

/** Undoes the row filters of PNG. */
function unfilter(raw, stride, height, step) {
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= step ? out[y * stride + x - step] : 0;
      const up = y > 0 ? out[(y - 1) * stride + x] : 0;
      const corner = x >= step && y > 0 ? out[(y - 1) * stride + x - step] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The CRC-32 of ZIP and PNG. */
export function crc32(bytes) {
  // Older versions of Node that run the tests do not have it.
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
