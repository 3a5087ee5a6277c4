// Service worker: keeps a copy of the site on the visitor's device, so that it works offline and a new version is complete.
//
// The build prepends `const SITE = { version, headers, files: [{ name, group, hash }] }`, with names relative to this script.
// Each version has its own cache, which holds only files whose hash the build recorded.
const SCOPE = registration.scope;
const OURS = `hersenscan ${SCOPE} `;
const CACHE = OURS + SITE.version;
const addressOf = (file) => new URL(file.name === "index.html" ? "./" : file.name, SCOPE).href;
const FILES = new Map(SITE.files.flatMap((file) => [[addressOf(file), file], [new URL(file.name, SCOPE).href, file]]));

// The core files, from an old cache or the network; of the rest, only what an earlier version has cached.
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

// Messages from pages: `{ takeOver }`, or `{ groups, names, network }`, answered with the number of missing files.
addEventListener("message", (event) => {
  const { takeOver, groups, names, network } = event.data;
  if (takeOver) event.waitUntil(skipWaiting());
  else event.waitUntil(keep(groups, network, names).then((missing) => event.ports[0].postMessage(missing)));
});

/** The cached file, or else the network's response, which is cached if it belongs to this version. */
async function answer(event, file) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(file));
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(fitting(file, response.clone()).then((fit) => fit && cache.put(addressOf(file), fit)));
  return response;
}

/** Caches the files in these groups or with these names, using the network if allowed. Returns how many are missing. */
async function keep(groups, network, names = []) {
  const cache = await caches.open(CACHE);
  const before = await Promise.all((await earlier()).map((name) => caches.open(name)));
  let missing = 0;
  // One at a time: the visitor may be waiting for another download.
  for (const file of SITE.files.filter(({ group, name }) => groups.includes(group) || names.includes(name))) {
    const address = addressOf(file);
    if (await cache.match(address)) continue;
    const found = await find(file, before.map((cache) => () => cache.match(address)))
      // Tries the browser's HTTP cache first; if that holds another version, asks the host.
      ?? (network ? await find(file, [() => fetch(address), () => fetch(address, { cache: "reload" })]) : null);
    if (found) await cache.put(address, found);
    else missing += 1;
  }
  return missing;
}

/** The first source that returns this version of the file; null if none does. */
async function find(file, sources) {
  for (const source of sources) {
    const response = await source().catch(() => null);
    const fit = response?.ok ? await fitting(file, response).catch(() => null) : null;
    if (fit) return fit;
  }
  return null;
}

/** The response with this version's headers if its hash fits, else null. Works on hosts that send no headers. */
async function fitting(file, response) {
  const bytes = await response.arrayBuffer();
  const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash !== file.hash) return null;
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  return new Response(bytes, { headers: { ...SITE.headers, "content-type": type, "content-length": bytes.byteLength } });
}

/** Names of the caches of other versions of this site. Other sites on the same host have caches too. */
async function earlier() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
}
