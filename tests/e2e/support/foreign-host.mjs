// Another site, which shows ours.
import { createServer } from "node:http";

/** A host with one page: this body, and the lines that docs/embedding.md names as its only policy. */
export async function foreignHost(siteUrl, body) {
  const origin = new URL(siteUrl).origin;
  const policy = `default-src 'none'; script-src ${siteUrl}embed/; frame-src ${origin}`;
  const page = `<!doctype html><html lang="en"><title>an article</title>${body}<script type="module" src="${siteUrl}embed/hersen-scan.js"></script></html>`;
  const server = createServer((request, response) => {
    const found = request.url === "/";
    response.writeHead(found ? 200 : 404, { "content-type": "text/html", "content-security-policy": policy }).end(found ? page : "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://localhost:${server.address().port}/`, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
