// Registers the service worker `sw.js`, which keeps the site on this device. The result is written on the root element:
// `data-offline` is `busy`, `ready` (everything works offline), `partly` (extras are missing) or `absent`;
// `data-update` is `waiting` when there is a new version. Each change fires `hersenscan-offline`.
const root = document.documentElement;
const workers = navigator.serviceWorker;

function tell(name, value) {
  root.dataset[name] = value;
  dispatchEvent(new Event("hersenscan-offline"));
}

/** Keeps the site on this device and watches for new versions. Never rejects: without it the site works online. */
export async function stay() {
  tell("offline", "busy");
  try {
    const registration = await workers.register(new URL("sw.js", import.meta.url), { updateViaCache: "none" });
    follow(registration);
    const worker = await active(registration);
    const have = async (groups) => {
      tell("offline", "busy");
      // The page has already downloaded the files in use, whatever the connection.
      await ask(worker, { groups: [], names: named("used"), network: true });
      const missing = await ask(worker, { groups: await groups, names: [...named("used"), ...named("wanted")], network: !thrifty() });
      tell("offline", missing ? "partly" : "ready");
    };
    const all = async () => [...new Set(["core", "more", ...(await card()), ...training()])];
    await have(all());
    // Training must work offline as well.
    addEventListener("hashchange", () => training().length && have(all()));
    // So must another model, once the visitor uses it.
    addEventListener("hersenscan-used", () => have(all()));
  } catch {
    // A private window, a page from a file, a host without `sw.js`, or no storage space.
    tell("offline", "absent");
  }
}

/** Reports a waiting new version, and activates it when `hersenscan-renew` fires. */
function follow(registration) {
  let asked = false;
  let controlled = Boolean(workers.controller);
  const announce = () => registration.active && registration.waiting && tell("update", "waiting");
  const watch = () => registration.installing?.addEventListener("statechange", announce);
  announce();
  watch();
  registration.addEventListener("updatefound", watch);
  workers.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Another tab activated the new version. This tab may be in the middle of something, so it does not reload.
    else if (controlled) tell("update", "waiting");
    controlled = true;
  });
  addEventListener("hersenscan-renew", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage({ takeOver: true });
    else location.reload();
  });
  // An installed site may stay open for days: look for a new version at most once an hour.
  let checked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - checked < 3_600_000) return;
    checked = Date.now();
    registration.update().catch(() => {});
  });
}

/** Resolves with the service worker when it is active. */
function active(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((done, fail) => {
    const look = () => {
      if (worker.state === "activated") done(worker);
      if (worker.state === "redundant") fail(new Error("the service worker could not be installed"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

const ask = (worker, question) => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => done(data);
  worker.postMessage(question, [port2]);
});

/** Whether the connection may be metered or slow, as far as the browser says. */
function thrifty() {
  const { saveData, type, effectiveType } = navigator.connection ?? {};
  return Boolean(saveData) || type === "cellular" || /2g/.test(effectiveType);
}

/** The file groups that training and the lab need, if one of these views is open. */
function training() {
  return /^#\/(trainen|lab)\b/.test(location.hash) ? ["card", "used"] : [];
}

/** File names that the page lists in `data-used` or `data-wanted`. */
function named(what) {
  return (root.dataset[what] ?? "").split(" ").filter(Boolean);
}

/** The file group for WebGPU, if there is an adapter. */
async function card() {
  return (await navigator.gpu?.requestAdapter().catch(() => null)) ? ["card"] : [];
}
