import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AuthSettings } from "#core/accounts/index.ts";
import { serveHandlers } from "#test/api/serve-handlers.ts";
import { dexRelay } from "./dex.ts";

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An HTTP server in Dex's place. */
async function startDex(
  answer: RequestListener,
): Promise<{ readonly address: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const read = async () => {
      const { method, url, headers } = request;
      seen.push({ line: `${method} ${url}`, headers, body: await text(request) });
    };
    read().then(
      () => answer(request, response),
      () => undefined,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const withDex = {
  url: "https://argocd.example.com",
  sso: { kind: "dex", connectors: [{ name: "GitHub", type: "github" }] },
  skipsTlsVerification: false,
} as unknown as AuthSettings;

const small = { maxRequestBytes: 1_000, maxAnswerBytes: 2_000, timeoutMs: 60_000 };

interface Serving {
  readonly dexServer: string | undefined;
  readonly settings?: Partial<AuthSettings>;
  readonly limits?: typeof small;
  readonly rootPath?: string;
}

async function serve({ dexServer, settings = {}, limits = small, rootPath = "" }: Serving) {
  const relay = dexRelay({
    settings: () => ({ ...withDex, ...settings }),
    dexServer,
    environment: {},
    limits,
  });
  onTestFinished(() => relay[Symbol.dispose]());
  return serveHandlers({ handlers: [], relays: [relay], rootPath });
}

const page: RequestListener = (_request, response) =>
  void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Log in to Dex</h1>");

describe("what comes below /api/dex", () => {
  it("is answered by the Dex beside the server, query, body and status", async () => {
    const dex = await startDex((_request, response) => {
      response
        .writeHead(303, { location: "/api/dex/approval?req=x", "cache-control": "no-store" })
        .end("See Other");
    });
    await using server = await serve({ dexServer: dex.address });
    const answer = await fetch(`${server.url}/api/dex/auth/local?back=%2Fa%20b&state=x`, {
      method: "POST",
      body: new URLSearchParams({ login: "ada", password: "lace" }),
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/api/dex/approval?req=x");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(dex.seen).toMatchObject([
      {
        line: "POST /api/dex/auth/local?back=%2Fa%20b&state=x",
        body: "login=ada&password=lace",
        headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
      },
    ]);
    expect(server.bugs).toEqual([]);
  });

  it("is asked for at the path of Dex's issuer where the server is below a path", async () => {
    const dex = await startDex(page);
    const settings = { url: "https://example.com/mooring" };
    await using server = await serve({ dexServer: dex.address, settings, rootPath: "/mooring" });
    expect((await fetch(`${server.url}/mooring/api/dex/keys`)).status).toBe(200);
    expect(dex.seen[0]?.line).toBe("GET /mooring/api/dex/keys");
  });

  it("comes over HTTP/2 as well", async () => {
    const dex = await startDex(page);
    await using server = await serve({ dexServer: dex.address });
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":path": "/api/dex/token",
      ":method": "POST",
      "content-type": "text/plain",
    });
    stream.end("grant");
    const [head] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(head[":status"]).toBe(200);
    expect(await text(stream)).toBe("<h1>Log in to Dex</h1>");
    session.close();
    expect(dex.seen).toMatchObject([{ line: "POST /api/dex/token", body: "grant" }]);
  });

  // Class: secrets told.
  it("is handed on without our cookies and without what a proxy could be believed", async () => {
    const dex = await startDex((_request, response) => {
      response.setHeader("set-cookie", ["argocd.token=forged; Path=/", "state=dex; Path=/api/dex"]);
      response.end("ok");
    });
    await using server = await serve({ dexServer: dex.address });
    const answer = await fetch(`${server.url}/api/dex/auth`, {
      headers: {
        cookie:
          "argocd.token=secret; argocd.token-1=more; state=before; mooring.device=d; argocd.oauthstate=s",
        authorization: "Basic Y2xpZW50OnNlY3JldA==",
        "x-remote-user": "admin",
        "x-forwarded-for": "10.9.9.9",
        "x-forwarded-host": "evil.example.com",
        "user-agent": "a browser",
      },
    });
    const headers = dex.seen[0]?.headers ?? {};
    expect(headers).toMatchObject({
      cookie: "state=before",
      authorization: "Basic Y2xpZW50OnNlY3JldA==",
      "user-agent": "a browser",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": new URL(server.url).host,
    });
    expect(headers).not.toHaveProperty("x-remote-user");
    expect(answer.headers.getSetCookie()).toEqual(["state=dex; Path=/api/dex"]);
  });

  it("may be sent by a provider's page, as SAML does, where our API may not", async () => {
    const dex = await startDex(page);
    await using server = await serve({ dexServer: dex.address });
    const post = (path: string) =>
      fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { origin: "https://idp.example.com" },
        body: new URLSearchParams({ SAMLResponse: "signed" }),
      });
    expect((await post("/api/dex/callback")).status).toBe(200);
    expect((await post("/api/version")).status).toBe(403);
  });

  it("keeps Dex's own policy for its pages, and has one where it says none", async () => {
    let own: Record<string, string> = {};
    const dex = await startDex((_request, response) => void response.writeHead(200, own).end("page"));
    await using server = await serve({ dexServer: dex.address });
    const headers = async () => (await fetch(`${server.url}/api/dex/auth`)).headers;
    expect(Object.fromEntries(await headers())).toMatchObject({
      "content-security-policy": "frame-ancestors 'self'; base-uri 'none'; object-src 'none'",
      "x-frame-options": "sameorigin",
      "x-content-type-options": "nosniff",
    });
    own = { "content-security-policy": "default-src 'self'" };
    expect((await headers()).get("content-security-policy")).toBe("default-src 'self'");
  });

  it("is at no address where there is no Dex, and leads nowhere else", async () => {
    const dex = await startDex(page);
    const oidc = { sso: { kind: "oidc" } } as unknown as Partial<AuthSettings>;
    for (const options of [
      { dexServer: undefined },
      { dexServer: dex.address, settings: { sso: undefined } },
      { dexServer: dex.address, settings: oidc },
      { dexServer: dex.address, settings: { url: undefined } },
    ]) {
      await using server = await serve(options);
      expect((await fetch(`${server.url}/api/dex/auth`)).status, `${JSON.stringify(options)}`).toBe(404);
    }
    await using server = await serve({ dexServer: dex.address });
    for (const path of ["/api/dexter", "/api/dex/../secrets", "/api/dex/%2e%2e/secrets", "//api/dex/auth"]) {
      const asked = httpRequest(server.url, { path, agent: false }).end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      expect(response.statusCode, `${path}`).toBe(404);
      response.resume();
    }
    expect(dex.seen).toEqual([]);
  });
});

