// What browsers must hold the site to: the one place where it is written down. `headers.mjs` writes it for hosts; the page
// carries what fits in a `<meta>`, for hosts that send no headers, and `finish.mjs` checks that the two agree.

/** Where content may come from and go to: this site alone, and nothing inline. */
const CONTENT = {
  "default-src": "'none'",
  // WebAssembly may be compiled; `eval` may not.
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

/** What a `<meta>` cannot say: browsers ignore it there, and complain. */
const HEADER_ONLY = { "frame-ancestors": "'none'" };

/** Features of a browser that a page can ask for. All off, but for copying a link. */
const FEATURES = `
  accelerometer aria-notify autoplay bluetooth browsing-topics camera captured-surface-control clipboard-read
  compute-pressure cross-origin-isolated deferred-fetch deferred-fetch-minimal digital-credentials-create
  digital-credentials-get display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid
  identity-credentials-get idle-detection interest-cohort keyboard-map language-detector language-model local-fonts
  local-network local-network-access loopback-network magnetometer media-playback-while-not-visible microphone midi
  on-device-speech-recognition otp-credentials payment picture-in-picture private-state-token-issuance
  private-state-token-redemption publickey-credentials-create publickey-credentials-get screen-wake-lock serial
  speaker-selection storage-access summarizer sync-xhr translator unload usb window-management xr-spatial-tracking`;
const ALLOWED = { "clipboard-write": "(self)" };

const join = (rules) => Object.entries(rules).map(([name, value]) => `${name} ${value}`).join("; ");

/** The content policy of the page's `<meta>`. */
export const META = join(CONTENT);

/** Every header that a host should send with every file. */
export const HEADERS = {
  "Content-Security-Policy": join({ ...CONTENT, ...HEADER_ONLY }),
  "Permissions-Policy": [...FEATURES.split(/\s+/).filter(Boolean).map((name) => `${name}=()`), ...Object.entries(ALLOWED).map(([name, who]) => `${name}=${who}`)].join(", "),
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};
