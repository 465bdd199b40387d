import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { startTestServer, type TestServer } from "./testing.ts";

async function open(server: TestServer): Promise<Socket> {
  const socket = connect(server.server.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function say(server: TestServer, bytes: string): Promise<string> {
  const socket = await open(server);
  socket.write(bytes);
  return text(socket).catch(() => "cut");
}

const head = "GET /version HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\n";

it.each([
  ["nonsense\r\n\r\n", /^HTTP\/1\.1 400 Bad Request[^]*"code":400/],
  ["GET / HTTP/9.9\r\n\r\n", /^HTTP\/1\.1 400/],
  ["\0\0\0\0\0\0\0\0\r\n\r\n", /^HTTP\/1\.1 400/],
  [`GET /${"a".repeat(100_000)} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 431/],
  [`${head}X: ${"a".repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
  [`${head}Connection: close\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, /^HTTP\/1\.1 400/],
  [`${head}Connection: close\r\n\r\n`, /^HTTP\/1\.1 200/],
  [
    `GET http://elsewhere/version HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n`,
    /^HTTP\/1\.1 200/,
  ],
  [`OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, /^HTTP\/1\.1 400/],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense nonsense nonsense", /./],
])("answers or cuts off %.30j", async (bytes, answer) => {
  await using server = await startTestServer();
  expect(await say(server, bytes)).toMatch(answer);
  expect((await server.fetch("/version")).status).toBe(200);
});

it("cuts off clients that say nothing, or not enough", async () => {
  await using server = await startTestServer({ limits: { headersTimeoutMs: 200 } });
  const silent = await open(server);
  const half = await open(server);
  half.write("GET /version HT");
  const ended = await Promise.all([once(silent, "close"), text(half).catch(() => "cut")]);
  expect(ended[1]).toMatch(/^HTTP\/1\.1 408|^$|^cut$/);
});

it("answers a body that does not come in time", async () => {
  await using server = await startTestServer({ limits: { bodyTimeoutMs: 200 } });
  const slow = `POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
  expect(await say(server, slow)).toMatch(/^HTTP\/1\.1 504[^]*did not arrive in time/);
});

const post = (length: number, body: string) =>
  `POST /nope HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`;

it("goes on with a connection whose body it had no use for", async () => {
  await using server = await startTestServer();
  const body = "x".repeat(300_000);
  const answers = await say(server, `${post(body.length, body)}${head}Connection: close\r\n\r\n`);
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 401", "HTTP/1.1 200"]);
});

it("cuts off who goes on sending what nobody reads", async () => {
  await using server = await startTestServer();
  const socket = await open(server);
  socket.write(post(1e12, "x"));
  const sending = setInterval(() => socket.write("x"), 50);
  onTestFinished(() => clearInterval(sending));
  expect(await text(socket).catch(() => "cut")).toMatch(/^HTTP\/1\.1 401|cut/);
});

it("answers pipelined requests in their order", async () => {
  await using server = await startTestServer();
  const answers = await say(
    server,
    `${head}\r\n${head.replace("/version", "/nope")}\r\n${head.replace("/version", "/healthz")}Connection: close\r\n\r\n`,
  );
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200"]);
});

it("speaks HTTP/2 without TLS to those who begin with it", async () => {
  await using server = await startTestServer();
  const session = connectHttp2(server.server.url);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":path": "/version", authorization: "Bearer admin" });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(200);
  expect(JSON.parse(await text(stream))).toEqual({ major: "1", minor: "37" });
  // A body that is refused is not waited for.
  const refused = session.request({
    ":path": "/api/v1/namespaces",
    ":method": "POST",
    "content-length": 9_000_000,
  });
  const [answer] = (await once(refused, "response")) as [Record<string, unknown>];
  expect(answer[":status"]).toBe(401);
  refused.destroy();
});
