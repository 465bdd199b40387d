import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Ui } from "#ports/ui.ts";
import { serveHandlers } from "#test/api/serve-handlers.ts";
import { uiHandler } from "./ui.ts";

const script = "console.log('a script that is long enough to be worth compressing');\n".repeat(40);
const icon = `<svg xmlns="http://www.w3.org/2000/svg"></svg>`;

const ui: Ui = {
  page: `<!doctype html><base href="{{base}}"><meta property="csp-nonce" nonce="{{nonce}}"><div id="root"></div>`,
  files: new Map([
    [
      "assets/main-1a2b3c.js",
      {
        type: "text/javascript; charset=utf-8",
        bytes: Buffer.from(script),
        encoded: new Map([
          ["br", brotliCompressSync(script)],
          ["gzip", gzipSync(script)],
        ]),
      },
    ],
    ["assets/icon.svg", { type: "image/svg+xml", bytes: Buffer.from(icon), encoded: new Map() }],
  ]),
};

async function serve(given: Partial<Parameters<typeof uiHandler>[0]> = {}, rootPath = "") {
  return serveHandlers({ handlers: [uiHandler({ ui, base: "/", ...given })], rootPath });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Asks as no fetch does: with these headers alone, and what comes is not unpacked. */
async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Answer> {
  const asked = httpRequest(url, { method, headers, agent: false }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const body = Buffer.concat((await response.toArray()) as Buffer[]);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

function policyOf({ headers }: Answer): ReadonlyMap<string, string> {
  const parts = (headers["content-security-policy"]?.toString() ?? "").split("; ");
  return new Map(parts.map((part) => [part.split(" ", 1)[0] ?? "", part.slice(part.indexOf(" ") + 1)]));
}

describe("the page", () => {
  // Class: scripts in pages.
  it("comes with a policy that lets in no inline script, and inline styles by a nonce that nobody can guess", async () => {
    await using server = await serve();
    const [one, other] = [await ask(server.url, browser), await ask(server.url, browser)];
    const policy = policyOf(one);
    expect(Object.fromEntries(policy)).toMatchObject({
      "default-src": "'none'",
      "script-src": "'self'",
      "worker-src": "'self'",
      "connect-src": "'self'",
      "base-uri": "'self'",
      "form-action": "'self'",
      "frame-ancestors": "'self'",
      "object-src": "'none'",
    });
    expect(one.headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/u);
    const nonce = /'nonce-(?<nonce>[^']+)'/u.exec(policy.get("style-src") ?? "")?.groups?.["nonce"] ?? "";
    expect(Buffer.from(nonce, "base64").byteLength).toBe(16);
    expect(one.body.toString()).toContain(`nonce="${nonce}"`);
    expect(other.headers["content-security-policy"]).not.toContain(nonce);
    expect(other.body.toString()).not.toContain(nonce);
  });

  it("is kept by no cache, framed by nobody and guessed to be nothing else", async () => {
    await using server = await serve();
    const { status, headers } = await ask(`${server.url}/applications/argocd/web?view=list`, browser);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "sameorigin",
      "referrer-policy": "same-origin",
    });
  });

  it("is at every address that browsers open, and nowhere else", async () => {
    await using server = await serve();
    const statusOf = async (
      path: string,
      headers: Readonly<Record<string, string>> = browser,
      method = "GET",
    ) => (await ask(`${server.url}${path}`, headers, method)).status;
    for (const path of ["/", "/applications", "/login?back=%2Fsettings", "/applications/a.b/c-d", "/apiary"])
      expect(await statusOf(path), `${path}`).toBe(200);
    for (const path of [
      "/api",
      "/api/v1/nothing",
      "/api/v1/applications/a/b/c/d",
      "/auth/nothing",
      "/assets/none.js",
      "/swagger.yaml",
      "/healthz/deep",
    ])
      expect(await statusOf(path), `${path}`).toBe(404);
    expect(await statusOf("/", {})).toBe(200);
    expect(await statusOf("/applications", { accept: "application/json" })).toBe(404);
    expect(await statusOf("/applications", {})).toBe(404);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
      expect(await statusOf("/applications", browser, method), `${method}`).toBe(404);
  });

  it("does not stand in for what the API says went wrong", async () => {
    await using server = await serve();
    const answer = await ask(`${server.url}/api/v1/nothing`, browser);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(answer.body.toString())).toMatchObject({ message: "nothing is at this address" });
    const known = await ask(`${server.url}/api/version`, browser);
    expect(JSON.parse(known.body.toString())).toEqual({ Version: "v0.0.0" });
  });

  it("is told without its body to who asks for its head", async () => {
    await using server = await serve();
    const [whole, head] = [await ask(server.url, browser), await ask(server.url, browser, "HEAD")];
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers["content-length"]).toBe(whole.headers["content-length"]);
  });

  it("says where it is below a path, and is found with the path and without", async () => {
    await using server = await serve({ base: "/mooring/" }, "/mooring");
    for (const path of ["/mooring", "/mooring/", "/mooring/applications", "/applications", "/mooring?x=1"]) {
      const answer = await ask(`${server.url}${path}`, browser);
      expect(answer.status, `${path}`).toBe(200);
      expect(answer.body.toString(), `${path}`).toContain(`<base href="/mooring/">`);
    }
    expect((await ask(`${server.url}/mooring/api/version`)).status).toBe(200);
    expect((await ask(`${server.url}/mooring/assets/icon.svg`)).status).toBe(200);
    expect((await ask(`${server.url}/mooringfield/assets/icon.svg`)).status).toBe(404);
  });

  // Class: scripts in pages.
  it("has a base that cannot end the attribute in which it stands", async () => {
    await using server = await serve({ base: `/"><script>x</script>/` });
    const { body } = await ask(server.url, browser);
    expect(body.toString()).toContain(`<base href="/&quot;&gt;&lt;script&gt;x&lt;/script&gt;/">`);
  });

  it("says that it is not built where it is not, and the API answers all the same", async () => {
    await using server = await serve({ ui: undefined });
    const { status, headers, body } = await ask(`${server.url}/applications`, browser);
    expect(status).toBe(503);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(body.toString()).toContain("<code>make ui</code>");
    expect((await ask(`${server.url}/assets/main-1a2b3c.js`, browser)).status).toBe(404);
    expect((await ask(`${server.url}/api/version`)).status).toBe(200);
  });
});

