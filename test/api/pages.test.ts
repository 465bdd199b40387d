import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { createRepository } from "../git-servers/repository.ts";
import { startApi } from "./start-api.ts";

it("serves the description of the API to read and to browse in, without a script, and says that it is well", async () => {
  await using api = await startApi([]);
  const get = async (at: string, method = "GET") => {
    const response = await fetch(`${api.baseUrl}${at}`, { method });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      text: await response.text(),
    };
  };
  expect(await get("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect(JSON.parse((await get("/swagger.json")).text)).toMatchObject({ openapi: "3.0.3" });
  const page = await get("/swagger-ui");
  expect(page).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
  expect(page.text).toContain("/api/v1/applications/{name}/sync");
  expect(page.text, "the policy for content permits none of it").not.toMatch(
    /<script|<style|style=|https?:\/\/(?!\S*w3)/u,
  );
  expect(await get("/swagger-ui/style.css")).toMatchObject({ status: 200, type: "text/css; charset=utf-8" });
  expect(await get("/swagger.json", "POST")).toMatchObject({ status: 405 });
  for (const at of ["/healthz", "/swagger.json", "/swagger-ui", "/api/badge?name=web"]) {
    expect(await get(at, "HEAD"), `HEAD ${at}`).toEqual({ ...(await get(at)), text: "" });
  }
  expect(await get("/swagger")).toMatchObject({ status: 404 });
});

// Class: scripts in pages.
it("shows the state of an application in a badge once that is switched on", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-badge-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const repository = await createRepository(path.join(directory, "shop.git"));
  const commit = await repository.commit({
    "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
  });
  await using api = await startApi([
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "web", namespace: "argocd" },
      spec: {
        project: "default",
        source: { repoURL: repository.url, path: "." },
        destination: { server: "https://kubernetes.default.svc", namespace: "default" },
        syncPolicy: { automated: {} },
      },
    },
  ]);
  const badge = async (query: string) => {
    const response = await fetch(`${api.baseUrl}/api/badge?${query}`);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    return /aria-label="([^"]*)"/u.exec(await response.text())?.[1];
  };
  expect(await badge("name=web")).toBe("Unknown Unknown");
  const signal = new AbortController().signal;
  const ref = { type: hubTypes.configMap, namespace: "argocd", name: "argocd-cm" };
  const options = { fieldManager: "test", signal };
  await api.hub.mergePatch(ref, { data: { "statusbadge.enabled": "true" } }, options);
  await vi.waitFor(
    async () => expect(await badge("name=web&revision=true")).toBe(`Healthy Synced (${commit.slice(0, 7)})`),
    { timeout: 60_000, interval: 100 },
  );
  expect(await badge("project=default&project=none")).toBe("Healthy Synced");
  expect(await badge("name=nothing&showAppName=true")).toBe("nothing Not Found Unknown");
  expect(await badge("name=web&project=none")).toBe("Not Found Unknown");
  expect(await badge(`name=${encodeURIComponent('"><script>')}&showAppName=true`)).toBe(
    "&quot;&gt;&lt;script&gt; Not Found Unknown",
  );
});
