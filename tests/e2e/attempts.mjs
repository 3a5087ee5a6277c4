// Ways to get something out of a tab. Each takes the addresses of a host elsewhere (see elsewhere.mjs), tries, and is heard
// there under its own name if it succeeds. A promise that it answers is settled when the attempt is over.

/** From a page. */
export const PAGE = {
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
  // Last come those that navigate: for these a browser calls ahead, and where a form works it leaves the page.
  frame: (to) => void document.body.append(Object.assign(document.createElement("iframe"), { src: `${to.http}frame.html` })),
  form: (to) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${to.http}form` });
    document.body.append(form);
    form.submit();
  },
};

/** From a worker. */
export const WORKER = {
  fetch: PAGE.fetch,
  XMLHttpRequest: PAGE.XMLHttpRequest,
  WebSocket: PAGE.WebSocket,
  EventSource: PAGE.EventSource,
  WebTransport: PAGE.WebTransport,
  font: PAGE.font,
  "its prototype's fetch": (to) => WorkerGlobalScope.prototype.fetch.call(self, `${to.http}its%20prototype's%20fetch`, { mode: "no-cors" }),
  importScripts: (to) => importScripts(`${to.http}importScripts.js`),
  Cache: async (to) => (await caches.open("x")).add(`${to.http}Cache`),
  "a worker of its own": (to) => new Promise((done, fail) => {
    const script = `fetch("${to.http}a%20worker%20of%20its%20own", { mode: "no-cors" }).then(() => postMessage(0), () => postMessage(0))`;
    const worker = new Worker(URL.createObjectURL(new Blob([script])));
    worker.onmessage = done;
    worker.onerror = fail;
  }),
};

/** Only the policy that comes with a worker's script can forbid this one. */
export const WORKER_BY_POLICY = { "dynamic import": PAGE["dynamic import"] };

/** Makes an attempt in a page or worker: answers the error it met, or null, at the latest after five seconds. */
export function attempt(place, act, to) {
  return place.evaluate(`(async () => {
    const late = new Promise((done) => setTimeout(done, 5000, null));
    const tried = (async () => { await (${act})(${JSON.stringify(to)}); return null; })().catch((error) => \`\${error.name}: \${error.message}\`);
    return Promise.race([tried, late]);
  })()`);
}
