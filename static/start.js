// Starts the page's program. It is a separate file because the content security policy allows no inline script. Trunk.toml
// puts the hashed names of the two files to load into this file's query string.
const names = new URL(import.meta.url).searchParams;

// Removes WebRTC: the content security policy cannot block it, and the site does not use it.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete globalThis[name];

// The offline copy is made after the first scan is drawn.
addEventListener("hersenscan-rest", () => import("./offline.js").then(({ stay }) => stay(), () => {}), { once: true });

// The engine that makes scans loads beside the page. The page's program takes it: src/worker/browser.rs.
const early = { script: "engine_loader.js", name: "making", module: null, worker: null };
try {
  early.worker = new Worker(early.script, { name: early.name });
  // See worker.js: without a compiled program, it compiles one and sends it back.
  early.worker.postMessage(null);
  early.worker.onmessage = ({ data }) => (early.module = data);
  // The page starts another worker, and reports its failure.
  early.worker.onerror = () => (early.worker = null);
} catch {
  // The same.
}
globalThis.takeEarlyWorker = (script, name) => {
  const { worker, module } = early;
  if (!worker || script !== early.script || name !== early.name) return null;
  worker.onmessage = worker.onerror = early.worker = early.module = null;
  return [worker, module];
};

try {
  if (new URLSearchParams(location.search).has("embed") && parent !== self) await import("./embedded.js");
  const { default: init } = await import(`./${names.get("js")}`);
  await init({ module_or_path: new URL(names.get("wasm"), import.meta.url) });
} catch (error) {
  // Without WebAssembly, or after a partial download, none of our code runs: show the text that is in the page.
  document.getElementById("start-failed")?.removeAttribute("hidden");
  // A waiting new version may fix this, and the visitor cannot ask for it here.
  navigator.serviceWorker?.getRegistration().then((registration) => registration?.waiting?.postMessage({ takeOver: true }), () => {});
  throw error;
}
