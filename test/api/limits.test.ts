import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it, onTestFinished, vi } from "vitest";
import { services } from "#api/contract/methods.ts";
import type { KubeObject } from "#core/object/index.ts";
import { askGrpc } from "./ask.ts";
import { startApi, strangersProject } from "./start-api.ts";

// Class: guessing and floods.
it("takes five wrong passwords from one address, whatever it says of where it forwards from", async () => {
  await using api = await startApi([]);
  const tries: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const response = await fetch(`${api.baseUrl}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": `203.0.113.${n}` },
      body: JSON.stringify({ username: "admin", password: `wrong ${n}` }),
    });
    tries.push(response.status);
  }
  expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429]);
});

const application: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "web", namespace: "argocd" },
  spec: {
    project: "other",
    source: { repoURL: "https://git.invalid/web.git", path: "." },
    destination: { server: "https://kubernetes.default.svc", namespace: "default" },
  },
};

interface Opened {
  readonly stream: ClientHttp2Stream;
  readonly status: number | undefined;
}

/** Resolves when the stream has told something or was refused. */
async function watch(session: ClientHttp2Session, token: string): Promise<Opened> {
  const stream = session.request(
    { ":path": "/api/v1/stream/applications", authorization: `Bearer ${token}` },
    { endStream: true },
  );
  stream.on("error", () => undefined);
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
  return { stream, status: Number(headers[":status"]) };
}

// Class: requests that are too much.
it("refuses a user's stream too many, serves others meanwhile, and the user again when a client goes", async () => {
  await using api = await startApi([strangersProject, application]);
  const session = connect(api.baseUrl);
  onTestFinished(() => session.destroy());
  const { admin, second, stranger } = api.tokens;
  const opened = await Promise.all(
    Array.from({ length: 200 }, (_, n) => watch(session, n % 2 === 0 ? admin : second)),
  );
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await watch(session, second);
  expect(refused.status).toBe(429);
  const words =
    "admin has 200 streams open, and 200 is the most that one may have; close those that are not read, or raise --max-streams-per-user of the server";
  expect(JSON.parse(await text(refused.stream))).toEqual({ error: words, code: 8, message: words });
  const grpc = createGrpcTransport({ baseUrl: api.baseUrl });
  const asked = { request: {}, token: admin };
  expect(await askGrpc(grpc, services.application.method.watch, asked)).toEqual({
    status: "ResourceExhausted",
    text: words,
  });
  // What is no stream goes on, and so do the streams of others.
  const list = await fetch(`${api.baseUrl}/api/v1/applications`, {
    headers: { authorization: `Bearer ${admin}` },
  });
  expect(list.status).toBe(200);
  expect((await watch(session, stranger)).status).toBe(200);
  opened[0]?.stream.close();
  await vi.waitFor(async () => expect((await watch(session, admin)).status).toBe(200), { timeout: 20_000 });
});
