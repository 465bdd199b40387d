import { describe, expect, it } from "vitest";
import { readPaths } from "#main/server-paths.ts";
import { BrowserClient } from "./browser-client.ts";
import { startProxy } from "./proxy.ts";
import { startApi } from "./start-api.ts";

describe.each([
  ["with --rootpath, behind a proxy that hands paths on", { rootPath: "/mooring" }, false],
  ["with --basehref, behind a proxy that takes the path away", { baseHref: "/mooring" }, true],
])("a server %s", (_how, settings, strips) => {
  it("is found below the path: page, assets, API, streams, and its cookies go nowhere else", async () => {
    await using api = await startApi([], { ...readPaths(settings), ui });
    const proxy = await startProxy({ to: () => api.baseUrl, path: "/mooring", strips });
    const browser = new BrowserClient();

    const page = await browser.fetch(`${proxy}/mooring/applications`);
    expect(page.status).toBe(200);
    const base = new URL(/<base href="([^"]+)"/u.exec(await page.text())?.[1] ?? "", proxy);
    expect(base.href).toBe(`${proxy}/mooring/`);
    const script = await browser.fetch(new URL("assets/main-1.js", base).href);
    expect(await script.text()).toBe("run()");
    expect((await browser.fetch(`${proxy}/assets/main-1.js`)).status).toBe(404);

    const session = new URL("api/v1/session", base).href;
    const login = await browser.fetch(session, {
      method: "POST",
      headers: { "content-type": "application/json", origin: proxy },
      body: JSON.stringify({ username: "admin", password: api.password }),
    });
    expect(login.status).toBe(200);
    for (const line of login.headers.getSetCookie()) expect(line).toContain("; Path=/mooring/;");
    expect(browser.cookiesFor(`${proxy}/other`)).toEqual([]);
    expect(browser.cookiesFor(`${proxy}/mooringfield`)).toEqual([]);
    const list = await browser.fetch(new URL("api/v1/applications", base).href);
    expect(list.status).toBe(200);

    const stop = new AbortController();
    const stream = await browser.fetch(new URL("api/v1/stream/applications", base).href, {
      signal: stop.signal,
      headers: { accept: "text/event-stream" },
    });
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    stop.abort();

    const logout = await browser.fetch(new URL("auth/logout", base).href);
    expect(logout.status).toBe(303);
    expect(new URL(logout.headers.get("location") ?? "", base).href).toBe(base.href);
    const left = browser.cookiesFor(base.href).map((pair) => pair.split("=", 1)[0]);
    expect(left, "by which the browser is known, without a session").toEqual(["mooring.device"]);
    expect((await browser.fetch(new URL("api/v1/applications", base).href)).status).toBe(401);
    expect(api.bugs).toEqual([]);
  });
});

const ui = {
  page: `<!doctype html><base href="{{base}}"><script type="module" src="./assets/main-1.js"></script>`,
  files: new Map([
    ["assets/main-1.js", { type: "text/javascript", bytes: Buffer.from("run()"), encoded: new Map() }],
  ]),
};