describe("limits of what is handed on", () => {
  it("refuses a body that is too long, whether it says so before or not", async () => {
    const dex = await startDex(page);
    await using server = await serve({ dexServer: dex.address });
    const body = "x".repeat(1_001);
    const told = await fetch(`${server.url}/api/dex/token`, { method: "POST", body });
    expect(told.status).toBe(413);
    expect(await told.json()).toMatchObject({
      message: "the body is over 1000 bytes; nothing of Dex needs so many",
    });
    const asked = httpRequest(`${server.url}/api/dex/token`, { method: "POST", agent: false });
    asked.on("error", () => undefined);
    asked.write("x".repeat(900));
    asked.write("x".repeat(900));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    asked.destroy();
    expect(dex.seen.filter(({ body: got }) => got.length > 1_000)).toEqual([]);
    expect(
      (await fetch(`${server.url}/api/dex/token`, { method: "POST", body: "x".repeat(1_000) })).status,
    ).toBe(200);
  });

  it("breaks off an answer that is too long, so that its part does not look whole", async () => {
    const dex = await startDex((_request, response) => {
      response.write("x".repeat(1_500));
      response.end("x".repeat(1_500));
    });
    await using server = await serve({ dexServer: dex.address });
    await expect(fetch(`${server.url}/api/dex/keys`).then((answer) => answer.text())).rejects.toThrow();
    expect(server.bugs).toEqual([]);
  });

  it("says that Dex does not answer, in time or at all", async () => {
    const silent = await startDex(() => undefined);
    const limits = { ...small, timeoutMs: 200 };
    await using server = await serve({ dexServer: silent.address, limits });
    const late = await fetch(`${server.url}/api/dex/auth`);
    expect(late.status).toBe(502);
    expect(await late.json()).toMatchObject({
      message: `Dex at ${new URL(silent.address).host}: does not answer: not within 0.2 s; check that it runs, and ARGOCD_SERVER_DEX_SERVER`,
    });
    await using other = await serve({ dexServer: "http://127.0.0.1:1" });
    const gone = await fetch(`${other.url}/api/dex/auth`);
    expect(gone.status).toBe(502);
    expect(await gone.json()).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") as string });
  });

  it("asks Dex no longer when the browser has gone", async () => {
    const closed = Promise.withResolvers<void>();
    const dex = await startDex((_request, response) => void response.once("close", closed.resolve));
    await using server = await serve({ dexServer: dex.address });
    const asked = httpRequest(`${server.url}/api/dex/auth`, { agent: false }).end();
    asked.on("error", () => undefined);
    await expect.poll(() => dex.seen.length).toBe(1);
    asked.destroy();
    await Promise.race([closed.promise, sleep(20_000).then(() => expect.unreachable("Dex still answers"))]);
    expect(server.bugs).toEqual([]);
  });
});
