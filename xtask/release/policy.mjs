// The security policy of the site. `headers.mjs` writes it as headers for hosts. For hosts without headers, a `<meta>` in index.html
// repeats what is possible there; `finish.mjs` checks that both are the same.

/** Content may come from and go to this site only. Nothing inline runs. */
const CONTENT = {
  "default-src": "'none'",
  // Allows WebAssembly but not `eval`.
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "'self'",
  "connect-src": "'self'",
  "img-src": "'self' blob: data:",
  "style-src": "'self'",
  "font-src": "'self'",
  "manifest-src": "'self'",
  "form-action": "'none'",
  "base-uri": "'none'",
};

/** An origin that may show the site in a frame, as browsers write it, or `*` for all. */
const ORIGIN = /^(\*|https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/;

/**
 * Browser features that are switched off: all but writing to the clipboard, for copying a link, and the camera, for scanning the codes
 * of a class. The browser asks the visitor before it gives the camera.
 */
const FEATURES = `
  accelerometer aria-notify autoplay bluetooth browsing-topics captured-surface-control clipboard-read
  compute-pressure cross-origin-isolated deferred-fetch deferred-fetch-minimal digital-credentials-create
  digital-credentials-get display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid
  identity-credentials-get idle-detection interest-cohort keyboard-map language-detector language-model local-fonts
  local-network local-network-access loopback-network magnetometer media-playback-while-not-visible microphone midi
  on-device-speech-recognition otp-credentials payment picture-in-picture private-state-token-issuance
  private-state-token-redemption publickey-credentials-create publickey-credentials-get screen-wake-lock serial
  speaker-selection storage-access summarizer sync-xhr translator unload usb window-management xr-spatial-tracking`;
const ALLOWED = { camera: "(self)", "clipboard-write": "(self)" };

const join = (rules) => Object.entries(rules).map(([name, value]) => `${name} ${value}`).join("; ");

/** The content policy of the page's `<meta>`. */
export const META = join(CONTENT);

/**
 * The headers that a host should send with every file, so that pages of `origins` may show the site in a frame and use its files.
 * Without origins only the site's own host may. Throws on something else than an origin.
 */
export function headersFor(origins = []) {
  const wrong = origins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) throw new Error(`"${wrong}" is no origin. Write it like https://www.example.org, or * for every site`);
  // Not allowed in a `<meta>`: browsers ignore it there and report an error.
  const frames = { "frame-ancestors": origins.includes("*") ? "*" : ["'self'", ...origins].join(" ") };
  // The script of the element is a module of another origin, and weights are data of one. The header names one origin or all; the
  // files are public, and there are no cookies.
  const sharing = origins.length ? { "Access-Control-Allow-Origin": "*" } : {};
  return { "Content-Security-Policy": join({ ...CONTENT, ...frames }), ...FIXED, ...sharing };
}

const FIXED = {
  "Permissions-Policy": [...FEATURES.split(/\s+/).filter(Boolean).map((name) => `${name}=()`), ...Object.entries(ALLOWED).map(([name, origins]) => `${name}=${origins}`)].join(", "),
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The headers of a site that only its own host may show in a frame. */
export const HEADERS = headersFor();