describe("a file of the page", () => {
  it("is kept for good, since its name changes with what it holds", async () => {
    await using server = await serve();
    const { headers } = await ask(`${server.url}/assets/main-1a2b3c.js`);
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
      "x-content-type-options": "nosniff",
    });
  });

  it.each([
    [undefined, undefined],
    ["", undefined],
    ["identity", undefined],
    ["gzip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.5", "br"],
    ["BR", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br; q=0.000, gzip;q=0", undefined],
    ["brotli, xgzip", undefined],
  ])("is sent to who accepts %j as %j", async (accepted, coding) => {
    await using server = await serve();
    const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
    const answer = await ask(`${server.url}/assets/main-1a2b3c.js`, headers);
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(Number(answer.headers["content-length"])).toBe(answer.body.byteLength);
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[coding ?? ""] ?? ((bytes: Buffer) => bytes);
    expect(unpack(answer.body).toString()).toBe(script);
  });

  it("is sent as it is where nothing compressed it", async () => {
    await using server = await serve();
    const answer = await ask(`${server.url}/assets/icon.svg`, { "accept-encoding": "br, gzip" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.body.toString()).toBe(icon);
  });

  it("is told without its body to who asks for its head, and written by nobody", async () => {
    await using server = await serve();
    const url = `${server.url}/assets/main-1a2b3c.js`;
    const accepting = { "accept-encoding": "br" };
    const [whole, head] = [await ask(url, accepting), await ask(url, accepting, "HEAD")];
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers["content-length"]).toBe(whole.headers["content-length"]);
    for (const method of ["POST", "PUT", "DELETE"]) {
      const answer = await ask(url, {}, method);
      expect(answer.status, `${method}`).toBe(405);
      expect(answer.headers["allow"], `${method}`).toBe("GET, HEAD");
    }
  });
});

it("has no way out of its files", async () => {
  await using server = await serve();
  for (const path of [
    "//",
    "/assets/../../etc/passwd",
    "/assets/%2e%2e/package.json",
    "/assets/..%2fpackage.json",
  ]) {
    const asked = httpRequest(server.url, { path, headers: browser, agent: false }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const body = await text(response);
    if (response.statusCode === 200) expect(body, `${path}`).toContain(`<div id="root">`);
    else expect(response.statusCode, `${path}`).toBe(404);
  }
  expect(server.bugs).toEqual([]);
});
