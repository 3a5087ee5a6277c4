// Starts the program of the page. A file of its own, since a strict content policy allows no inline script; Trunk.toml
// puts the names of the two files to load, which carry a hash, in this file's address.
const names = new URL(import.meta.url).searchParams;

try {
  const { default: init } = await import(`./${names.get("js")}`);
  await init({ module_or_path: new URL(names.get("wasm"), import.meta.url) });
} catch (error) {
  // Without WebAssembly, or with half a download, nothing else of ours can speak: show the text that waits in the page.
  document.getElementById("start-failed")?.removeAttribute("hidden");
  throw error;
}
