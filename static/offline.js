// Lets the service worker `sw.js` keep the site on this device. What comes of it is written on the document's element:
// `data-offline` is `busy`, `ready` (everything works without a network), `partly` (all but extras) or `absent`, and
// `data-update` is `waiting` when there is a new version. Each change fires `hersenscan-offline`.
const root = document.documentElement;
const workers = navigator.serviceWorker;

function tell(name, value) {
  root.dataset[name] = value;
  dispatchEvent(new Event("hersenscan-offline"));
}

/** Keeps the site here, and follows its versions. Never fails: without this the site works as long as there is a network. */
export async function stay() {
  tell("offline", "busy");
  try {
    const registration = await workers.register(new URL("sw.js", import.meta.url), { updateViaCache: "none" });
    follow(registration);
    const worker = await active(registration);
    const have = async (groups) => {
      tell("offline", "busy");
      // What the page computes with it has fetched already, on whatever line.
      await ask(worker, { groups: [], names: named("used"), network: true });
      const missing = await ask(worker, { groups: await groups, names: [...named("used"), ...named("wanted")], network: !thrifty() });
      tell("offline", missing ? "partly" : "ready");
    };
    const all = async () => [...new Set(["core", "more", ...(await card()), ...training()])];
    await have(all());
    // Who comes to train may go on without a network too.
    addEventListener("hashchange", () => training().length && have(all()));
    // So may who goes over to another model, once that is at work.
    addEventListener("hersenscan-used", () => have(all()));
  } catch {
    // A private window, a page from a file, a host without `sw.js`, no room.
    tell("offline", "absent");
  }
}

/** Says when a new version waits, and changes to it once the visitor asks with `hersenscan-renew`. */
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
    // Another tab changed to the new version; this one may be in the middle of something.
    else if (controlled) tell("update", "waiting");
    controlled = true;
  });
  addEventListener("hersenscan-renew", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage({ takeOver: true });
    else location.reload();
  });
  // An installed site may stay open for days.
  let checked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - checked < 3_600_000) return;
    checked = Date.now();
    registration.update().catch(() => {});
  });
}

/** The service worker at work, once there is one. */
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

/** Whether the visitor pays for each byte, as far as the browser tells. */
function thrifty() {
  const { saveData, type, effectiveType } = navigator.connection ?? {};
  return Boolean(saveData) || type === "cellular" || /2g/.test(effectiveType);
}

/** The groups of files that a training takes, where the visitor is about to train. */
function training() {
  return location.hash.startsWith("#/trainen") ? ["card", "used"] : [];
}

/** The files that the page says it computes with, or may soon. */
function named(what) {
  return (root.dataset[what] ?? "").split(" ").filter(Boolean);
}

/** The group of files for a graphics card, if there is one. */
async function card() {
  return (await navigator.gpu?.requestAdapter().catch(() => null)) ? ["card"] : [];
}
