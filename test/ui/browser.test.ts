import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Visit } from "./browser.ts";
import { hostile, seriousFindings, visit } from "./browser.ts";
import { findChromium, launchChromium } from "./chromium.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser.close());

/** A browser that is on a page of its own making. */
async function open(body: string, policy = "", script = ""): Promise<Visit> {
  const server = createServer((request, response) => {
    if (request.url === "/script.js")
      return void response.setHeader("content-type", "text/javascript").end(script);
    if (policy !== "") response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>${body}</main>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  const visited = await visit(browser, {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  await visited.open("/");
  return visited;
}

const strict = "default-src 'none'; script-src 'self'";

/** How the browser was left; throws nothing. */
async function left(visited: Visit): Promise<string> {
  const failed = await visited[Symbol.asyncDispose]().then(
    () => "in order",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return failed;
}

describe("what the tests of pages look at, on a page that is not in order", () => {
  it("tells of a script that ran", async () => {
    const visited = await open(hostile.markup);
    await expect.poll(() => visited.problems).toContain("a script ran: script");
    await expect.poll(() => visited.problems).toContain("a script ran: img");
    expect(await left(visited)).toContain("problems of the page");
  });

  it("tells of one that only the policy kept from running", async () => {
    const visited = await open(hostile.markup, strict);
    await expect
      .poll(() => visited.problems.join("\n"))
      .toMatch(/^policy: script-src-(?:elem|attr) kept out inline/mu);
    expect(visited.problems.join("\n")).not.toContain("a script ran");
    expect(await left(visited)).toContain("problems of the page");
  });

  it("tells of errors and dialogs", async () => {
    const visited = await open(
      `<script src="/script.js"></script>`,
      strict,
      `alert("hello"); throw new Error("broken")`,
    );
    await expect.poll(() => visited.problems.join("\n")).toContain("error: Error: broken");
    expect(visited.problems).toContain("dialog: hello");
    expect(await left(visited)).toContain("problems of the page");
  });

  it("finds what axe takes for serious, with a strict policy too", async () => {
    await using visited = await open(`<button></button><input><p>text</p>`, strict);
    const findings = await seriousFindings(visited.page);
    expect(new Set(findings.map((finding) => finding.split(":", 1)[0]))).toEqual(
      new Set(["button-name", "label", "target-size"]),
    );
  });

  it("says nothing of one that is in order", async () => {
    const visited = await open(`<p>text</p>`, strict);
    expect(await seriousFindings(visited.page)).toEqual([]);
    expect(await left(visited)).toBe("in order");
  });
});

it("finds the machine's Chromium, or says how to name it", () => {
  expect(findChromium({ MOORING_CHROMIUM: "/opt/chromium", PATH: "" })).toBe("/opt/chromium");
  expect(() => findChromium({ PATH: "/nonexistent" })).toThrow("or name it in MOORING_CHROMIUM");
});
