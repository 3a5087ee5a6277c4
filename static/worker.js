// Loads an engine into this worker and starts it: `start("engine")` takes `engine.js` and `engine_bg.wasm` beside this file.
function start(name) {
  // A message that comes before the program listens would be lost, so keep it and hand it over then.
  const early = [];
  const keep = (message) => early.push(message.data);
  addEventListener("message", keep);

  importScripts(`./${name}.js`);
  wasm_bindgen({ module_or_path: `./${name}_bg.wasm` })
    .then(() => {
      removeEventListener("message", keep);
      for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
    })
    .catch((error) => {
      // The page never hears of a rejected promise here; an error thrown from a timer reaches the worker's `onerror`.
      setTimeout(() => { throw error; });
    });
}
