import { once } from "node:events";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { appKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { createCertificateAuthority } from "#embedded/index.ts";
import { createClientArchives } from "#main/client-archives.ts";
import type { PeerCredentials } from "#peers/index.ts";
import {
  controllerIdentity,
  createLeaderAsk,
  createRemoteView,
  serverIdentity,
  startViewServer,
} from "#peers/index.ts";
import type { LiveView } from "#ports/live-view.ts";
import { systemClock } from "#runtime/clock.ts";
import { createLog } from "#runtime/log.ts";
import { eventually } from "../control-plane/eventually.ts";

const authority = createCertificateAuthority("internal");
const stranger = createCertificateAuthority("internal");
const app = appKey("argocd", "web");
const signal = new AbortController().signal;

function credentialsOf(commonName: string, by = authority, trusted = authority): PeerCredentials {
  const usage = commonName === controllerIdentity ? "server" : "client";
  const { certificate, key } = by.issue({ subject: { commonName }, usage, dnsNames: [commonName] });
  return { ca: [trusted.certificate], cert: certificate, key };
}

/** A view that answers one question and no other. */
function viewThat(lastSeen: LiveView["lastSeen"]): LiveView {
  const absent = (): never => {
    throw new Error("is not asked in this test");
  };
  return {
    lastSeen,
    managed: absent,
    manifests: absent,
    compareWith: absent,
    describeCommit: absent,
    describeArtifact: absent,
    openSource: absent,
    orphans: absent,
    plan: absent,
    preview: absent,
    timeline: absent,
    load: absent,
    testRepository: absent,
    deliveries: { trace: absent, figures: absent },
    repositories: { listRefs: absent, listTags: absent, listCharts: absent, openSource: absent },
  };
}

const named = (name: string) =>
  viewThat(() => Promise.resolve([{ apiVersion: "v1", kind: "Thing", metadata: { name } }]));

async function serve(view: LiveView | undefined, credentials = credentialsOf(controllerIdentity)) {
  const lines: string[] = [];
  let doubts = 0;
  const write = (line: string) => void lines.push(line);
  const server = await startViewServer({
    host: "127.0.0.1",
    port: 0,
    credentials,
    onDistrust: () => void (doubts += 1),
    unpackFiles: createClientArchives(systemClock).unpack,
    log: createLog({ level: "debug", format: "text", write, now: () => 0 }),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  server.use(view);
  return { ...server, lines, doubts: () => doubts };
}

function askAt(
  place: { address: string | undefined },
  options: { waitMs?: number; credentials?: PeerCredentials } = {},
) {
  const { credentials = credentialsOf(serverIdentity), waitMs = 10_000 } = options;
  const listeners = new Set<() => void>();
  let doubts = 0;
  const asker = createLeaderAsk({
    leader: {
      address: () => place.address,
      onMove: (listener) => {
        listeners.add(listener);
        return { [Symbol.dispose]: () => void listeners.delete(listener) };
      },
    },
    credentials: () => credentials,
    onDistrust: () => void (doubts += 1),
    clock: systemClock,
    waitMs,
  });
  onTestFinished(() => asker[Symbol.dispose]());
  const view = createRemoteView({ ask: asker.ask, packFiles: () => Promise.resolve(Buffer.alloc(0)) });
  const nameSeen = async (until = signal) => (await view.lastSeen(app, [], until))[0]?.metadata.name;
  const move = (address: string): void => {
    place.address = address;
    for (const listener of listeners) listener();
  };
  return { nameSeen, move, doubts: () => doubts };
}

describe("who may ask", () => {
  it("answers who shows a server's certificate of the same authority", async () => {
    const { address } = await serve(named("one"));
    expect(await askAt({ address }).nameSeen()).toBe("one");
  });

  it("refuses a certificate of another authority, and has the authority read again", async () => {
    const { address, doubts } = await serve(named("one"));
    const asker = askAt({ address }, { waitMs: 500, credentials: credentialsOf(serverIdentity, stranger) });
    await expect(asker.nameSeen()).rejects.toMatchObject({ code: "API_CLOSING" });
    expect([asker.doubts() > 0, doubts() > 0]).toEqual([true, true]);
  });

  it("takes a probe, which connects and goes away, for nobody", async () => {
    const { address, doubts } = await serve(named("one"));
    const [host = "", port = ""] = address.split(":");
    for (let i = 0; i < 3; i += 1) {
      const socket = connect(Number(port), host);
      await once(socket, "connect");
      socket.destroy();
      await once(socket, "close");
    }
    expect(await askAt({ address }).nameSeen()).toBe("one");
    expect(doubts()).toBe(0);
  });

  it("refuses another name than the server's, and a controller's certificate", async () => {
    const { address } = await serve(named("one"));
    const other = askAt({ address }, { waitMs: 0, credentials: credentialsOf("somebody") });
    await expect(other.nameSeen()).rejects.toMatchObject({ code: "API_FORBIDDEN" });
    const controller = askAt({ address }, { waitMs: 0, credentials: credentialsOf(controllerIdentity) });
    await expect(controller.nameSeen()).rejects.toMatchObject({ code: "API_CLOSING" });
  });

  it("refuses who shows no certificate", async () => {
    const { address } = await serve(named("one"));
    const { ca } = credentialsOf(serverIdentity);
    const asking = new Promise((resolve, reject) => {
      const url = `https://${address}/v1/lastSeen`;
      request(url, { method: "POST", ca: [...ca], servername: controllerIdentity }, resolve)
        .once("error", reject)
        .end("{}");
    });
    await expect(asking).rejects.toMatchObject({ code: expect.stringMatching(/SSL|ECONNRESET/u) as string });
  });

  it("asks nobody who does not show a controller's certificate", async () => {
    let asked = 0;
    const view = viewThat(() => Promise.resolve([void (asked += 1)] as never));
    for (const credentials of [credentialsOf(controllerIdentity, stranger), credentialsOf("somebody")]) {
      const { address } = await serve(view, credentials);
      await expect(askAt({ address }, { waitMs: 0 }).nameSeen()).rejects.toMatchObject({
        code: "API_CLOSING",
      });
    }
    expect(asked).toBe(0);
  });
});

describe("when the leader changes", () => {
  it("waits for one that leads, and asks it", async () => {
    const first = await serve(undefined);
    const place: { address: string | undefined } = { address: undefined };
    const asker = askAt(place);
    const answer = asker.nameSeen();
    asker.move(first.address);
    const second = await serve(named("two"));
    asker.move(second.address);
    expect(await answer).toBe("two");
  });

  it("asks the next one what was in the middle of being answered", async () => {
    const begun = Promise.withResolvers<void>();
    const first = await serve(
      viewThat(() => {
        begun.resolve();
        return new Promise<never>(() => undefined);
      }),
    );
    const second = await serve(named("two"));
    const asker = askAt({ address: first.address });
    const answer = asker.nameSeen();
    await begun.promise;
    asker.move(second.address);
    expect(await answer).toBe("two");
  });

  it("ends the calls in hand of one that does not lead any more, and waits for it to lead again", async () => {
    const begun = Promise.withResolvers<void>();
    const first = await serve(
      viewThat(
        (_app, _keys, until) =>
          new Promise((_resolve, reject) => {
            until.addEventListener("abort", () => reject(new Error("the stores were closed")));
            begun.resolve();
          }),
      ),
    );
    const answer = askAt({ address: first.address }).nameSeen();
    await begun.promise;
    first.use(undefined);
    first.use(named("again"));
    expect(await answer).toBe("again");
  });

  it("says what to do when nobody answers", async () => {
    const { address, [Symbol.asyncDispose]: end } = await serve(named("one"));
    await end();
    await expect(askAt({ address }, { waitMs: 0 }).nameSeen()).rejects.toMatchObject({
      code: "API_CLOSING",
      message: `the controller does not answer (${address}: ECONNREFUSED); see whether one runs and leads, with --internal-address where it is no pod, or try again in a moment`,
    });
  });

  it("takes renewed certificates for new connections", async () => {
    const server = await serve(named("one"), credentialsOf(controllerIdentity, stranger, stranger));
    const asker = askAt({ address: server.address });
    const answer = asker.nameSeen();
    await eventually(() => expect(asker.doubts()).toBeGreaterThan(0));
    server.useCredentials(credentialsOf(controllerIdentity));
    expect(await answer).toBe("one");
  });
});

describe("what is told", () => {
  it("keeps code, message and subject of an error", async () => {
    const error = new MooringError("GIT_UNREACHABLE", "repository x: no answer", {
      key: "x",
      retryAfterMs: 7,
    });
    const { address } = await serve(viewThat(() => Promise.reject(error)));
    await expect(askAt({ address }).nameSeen()).rejects.toMatchObject({
      code: "GIT_UNREACHABLE",
      message: "repository x: no answer",
      key: "x",
      retryAfterMs: 7,
    });
  });

  it("tells a bug to the log and not to the server", async () => {
    const { address, lines } = await serve(viewThat(() => Promise.reject(new Error("hunter2 was null"))));
    await expect(askAt({ address }).nameSeen()).rejects.toMatchObject({
      code: "INTERNAL",
      message: "the controller hit a bug; see its log",
    });
    expect(lines.join("\n")).toContain("hunter2 was null");
  });

  it("ends the work when who asked goes away", async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const { address } = await serve(
      viewThat(
        (_app, _keys, until) =>
          new Promise((_resolve, reject) => {
            until.addEventListener("abort", () => {
              ended.resolve();
              reject(until.reason as Error);
            });
            begun.resolve();
          }),
      ),
    );
    const stop = new AbortController();
    const answer = askAt({ address }).nameSeen(stop.signal);
    await begun.promise;
    stop.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    await ended.promise;
  });

  it("refuses what is too large, no JSON, or not known, and answers the next one", async () => {
    const { address } = await serve(named("one"));
    const { ca, cert, key } = credentialsOf(serverIdentity);
    const secured = { method: "POST", ca: [...ca], cert, key, servername: controllerIdentity };
    const ask = async (path: string, body: string, length = Buffer.byteLength(body)): Promise<unknown> => {
      const answer = Promise.withResolvers<unknown>();
      const outgoing = request(
        `https://${address}${path}`,
        { ...secured, headers: { "content-length": length } },
        (response) =>
          answer.resolve(text(response).then((found) => [response.statusCode, JSON.parse(found)])),
      );
      outgoing.once("error", answer.reject);
      outgoing.write(body);
      if (length === Buffer.byteLength(body)) outgoing.end();
      return answer.promise;
    };
    const refused = (code: string) => expect.objectContaining({ code }) as unknown;
    expect(await ask("/v1/lastSeen", "{}", 65 * 1024 * 1024)).toEqual([413, refused("API_TOO_LARGE")]);
    expect(await ask("/v1/lastSeen", "{")).toEqual([400, refused("API_INVALID_ARGUMENT")]);
    expect(await ask("/v1/lastSeen", "[]")).toEqual([400, refused("API_INVALID_ARGUMENT")]);
    expect(await ask("/v1/toString", "{}")).toEqual([501, refused("API_UNIMPLEMENTED")]);
    expect(await ask("/v2/lastSeen", "{}")).toEqual([501, refused("API_UNIMPLEMENTED")]);
    expect(await askAt({ address }).nameSeen()).toBe("one");
  });

  it("refuses an answer that is too large, no JSON, or an error that is none", async () => {
    const { ca, cert, key } = credentialsOf(controllerIdentity);
    const answers = [
      { status: 200, length: 257 * 1024 * 1024, body: "[", code: "API_TOO_LARGE" },
      { status: 200, length: 1, body: "[", code: "API_INVALID_ARGUMENT" },
      { status: 500, length: 2, body: "{}", code: "INTERNAL" },
      {
        status: 500,
        length: 29,
        body: '{"code":"toString","message":"'.slice(0, 29),
        code: "API_INVALID_ARGUMENT",
      },
    ];
    for (const { status, length, body, code } of answers) {
      const server = createServer(
        { ca: [...ca], cert, key, requestCert: true },
        (_request, response) => void response.writeHead(status, { "content-length": length }).write(body),
      );
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      await expect(askAt({ address: `127.0.0.1:${port}` }).nameSeen()).rejects.toMatchObject({ code });
      server.closeAllConnections();
      server.close();
    }
  });

  it("answers many at once", async () => {
    const { address } = await serve(named("one"));
    const { nameSeen } = askAt({ address });
    const answers = await Promise.all(Array.from({ length: 300 }, () => nameSeen()));
    expect(new Set(answers)).toEqual(new Set(["one"]));
  });
});
