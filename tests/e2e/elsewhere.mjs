// Hosts that are not the site's, and a proxy that sees where a browser goes.
import { createSocket } from "node:dgram";
import { createServer, request as ask } from "node:http";

const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
const shut = (server) => new Promise((done) => { server.close(done); server.closeAllConnections(); });
const TYPES = { js: "text/javascript", css: "text/css", png: "image/png", html: "text/html" };

/** A host that lets everyone in, and notes in `heard` all that reaches it, over TCP and over UDP. */
export async function stranger() {
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(request.url.slice(1).split(/[?.]/)[0]);
    const type = TYPES[request.url.split(".").pop()] ?? "text/plain";
    response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end();
  });
  server.on("connection", () => heard.push("connection"));
  server.on("upgrade", (request, socket) => {
    heard.push(request.url.slice(1));
    socket.destroy();
  });
  const port = await listen(server);
  const sockets = await Promise.all(["WebRTC", "WebTransport"].map((name) => new Promise((done) => {
    const socket = createSocket("udp4").on("message", () => heard.push(name));
    socket.bind(0, "127.0.0.1", () => done(socket));
  })));
  const [rtc, quic] = sockets.map((socket) => socket.address().port);
  return {
    heard,
    /** How to reach it: over HTTP, without the scheme, over STUN and over QUIC. */
    to: { http: `http://localhost:${port}/`, bare: `localhost:${port}/`, stun: `stun:127.0.0.1:${rtc}`, quic: `https://127.0.0.1:${quic}/` },
    close: () => Promise.all([shut(server), ...sockets.map((socket) => new Promise((done) => socket.close(done)))]),
  };
}

/** A page of one line and a worker, without any policy: there everything must get out, or the tests prove nothing. */
export async function openHouse() {
  const server = createServer((request, response) => {
    const script = request.url.endsWith(".js");
    response.writeHead(200, { "content-type": script ? "text/javascript" : "text/html" }).end(script ? "" : "<!doctype html><title>open</title>");
  });
  const port = await listen(server);
  return { url: `http://localhost:${port}/`, close: () => shut(server) };
}

/** A proxy that lets a browser reach `host` alone, and notes in `asked` every request: `{ method, host, url, body }`. */
export async function proxy() {
  const asked = [];
  const refuse = (socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  const gate = { asked, host: null };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://nowhere.invalid");
    const note = { method: request.method, host: url.host, url: request.url, body: 0 };
    asked.push(note);
    request.on("data", (part) => (note.body += part.length));
    if (url.host !== gate.host) return response.writeHead(403).end();
    const onward = ask({ host: "127.0.0.1", port: url.port, path: url.pathname + url.search, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  for (const way of ["connect", "upgrade"]) {
    server.on(way, (request, socket) => {
      asked.push({ method: way, host: way === "connect" ? request.url : request.headers.host, url: request.url, body: 0 });
      refuse(socket);
    });
  }
  const port = await listen(server);
  // Chromium goes past a proxy to its own computer, unless told not to.
  const flags = [`--proxy-server=http://127.0.0.1:${port}`, "--proxy-bypass-list=<-loopback>"];
  return Object.assign(gate, { flags, close: () => shut(server) });
}
