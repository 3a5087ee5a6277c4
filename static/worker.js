// Loads a program into this worker and starts it: `start("engine")` runs `engine.js` and `engine_bg.wasm` beside this file.
function start(name) {
  // Keep messages that arrive before the program listens, and dispatch them again when it does.
  const early = [];
  const keep = (message) => early.push(message.data);
  addEventListener("message", keep);

  stayHome();
  importScripts(`./${name}.js`);
  remove("importScripts");
  wasm_bindgen({ module_or_path: `./${name}_bg.wasm` })
    .then(() => {
      removeEventListener("message", keep);
      for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
    })
    .catch((error) => {
      // A rejected promise does not reach the page. An error thrown from a timer reaches the worker's `onerror`.
      setTimeout(() => { throw error; });
    });
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
