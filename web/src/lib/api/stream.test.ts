import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { StreamOptions } from "./stream.ts";
import { follow } from "./stream.ts";
import type { AnswerOf } from "./contract.ts";

type Told = AnswerOf<"application", "watch">;

let answer: RequestListener;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  answer(request, response);
});
const plainFetch = globalThis.fetch;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // Pages ask relative to where they are; Node is nowhere.
  globalThis.fetch = (input, init) => plainFetch(new URL(input as string, base), init);
});

afterAll(async () => {
  globalThis.fetch = plainFetch;
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

beforeEach(() => void asked.splice(0));

/** Follows until the test ends; what was told, in order. */
function listen(options: Partial<StreamOptions<Told>> = {}): readonly string[] {
  const told: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  follow(
    "application.watch",
    {},
    {
      onAnswer: ({ type = "" }) => void told.push(type),
      onConnected: (isConnected) => void told.push(isConnected ? "connected" : "lost"),
      onReconnect: () => void told.push("again"),
      onEnd: (error) => void told.push(`end ${error?.status ?? "well"}`),
      signal: stop.signal,
      ...options,
    },
  );
  return told;
}

const line = (type: string): string => `${JSON.stringify({ result: { type } })}\n`;

it("tells what comes line by line, wherever the network cut it", async () => {
  const bytes = Buffer.from(`${line("ADDED ü")}\n${line("MODIFIED")}`);
  const parts = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  answer = (_request, response) => {
    const write = (): void => {
      const part = parts.shift();
      if (part !== undefined) response.write(part, () => setImmediate(write));
    };
    write();
  };
  const told = listen();
  await expect.poll(() => told).toEqual(["connected", "ADDED ü", "MODIFIED"]);
});

it("connects again when the connection is lost, and says so, until it is there", async () => {
  let count = 0;
  answer = (_request, response) => {
    count += 1;
    if (count === 1) return void response.write(line("ADDED"), () => response.destroy());
    if (count === 2) return void response.writeHead(503).end();
    response.write(line("MODIFIED"));
  };
  const told = listen();
  await expect
    .poll(() => told, { timeout: 10_000 })
    .toEqual(["connected", "ADDED", "lost", "again", "lost", "again", "connected", "MODIFIED"]);
});

it.each([
  [401, 16],
  [403, 7],
  [404, 5],
])("ends for good when it is told %i, before it begins or in its middle", async (status, code) => {
  answer = (_request, response) => void response.writeHead(status).end("{}");
  const refused = listen();
  await expect.poll(() => refused).toEqual([`end ${status}`]);
  answer = (_request, response) =>
    void response.end(`${line("ADDED")}${JSON.stringify({ error: { code, message: "no" } })}\n`);
  const ended = listen();
  await expect.poll(() => ended).toEqual(["connected", "ADDED", `end ${status}`]);
  expect(asked).toHaveLength(2);
});

it("ends well where it has an end", async () => {
  answer = (_request, response) => void response.end(line("ADDED"));
  const told = listen({ isEndless: false });
  await expect.poll(() => told).toEqual(["connected", "ADDED", "end well"]);
});
