import { once } from "node:events";
import { get as httpGet } from "node:http";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methodName, services } from "#api/contract/methods.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const mebibyte = 1024 * 1024;

let api: RunningApi;

beforeAll(async () => {
  api = await startApi([]);
});

afterAll(() => api[Symbol.asyncDispose]());

/** Somebody else, with a connection of their own, is served meanwhile, and no bug was hit. */
async function othersAreServed(): Promise<void> {
  const status = await new Promise<number>((resolve, reject) => {
    const options = { agent: false, headers: { authorization: `Bearer ${api.tokens.admin}` } };
    const request = httpGet(`${api.baseUrl}/api/v1/applications`, options, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    request.once("error", reject);
  });
  expect(status).toBe(200);
  expect(api.bugs).toEqual([]);
}

function heapMiB(): number {
  collect();
  return process.memoryUsage().heapUsed / mebibyte;
}

async function withSession(work: (session: ClientHttp2Session) => Promise<void>): Promise<void> {
  const session = connectHttp2(api.baseUrl);
  // The server may end it at any time: that is what is tried.
  session.on("error", () => undefined);
  try {
    await work(session);
  } finally {
    session.destroy();
  }
}

interface Ended {
  readonly http: number | undefined;
  readonly grpc: string | undefined;
}

/** Sends bytes as the body of a gRPC call, and waits until the server has ended it. */
async function call(session: ClientHttp2Session, path: string, body: Uint8Array): Promise<Ended> {
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    // One of the methods is to log out.
    authorization: `Bearer ${api.tokens.second}`,
  });
  return ended(stream, body);
}

async function ended(stream: ClientHttp2Stream, body: Uint8Array): Promise<Ended> {
  const found: { http?: number; grpc?: string } = {};
  stream.on("response", (headers) => {
    found.http = headers[":status"] ?? 0;
    const status = headers["grpc-status"];
    if (typeof status === "string") found.grpc = status;
  });
  stream.on("trailers", (trailers) => {
    const status = trailers["grpc-status"];
    if (typeof status === "string") found.grpc = status;
  });
  stream.on("error", () => undefined);
  stream.resume();
  const closed = new Promise((resolve) => void stream.once("close", resolve));
  stream.end(body);
  await closed;
  return { http: found.http, grpc: found.grpc };
}

/** A message as gRPC frames it: whether it is compressed, its length, itself. */
function framed(message: Uint8Array, { flag = 0, length = message.byteLength } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length >>> 0, 1);
  return Buffer.concat([head, message]);
}

const list = "/application.ApplicationService/List";
const unary = Object.values(services)
  .flatMap(({ methods }) => methods)
  .filter(({ methodKind }) => methodKind === "unary")
  .map((method) => `/${methodName(method)}`);

describe("the server, by clients that mean harm", { timeout: 240_000 }, () => {
  it("answers every message of random bytes with a code, whatever the method", async () => {
    await withSession(async (session) => {
      const bytes = fc.uint8Array({ maxLength: 300, size: "max" });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...unary), bytes, async (path, message) => {
          const { http, grpc } = await call(session, path, framed(message));
          expect(http).toBe(200);
          // What cannot be decoded is Internal in gRPC; that it is no bug is seen below.
          expect(["0", "3", "5", "6", "7", "8", "9", "12", "13", "16"]).toContain(grpc);
        }),
        { numRuns: 600 },
      );
    });
    await othersAreServed();
  });

  it("ends calls whose messages are cut off, said to be huge or compressed, or of no frame at all", async () => {
    const whole = framed(Buffer.from([0x0a, 0x03, 0x77, 0x65, 0x62]));
    const bodies = [
      Buffer.alloc(0),
      ...Array.from({ length: whole.byteLength }, (_, at) => whole.subarray(0, at)),
      framed(Buffer.alloc(10), { length: 0xff_ff_ff_ff }),
      framed(Buffer.alloc(10), { length: 9 * mebibyte }),
      framed(Buffer.alloc(10), { flag: 1 }),
      framed(Buffer.alloc(10), { flag: 0xff }),
      Buffer.concat([whole, whole, whole]),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    ];
    await withSession(async (session) => {
      for (const body of bodies) {
        const { grpc } = await call(session, list, body);
        expect([undefined, "0", "3", "8", "12", "13"]).toContain(grpc);
      }
    });
    await othersAreServed();
  });

  it("reads no more of a message than it may be long", async () => {
    const before = heapMiB();
    await withSession(async (session) => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => call(session, list, framed(Buffer.alloc(20 * mebibyte)))),
      );
      for (const { grpc } of answers) expect([undefined, "8"]).toContain(grpc);
    });
    await othersAreServed();
    expect(heapMiB() - before).toBeLessThan(60);
  });

  it("lets go of connections that begin with random bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 30, maxLength: 2000, size: "max" }), async (bytes) => {
        const { hostname, port } = new URL(api.baseUrl);
        const socket = connect(Number(port), hostname);
        socket.on("error", () => undefined);
        const closed = once(socket, "close");
        socket.resume();
        socket.end(bytes);
        await closed;
      }),
      { numRuns: 300 },
    );
    await othersAreServed();
  });

  it("lets go of connections whose frames are random after a good beginning", async () => {
    const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 9, maxLength: 3000, size: "max" }), async (bytes) => {
        const { hostname, port } = new URL(api.baseUrl);
        const socket = connect(Number(port), hostname);
        socket.on("error", () => undefined);
        const closed = once(socket, "close");
        socket.resume();
        socket.write(preface);
        socket.end(bytes);
        await closed;
      }),
      { numRuns: 300 },
    );
    await othersAreServed();
  });

  // CVE-2023-44487: streams that are opened and reset at once cost the client nothing.
  it("bounds what streams cost that are reset as soon as they are opened", async () => {
    const before = heapMiB();
    await Promise.all(
      Array.from({ length: 10 }, () =>
        withSession(async (session) => {
          for (let at = 0; at < 1_000 && !session.destroyed; at += 1) {
            const stream = session.request({
              ":method": "POST",
              ":path": list,
              "content-type": "application/grpc",
            });
            stream.on("error", () => undefined);
            stream.close(constants.NGHTTP2_CANCEL);
          }
          await othersAreServed();
        }),
      ),
    );
    await othersAreServed();
    expect(heapMiB() - before).toBeLessThan(60);
  });

  it("serves others while ten thousand calls never end what they send", async () => {
    const before = heapMiB();
    const sessions = Array.from({ length: 50 }, () => connectHttp2(api.baseUrl));
    let refused = 0;
    for (const session of sessions) {
      session.on("error", () => undefined);
      for (let at = 0; at < 200; at += 1) {
        const stream = session.request({
          ":method": "POST",
          ":path": list,
          "content-type": "application/grpc",
          authorization: `Bearer ${api.tokens.admin}`,
        });
        stream.on("error", () => (refused += 1));
        stream.write(framed(Buffer.alloc(3), { length: 1_000 }));
      }
    }
    await othersAreServed();
    await Promise.all(Array.from({ length: 50 }, () => othersAreServed()));
    const closing = sessions.filter(({ closed }) => !closed).map((session) => once(session, "close"));
    for (const session of sessions) session.destroy();
    await Promise.all(closing);
    await othersAreServed();
    expect(refused).toBeLessThanOrEqual(10_000);
    expect(heapMiB() - before).toBeLessThan(150);
  });
});
