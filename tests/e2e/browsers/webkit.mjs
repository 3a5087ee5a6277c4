// WebKitGTK's MiniBrowser, driven with W3C WebDriver on a screen of Xvfb.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** Name of the key under which WebDriver gives a reference to an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A port of this computer that nothing listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Debian keeps MiniBrowser in the folder of its library. */
function miniBrowser() {
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib").flatMap((triple) => ["4.1", "6.0", "4.0"].map((api) => `/usr/lib/${triple}/webkit2gtk-${api}/MiniBrowser`)) : [];
  return process.env.MINIBROWSER ?? folders.find(existsSync);
}

/** Starts Xvfb on the first free screen, and returns the process and the name of the screen. */
async function startScreen() {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [number] = await Promise.race([once(screen.stdio[3], "data"), once(screen, "error").then(([error]) => Promise.reject(error))]);
  return { screen, display: `:${String(number).trim()}` };
}

export class WebKit {
  static name = "WebKitGTK";
  /** Its windows under automation are private, and it has no private file system: nothing can be kept. */
  static keepsTrainings = false;

  static async start() {
    const { screen, display } = await startScreen();
    const port = await freePort();
    // The sandbox needs privileges that containers lack. The tests open only this site.
    const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
    const webkit = new WebKit(screen, driver, `http://127.0.0.1:${port}`);
    try {
      await webkit.#connect();
    } catch (error) {
      await webkit.close();
      throw error;
    }
    return webkit;
  }

  constructor(screen, driver, address) {
    Object.assign(this, { screen, driver, address, session: "" });
  }

  async #connect() {
    for (let tries = 0; ; tries++) {
      try {
        await fetch(`${this.address}/status`);
        break;
      } catch (error) {
        if (tries === 100) throw error;
        await wait(100);
      }
    }
    const options = { binary: miniBrowser(), args: ["--automation"] };
    const { sessionId, capabilities } = await this.#call("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
    this.session = `/session/${sessionId}`;
    this.capabilities = capabilities;
    await this.#call("POST", `${this.session}/timeouts`, { script: 600_000, pageLoad: 600_000 });
    await this.#call("POST", `${this.session}/window/rect`, { width: 1280, height: 900 });
  }

  async #call(method, path, body) {
    const answer = await fetch(this.address + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }

  async version() {
    return `WebKitGTK ${this.capabilities.browserVersion}`;
  }

  open(address) {
    return this.#call("POST", `${this.session}/url`, { url: address });
  }

  /** Loads the page anew. Agrees if the page asks. */
  async reload() {
    await this.#call("POST", `${this.session}/refresh`, {});
    await this.#call("POST", `${this.session}/alert/accept`, {}).catch(() => {});
  }

  /** Calls a function in the page and waits for its promise. */
  async evaluate(act, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${act})(...Array.from(arguments).slice(0, -1))).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.#call("POST", `${this.session}/execute/async`, { script, args });
    if (error) throw new Error(error);
    return value;
  }

  /** Calls a function in the frame that an element has in its shadow tree, and waits for its promise. */
  async evaluateInside(selector, act, ...args) {
    const script = "return document.querySelector(arguments[0]).shadowRoot.querySelector('iframe')";
    const frame = await this.#call("POST", `${this.session}/execute/sync`, { script, args: [selector] });
    await this.#call("POST", `${this.session}/frame`, { id: frame });
    try {
      return await this.evaluate(act, ...args);
    } finally {
      await this.#call("POST", `${this.session}/frame`, { id: null });
    }
  }

  async #element(selector) {
    return (await this.#call("POST", `${this.session}/element`, { using: "css selector", value: selector }))[ELEMENT];
  }

  /** Clicks in the middle of an element. */
  async click(selector) {
    await this.#call("POST", `${this.session}/element/${await this.#element(selector)}/click`, {});
  }

  /** Selects files in a file input. */
  async selectFiles(selector, paths) {
    await this.#call("POST", `${this.session}/element/${await this.#element(selector)}/value`, { text: paths.join("\n") });
  }

  /** Opens an address in a tab behind another one. Returns a function that brings it to the front. */
  async openHidden(address) {
    const front = await this.#call("GET", `${this.session}/window`);
    const { handle } = await this.#call("POST", `${this.session}/window/new`, { type: "tab" });
    await this.#call("POST", `${this.session}/window`, { handle });
    await this.open(address);
    return async () => {
      await this.#call("POST", `${this.session}/window`, { handle: front });
      await this.#call("DELETE", `${this.session}/window`);
      await this.#call("POST", `${this.session}/window`, { handle });
    };
  }

  async close() {
    if (this.session) await this.#call("DELETE", this.session).catch(() => {});
    for (const process of [this.driver, this.screen]) process.kill();
  }
}
