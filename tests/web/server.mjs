/* server - what both made-up programs are: the built pages, a session, a stream
 * of events, and answers that a test may hold back, change or lose. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  "../..");
const BUILD = process.env.TALLYLINE_BUILD || path.join(TOP, "build/dev");
export const BUILT = path.join(BUILD, "collector_web");
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css",
  ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml" };
/* What the programs send (http.h); reports are told here. */
const SECURITY = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    + "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "worker-src 'self'; font-src 'self'; base-uri 'none'; "
    + "form-action 'self'; frame-ancestors 'none'; report-uri /csp-report",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

const api = JSON.parse(fs.readFileSync(
  path.join(TOP, "collector/api/openapi.json"), "utf8"));

/* The example of a resource of the collector, as one's own. */
export function example(resource) {
  return structuredClone(api.paths[resource].get.responses[200]
    .content["application/json"].example);
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const bodyOf = (request) => new Promise((resolve) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => resolve(Buffer.concat(parts).toString()));
});

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/* Serves the pages of build folder `name`. `more` becomes part of what is given
 * back: `who()` a session, `opens(words)` whether they begin one, `answers`
 * rows of [method, pattern, make(match, {query, body}), open]; what make()
 * gives as null is 204, as undefined 404, as refuses(status, detail) that. A
 * test may set
 *   away             nobody answers, and streams are cut
 *   late             how many ms each answer takes
 *   before(name)     holds an answer back after that
 *   change(body)     makes another answer of one
 *   lost(name, method)  what was asked is done, and its answer lost */
export function createServer(name, more) {
  const folder = path.join(BUILD, name);
  const streams = new Set();
  const mock = { signedIn: true, away: false, csp: [], asked: [], port: 0,
    refuses: (problem, detail) => ({ problem, detail }),
    late: 0, change: (body) => body, before: async () => {}, lost: () => false,
    ...more };

  const json = (reply, status, body) => {
    reply.writeHead(status, { ...SECURITY,
      "Content-Type": status < 400 ? "application/json"
        : "application/problem+json" });
    reply.end(body === null ? "" : JSON.stringify(body));
  };
  const refuse = (reply, status, detail) => json(reply, status,
    { type: "about:blank", title: String(status), status, detail });

  function answerSession({ method, headers }, reply, body) {
    if (method === "POST") {
      mock.signedIn = mock.opens(body);
    }
    if (method === "DELETE") {
      mock.signedIn = headers["x-tallyline-csrf"] !== mock.who().csrf;
      reply.writeHead(204).end();
    } else {
      json(reply, 200, mock.signedIn ? { signed_in: true, ...mock.who() }
        : { signed_in: false });
    }
  }

  function answerLive(reply) {
    reply.writeHead(200, { ...SECURITY, "Content-Type": "text/event-stream",
      "Cache-Control": "no-store" });
    reply.write("event: hello\ndata: {}\n\n");
    streams.add(reply);
    reply.on("close", () => streams.delete(reply));
  }

  async function answerKnown({ method, headers }, reply, target, asked) {
    const row = mock.answers.find(([wanted, pattern]) =>
      wanted === method && pattern.test(target));
    if (!row) {
      refuse(reply, 404);
    } else if (!mock.signedIn && !row[3]) {
      refuse(reply, 401);
    } else if (method !== "GET"
        && headers["x-tallyline-csrf"] !== mock.who().csrf) {
      refuse(reply, 403);
    } else {
      const found = row[2](target.match(row[1]), asked);
      await wait(mock.late);
      await mock.before(target);
      if (mock.lost(target, method)) {
        reply.socket.destroy();
      } else if (found === undefined) {
        refuse(reply, 404);
      } else if (found?.problem) {
        refuse(reply, found.problem, found.detail);
      } else {
        json(reply, found === null ? 204 : 200, found && mock.change(found));
      }
    }
  }

  async function answerApi(request, reply, target, query) {
    mock.asked.push(target);
    const body = parsed(await bodyOf(request));
    if (target === "session") {
      answerSession(request, reply, body);
    } else if (target === "live" && mock.signedIn) {
      answerLive(reply);
    } else {
      await answerKnown(request, reply, target, { query, body });
    }
  }

  function answerFile(reply, target) {
    const file = path.join(folder, path.normalize(
      path.extname(target) ? target : "/index.html"));
    if (!file.startsWith(folder) || !fs.existsSync(file)) {
      reply.writeHead(404, SECURITY).end();
      return;
    }
    reply.writeHead(200, { ...SECURITY, "Content-Type":
      TYPES[path.extname(file)] });
    reply.end(fs.readFileSync(file));
  }

  const server = http.createServer((request, reply) => {
    const { pathname, searchParams } = new URL(request.url, "http://mock");
    if (mock.away) {
      request.socket.destroy();
    } else if (pathname === "/csp-report") {
      bodyOf(request).then((text) => mock.csp.push(text));
      reply.writeHead(204).end();
    } else if (pathname.startsWith("/api/v1/")) {
      answerApi(request, reply, decodeURIComponent(
        pathname.slice("/api/v1/".length)), Object.fromEntries(searchParams));
    } else {
      answerFile(reply, pathname);
    }
  });

  return Object.assign(mock, {
    open: (port = 0) => new Promise((resolve) => {
      server.listen(port, "127.0.0.1", () => {
        mock.port = server.address().port;
        resolve(mock);
      });
    }),
    address: () => `http://127.0.0.1:${mock.port}`,
    listeners: () => streams.size,
    say: (type, data) => streams.forEach((stream) => stream.write(
      `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)),
    lose: () => {
      mock.away = true;
      streams.forEach((stream) => stream.destroy());
    },
    come: () => { mock.away = false; },
    /* The session ends, and with it the streams, in order. */
    signOff: () => {
      mock.signedIn = false;
      streams.forEach((stream) => stream.end());
    },
    close: () => {
      streams.forEach((stream) => stream.destroy());
      server.closeAllConnections();
      server.close();
    },
  });
}
