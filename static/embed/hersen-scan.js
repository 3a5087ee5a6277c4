// <hersen-scan>: a part of hersenscan in a page of another site. docs/embedding.md describes the attributes and the events.
//
//   <script type="module" src="https://host/path/embed/hersen-scan.js"></script>
//   <hersen-scan view="game" game="123" lang="en"></hersen-scan>
//
// The element shows an iframe of the site that this script comes from. Until it is near the viewport it loads nothing.

/** The site: the folder above that of this script. */
const SITE = new URL("../", import.meta.url);
/** Names of the views, as in the menu and as in the site's own addresses. */
const VIEWS = {
  story: "", verhaal: "", game: "spel", spel: "spel", studio: "studio", training: "trainen", trainen: "trainen", lab: "lab", about: "over", over: "over",
};
/** Attributes that become settings in the address of the view. */
const SETTINGS = ["model", "size", "game", "mode", "level", "seed", "n"];
/** How near the viewport an element is when it begins to load. */
const NEAR = "600px 0px";
/** Height in CSS pixels until the site reports its own. */
const FIRST_HEIGHT = 640;

// A style sheet in an object, because a page's policy may forbid style elements and attributes.
const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; border: 0; color-scheme: normal; }
`);

/** Starts an element when it comes near the viewport. */
const nearby = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) target.load();
  }
}, { rootMargin: NEAR });

/** Elements by the window of their frame. */
const frames = new Map();

addEventListener("message", ({ source, origin, data }) => {
  const element = frames.get(source);
  if (element && origin === SITE.origin && data?.from === "hersenscan") element.receive(data);
});

class HersenScan extends HTMLElement {
  static observedAttributes = ["view", "lang", "height", ...SETTINGS];
  #frame = null;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
    this.#reserve(FIRST_HEIGHT);
    nearby.observe(this);
  }

  disconnectedCallback() {
    nearby.unobserve(this);
    frames.delete(this.#frame?.contentWindow);
    this.#frame?.remove();
    this.#frame = null;
  }

  attributeChangedCallback(name) {
    if (!this.#frame) return;
    if (name === "height") this.#reserve(FIRST_HEIGHT);
    else this.#frame.src = this.address;
  }

  /** The address of the view with its settings. */
  get address() {
    const view = this.getAttribute("view") ?? "game";
    if (!(view in VIEWS)) throw new Error(`<hersen-scan>: no view "${view}". The views are: ${Object.keys(VIEWS).join(", ")}`);
    const settings = new URLSearchParams();
    for (const name of SETTINGS) {
      if (this.hasAttribute(name)) settings.set(name, this.getAttribute(name));
    }
    if (this.lang && this.lang !== "nl") settings.set("lang", this.lang);
    const address = new URL("?embed=1", SITE);
    address.hash = `/${VIEWS[view]}${settings.size ? `?${settings}` : ""}`;
    return address.href;
  }

  /** Shows the site. Later calls change nothing. */
  load() {
    nearby.unobserve(this);
    if (this.#frame) return;
    const frame = document.createElement("iframe");
    frame.title = "hersenscan";
    // Without it, buttons that copy a link do nothing.
    frame.allow = "clipboard-write";
    frame.src = this.address;
    this.#frame = frame;
    this.shadowRoot.append(frame);
    frames.set(frame.contentWindow, this);
    this.#reserve(FIRST_HEIGHT);
  }

  /** Takes a message of the site: its height, or something to tell the page. */
  receive({ from, type, ...detail }) {
    if (type === "height") this.#reserve(detail.height);
    else this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Sets the height: that of the attribute, or else this many pixels. */
  #reserve(pixels) {
    const own = this.getAttribute("height");
    const fixed = own && own !== "auto" ? (/^\d+$/.test(own) ? `${own}px` : own) : null;
    const height = fixed ?? `${pixels}px`;
    if (this.#frame) this.#frame.style.height = height;
    this.style.minHeight = this.#frame ? "" : height;
  }
}

// A second copy of the script on one page changes nothing.
if (!customElements.get("hersen-scan")) customElements.define("hersen-scan", HersenScan);
