// The site in a frame of another page (`?embed=1`): without header, as high as its content. It tells the page its height and what
// happens in the game. `static/embed/hersen-scan.js` receives it; docs/embedding.md lists the messages.

/** Tells the surrounding page. It may be any page: nothing here says who the visitor is. */
const tell = (message) => parent.postMessage({ from: "hersenscan", ...message }, "*");

document.documentElement.classList.add("embedded");

let told = 0;
new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height !== told) tell({ type: "height", height: (told = height) });
}).observe(document.body);

// The page's program calls it with a message in JSON: src/ui/embed.rs.
globalThis.tellEmbedder = (message) => tell(JSON.parse(message));
