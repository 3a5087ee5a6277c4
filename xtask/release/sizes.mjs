// Lists the sizes of the site's files: raw, and compressed as hosts send them.
//   node sizes.mjs FOLDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { filesOf, groupOf } from "./precache.mjs";

/** The sizes in bytes of all files of a folder that `wanted(name)` selects: raw, gzip and brotli at their best levels. */
export function sizes(folder, wanted = () => true) {
  return filesOf(folder).filter(wanted).map((name) => {
    const bytes = readFileSync(join(folder, name));
    // For large files brotli's best level takes minutes and gains little.
    const level = bytes.length > 8e6 ? 9 : 11;
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: level } }).length;
    return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? "dist";
  const rows = sizes(folder);
  const sum = (label, part) => ({
    name: label,
    ...Object.fromEntries(["raw", "gzip", "brotli"].map((key) => [key, part.reduce((all, row) => all + row[key], 0)])),
  });
  rows.sort((a, b) => b.raw - a.raw);
  const group = (wanted) => rows.filter((row) => groupOf(row.name) === wanted);
  const [first, later, gpu, training, onUse] = ["core", "more", "card", "used", "named"].map(group);
  rows.push(
    sum("total", rows),
    sum("first scan, without its model", first),
    sum("in the background after it", later),
    sum("for WebGPU or training", gpu),
    sum("for training from the shipped networks", training),
    sum("models and real scans, on first use", onUse),
  );
  const width = Math.max(...rows.map((row) => row.name.length));
  const line = (name, ...cells) => console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(11)));
  line("", "raw", "gzip", "brotli");
  for (const row of rows) line(row.name, row.raw.toLocaleString("en"), row.gzip.toLocaleString("en"), row.brotli.toLocaleString("en"));
}
