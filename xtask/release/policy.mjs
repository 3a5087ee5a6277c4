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

/** Not allowed in a `<meta>`: browsers ignore it there and report an error. */
const HEADER_ONLY = { "frame-ancestors": "'none'" };

/** Browser features that are switched off: all but writing to the clipboard, for copying a link. */
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

/** The headers that a host should send with every file. */
export const HEADERS = {
  "Content-Security-Policy": join({ ...CONTENT, ...HEADER_ONLY }),
  "Permissions-Policy": [...FEATURES.split(/\s+/).filter(Boolean).map((name) => `${name}=()`), ...Object.entries(ALLOWED).map(([name, origins]) => `${name}=${origins}`)].join(", "),
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};
