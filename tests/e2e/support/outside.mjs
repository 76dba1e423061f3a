// All of the network that a browser can reach, played by a proxy: nothing leaves the machine, and whatever is asked of
// another host is written down, also what a page's own tools do not see.
import { createServer, request as ask } from "node:http";

/** The one host that is not "another host". */
const HOME = "home.example";
/** What Chromium asks of its maker about any page with a form. It is not the page that asks. */
const CHROMIUM_ITSELF = "content-autofill.googleapis.com:443";

const KINDS = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", html: "text/html" };
const BODIES = {
  js: "alert('remote')",
  css: "body{background:url(http://elsewhere.example/behind.gif)}",
  svg: `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('remote')"><g id="x"/></svg>`,
  html: "<script>alert('remote')</script>",
};

export async function openOutside() {
  const documents = new Map();
  const asked = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, `http://${HOME}`);
    if (url.hostname === HOME) {
      const found = documents.get(url.pathname);
      response.writeHead(found ? 200 : 404, found?.headers ?? {}).end(found?.body);
      return;
    }
    if (url.hostname === "127.0.0.1") {
      forward(url, request, response);
      return;
    }
    asked.push(url.href);
    const kind = url.pathname.split(".").pop();
    response.writeHead(200, { "content-type": KINDS[kind] ?? "image/gif" }).end(BODIES[kind]);
  });
  server.on("connect", (request, socket) => {
    if (request.url !== CHROMIUM_ITSELF) asked.push(`https://${request.url}`);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 502 Nobody\r\n\r\n");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Tests that end early do not wait for it.
  server.unref();
  return {
    /** What was asked of other hosts, in order. */
    asked,
    /** For a browser context. The program under test is reached through it as well. */
    proxy: { server: `http://127.0.0.1:${server.address().port}` },
    /** Puts a document on the home host and says where. */
    serve(path, body, headers = { "content-type": "text/html; charset=utf-8" }) {
      documents.set(path, { body, headers });
      return `http://${HOME}${path}`;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(url, request, response) {
  const { method, headers } = request;
  const onward = ask(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
