// Keeps the site on the visitor's device, so that it works without a network and so that a new version comes as a whole.
//
// The build puts `const SITE = { version, headers, files: [{ name, group, hash }] }` in front of this, with names relative to
// this script. Each version has a cache of its own, which holds only files with the hashes that the build saw.
const SCOPE = registration.scope;
const OURS = `hersenscan ${SCOPE} `;
const CACHE = OURS + SITE.version;
const addressOf = (file) => new URL(file.name === "index.html" ? "./" : file.name, SCOPE).href;
const FILES = new Map(SITE.files.flatMap((file) => [[addressOf(file), file], [new URL(file.name, SCOPE).href, file]]));

// What a first scan takes, from wherever it is; of the rest, what an earlier version has.
addEventListener("install", (event) => event.waitUntil(keep(["core"], true).then((missing) => {
  if (missing) throw new Error(`${missing} files of this version are not there`);
  return keep(["more", "card", "used", "named"], false);
})));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await earlier()) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { method, url, headers } = event.request;
  const file = FILES.get(url.replace(/[?#].*/, ""));
  if (file && method === "GET" && !headers.has("range")) event.respondWith(answer(event, file));
});

// What a page asks: `{ takeOver }`, or `{ groups, names, network }`, answered with the number of files that are missing.
addEventListener("message", (event) => {
  const { takeOver, groups, names, network } = event.data;
  if (takeOver) event.waitUntil(skipWaiting());
  else event.waitUntil(keep(groups, network, names).then((missing) => event.ports[0].postMessage(missing)));
});

/** What is kept, or else what the network has, which is then kept if it is of this version. */
async function answer(event, file) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(file));
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(fitting(file, response.clone()).then((fit) => fit && cache.put(addressOf(file), fit)));
  return response;
}

/** Makes sure of the files of some groups, and of some by name, over the network if that may be used; answers how many are missing. */
async function keep(groups, network, names = []) {
  const cache = await caches.open(CACHE);
  const before = await Promise.all((await earlier()).map((name) => caches.open(name)));
  let missing = 0;
  // One after another: the visitor may be waiting for something else.
  for (const file of SITE.files.filter(({ group, name }) => groups.includes(group) || names.includes(name))) {
    const address = addressOf(file);
    if (await cache.match(address)) continue;
    const found = await find(file, before.map((cache) => () => cache.match(address)))
      // What the browser itself still has saves a download; if that is of another version, the host must have this one.
      ?? (network ? await find(file, [() => fetch(address), () => fetch(address, { cache: "reload" })]) : null);
    if (found) await cache.put(address, found);
    else missing += 1;
  }
  return missing;
}

/** The first of some answers that is the file of this version. */
async function find(file, sources) {
  for (const source of sources) {
    const response = await source().catch(() => null);
    const fit = response?.ok ? await fitting(file, response).catch(() => null) : null;
    if (fit) return fit;
  }
  return null;
}

/** An answer with the headers of this version, if its content is of this version: also on hosts that send no headers. */
async function fitting(file, response) {
  const bytes = await response.arrayBuffer();
  const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash !== file.hash) return null;
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  return new Response(bytes, { headers: { ...SITE.headers, "content-type": type, "content-length": bytes.byteLength } });
}

/** The caches of other versions of this site; other sites on this host have caches too. */
async function earlier() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
}
