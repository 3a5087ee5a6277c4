// Starts the page's program. It is a separate file because the content security policy allows no inline script. Trunk.toml
// puts the hashed names of the two files to load into this file's query string.
const names = new URL(import.meta.url).searchParams;

// Removes WebRTC: the content security policy cannot block it, and the site does not use it.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete globalThis[name];

// The offline copy is made after the first scan is drawn.
addEventListener("hersenscan-rest", () => import("./offline.js").then(({ stay }) => stay(), () => {}), { once: true });

try {
  const { default: init } = await import(`./${names.get("js")}`);
  await init({ module_or_path: new URL(names.get("wasm"), import.meta.url) });
} catch (error) {
  // Without WebAssembly, or after a partial download, none of our code runs: show the text that is in the page.
  document.getElementById("start-failed")?.removeAttribute("hidden");
  // A waiting new version may fix this, and the visitor cannot ask for it here.
  navigator.serviceWorker?.getRegistration().then((registration) => registration?.waiting?.postMessage({ takeOver: true }), () => {});
  throw error;
}
