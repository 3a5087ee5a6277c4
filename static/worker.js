// Loads a program into this worker and starts it: `start("engine")` runs `engine.js` and `engine_bg.wasm` beside this file.
function start(name) {
  // Keep messages that arrive before the program listens, and dispatch them again when it does.
  const early = [];
  let loading = false;
  const keep = ({ data }) => {
    const first = !loading;
    loading = true;
    // The page's first message is the compiled program, or null to have it compiled here and sent back for other workers.
    const given = first && (data === null || data instanceof WebAssembly.Module);
    if (!given) early.push(data);
    if (first) load(given ? data : undefined);
  };
  addEventListener("message", keep);

  stayHome();
  importScripts(`./${name}.js`);
  remove("importScripts");

  async function load(given) {
    try {
      const module = given ?? (await compile(`./${name}_bg.wasm`));
      await wasm_bindgen({ module_or_path: module });
      if (given === null) postMessage(module);
    } catch (error) {
      // A rejected promise does not reach the page. An error thrown from a timer reaches the worker's `onerror`.
      setTimeout(() => { throw error; });
      return;
    }
    removeEventListener("message", keep);
    for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** Compiles a program, while it arrives if the host sends the right type. */
async function compile(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const streams = response.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Leaves the program `fetch` from this site's own host, and no other access to a network. A worker obeys the policy that
 * came with its own script, not the policy of the page, and some hosts send none.
 */
function stayHome() {
  const fetch = self.fetch.bind(self);
  const ways = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "caches", "Cache", "CacheStorage", "FontFace", "fonts", "Worker", "SharedWorker", "BroadcastChannel"];
  ways.forEach(remove);
  const home = (what, options) => {
    const { origin } = new URL(what instanceof Request ? what.url : what, location.href);
    return origin === location.origin ? fetch(what, { ...options, redirect: "error" }) : Promise.reject(new TypeError(`not to ${origin}`));
  };
  Object.defineProperty(self, "fetch", { value: home });
}

/** Removes a global name from this worker, also from its prototypes. */
function remove(name) {
  for (let owner = self; owner; owner = Object.getPrototypeOf(owner)) delete owner[name];
}
