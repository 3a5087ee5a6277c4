// Starts the program of the page. A file of its own, since a strict content policy allows no inline script; Trunk.toml
// puts the names of the two files to load, which carry a hash, in this file's address.
const names = new URL(import.meta.url).searchParams;

// The one way out that browsers let no content policy close. Nothing here calls anyone.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete globalThis[name];

// Keeping the site for when there is no network can wait until the first scan is drawn.
addEventListener("hersenscan-rest", () => import("./offline.js").then(({ stay }) => stay(), () => {}), { once: true });

try {
  const { default: init } = await import(`./${names.get("js")}`);
  await init({ module_or_path: new URL(names.get("wasm"), import.meta.url) });
} catch (error) {
  // Without WebAssembly, or with half a download, nothing else of ours can speak: show the text that waits in the page.
  document.getElementById("start-failed")?.removeAttribute("hidden");
  // Nobody can ask for a new version here, and it may be the cure.
  navigator.serviceWorker?.getRegistration().then((registration) => registration?.waiting?.postMessage({ takeOver: true }), () => {});
  throw error;
}
