// Writes the headers in the formats of common static hosts, and reads them back for the local server and the tests.

// Not every file name has a hash, and the page must never load an engine of another version. With the service worker there are no
// such requests.
const CACHING = { "Cache-Control": "no-cache" };
// Media types that some hosts do not know. A browser compiles WebAssembly during the download only with the correct type.
const TYPES = { wasm: "application/wasm", webmanifest: "application/manifest+json" };

const NOTE = "# Written by the build. The site consists of static files; no program runs on the host.\n";

/** The files with these headers, as an object from file name to content. */
export function hostFiles(headers) {
  const all = Object.entries({ ...headers, ...CACHING });
  const lines = (write) => all.map(([name, value]) => write(name, value)).join("\n");
  return {
    // Netlify, Cloudflare Pages.
    _headers: `${NOTE}/*\n${lines((name, value) => `  ${name}: ${value}`)}\n`,
    // Apache.
    ".htaccess": [
      `${NOTE}<IfModule mod_headers.c>`,
      lines((name, value) => `  Header always set ${name} "${value}"`),
      "</IfModule>",
      "<IfModule mod_mime.c>",
      ...Object.entries(TYPES).map(([ending, type]) => `  AddType ${type} .${ending}`),
      "</IfModule>\n",
    ].join("\n"),
    // nginx, to `include` in a `location`; its `mime.types` knows `wasm` since 1.21.
    "headers.nginx.conf": `${NOTE}${lines((name, value) => `add_header ${name} "${value}" always;`)}\n`,
  };
}

/** Parses a `_headers` file of the format above. Returns an object from lower-case name to value. */
export function readHeaders(text) {
  const [pattern, ...lines] = text.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  if (pattern !== "/*") throw new Error(`the headers apply to ${pattern}, not to all files`);
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf(":");
    if (!line.startsWith("  ") || at < 0) throw new Error(`not a header: ${line}`);
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
  }));
}
