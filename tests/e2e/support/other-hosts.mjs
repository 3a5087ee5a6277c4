// Hosts other than that of the site, and a proxy that records the requests of a browser.
import { createSocket } from "node:dgram";
import { createServer, request as forward } from "node:http";

const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
const shutDown = (server) => new Promise((done) => { server.close(done); server.closeAllConnections(); });
const TYPES = { js: "text/javascript", css: "text/css", png: "image/png", html: "text/html" };

/** A host that accepts every request, and records in `received` all that arrives over TCP and UDP. */
export async function recordingHost() {
  const received = [];
  const server = createServer((request, response) => {
    received.push(request.url.slice(1).split(/[?.]/)[0]);
    const type = TYPES[request.url.split(".").pop()] ?? "text/plain";
    response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end();
  });
  server.on("connection", () => received.push("connection"));
  server.on("upgrade", (request, socket) => {
    received.push(request.url.slice(1));
    socket.destroy();
  });
  const port = await listen(server);
  const sockets = await Promise.all(["WebRTC", "WebTransport"].map((name) => new Promise((done) => {
    const socket = createSocket("udp4").on("message", () => received.push(name));
    socket.bind(0, "127.0.0.1", () => done(socket));
  })));
  const [rtc, quic] = sockets.map((socket) => socket.address().port);
  return {
    received,
    /** Its addresses: HTTP, without the scheme, STUN and QUIC. */
    addresses: { http: `http://localhost:${port}/`, bare: `localhost:${port}/`, stun: `stun:127.0.0.1:${rtc}`, quic: `https://127.0.0.1:${quic}/` },
    close: () => Promise.all([shutDown(server), ...sockets.map((socket) => new Promise((done) => socket.close(done)))]),
  };
}

/** A host with a page and a worker but without a policy. All attempts must succeed there, or the tests prove nothing. */
export async function hostWithoutPolicy() {
  const server = createServer((request, response) => {
    const script = request.url.endsWith(".js");
    response.writeHead(200, { "content-type": script ? "text/javascript" : "text/html" }).end(script ? "" : "<!doctype html><title>no policy</title>");
  });
  const port = await listen(server);
  return { url: `http://localhost:${port}/`, close: () => shutDown(server) };
}

/** A proxy that forwards requests to `host` only, and records all in `requests`: `{ method, host, url, body }`. `body` is a number of bytes. */
export async function proxy() {
  const requests = [];
  const refuse = (socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  const state = { requests, host: null };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://nowhere.invalid");
    const entry = { method: request.method, host: url.host, url: request.url, body: 0 };
    requests.push(entry);
    request.on("data", (part) => (entry.body += part.length));
    if (url.host !== state.host) return response.writeHead(403).end();
    const onward = forward({ host: "127.0.0.1", port: url.port, path: url.pathname + url.search, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  for (const event of ["connect", "upgrade"]) {
    server.on(event, (request, socket) => {
      requests.push({ method: event, host: event === "connect" ? request.url : request.headers.host, url: request.url, body: 0 });
      refuse(socket);
    });
  }
  const port = await listen(server);
  // By default Chromium does not use a proxy for the local computer.
  const flags = [`--proxy-server=http://127.0.0.1:${port}`, "--proxy-bypass-list=<-loopback>"];
  return Object.assign(state, { flags, close: () => shutDown(server) });
}
