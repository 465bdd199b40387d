import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startServer } from "../api/running-server.ts";
import { startBed } from "./bed.ts";
import { create } from "./furnish.ts";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const application = (name: string) => ({
  metadata: { name, namespace: "argocd" },
  spec: {
    project: "default",
    source: { repoURL: "https://git.example.com/app.git", path: ".", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: name },
  },
});

it("a page goes on by itself when the server was gone for a while, and shows what happened meanwhile", async () => {
  const data = await mkdtemp(path.join(tmpdir(), "mooring-restart-"));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const args = ["--port", String(await freePort()), "--data", data];
  await using bed = await startBed({ args });
  await create(bed, "applications", application("before"));
  await using browser = await bed.visit();
  const { page } = browser;
  await browser.open("/applications");
  const names = page.getByRole("list", { name: "Applications" }).locator("a[data-app]");
  await expect.poll(() => names.allTextContents()).toEqual(["before"]);
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));

  await bed.server.kill();
  await page.getByText("Connecting again…").waitFor();
  expect(await names.allTextContents(), "what was known is shown still").toEqual(["before"]);

  await using _again = await startServer(args);
  const session = await bed.logIn("admin", bed.server.password);
  expect((await session.send("POST", "applications", application("meanwhile"))).status).toBe(200);
  await expect.poll(() => names.allTextContents(), { timeout: 40_000 }).toEqual(["before", "meanwhile"]);
  await page.getByText("Connecting again…").waitFor({ state: "detached" });
  expect((await session.send("POST", "applications", application("then"))).status).toBe(200);
  await expect
    .poll(() => names.allTextContents(), { timeout: 20_000 })
    .toEqual(["before", "meanwhile", "then"]);
  expect(await page.evaluate(() => "isSamePage" in globalThis), "nothing was loaded anew").toBe(true);
});
