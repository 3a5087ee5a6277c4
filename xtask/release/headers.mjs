// The headers in the words of common static hosts, and the way back, for the local server and the tests.

// Not every name carries a hash, and a page must never meet the engine of another version; the service worker spares the asking.
const CACHING = { "Cache-Control": "no-cache" };
// What some hosts do not know; a browser compiles WebAssembly while it comes in only if it is called that.
const TYPES = { wasm: "application/wasm", webmanifest: "application/manifest+json" };

const NOTE = "# Written by the build. Nothing but these files is needed: no program runs on the host.\n";

/** File name -> content, for these headers. */
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

/** The headers in a `_headers` file of the form above: name in small letters -> value. */
export function readHeaders(text) {
  const [pattern, ...lines] = text.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  if (pattern !== "/*") throw new Error(`the headers are for ${pattern}, and not for every file`);
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf(":");
    if (!line.startsWith("  ") || at < 0) throw new Error(`not a header: ${line}`);
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
  }));
}
