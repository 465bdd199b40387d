import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { startSidecar } from "../plugins/sidecar.ts";
import { configMap, eventually, newHub, plainIt as it, type TestHub } from "./fixture.ts";

const argocd = { "app.kubernetes.io/part-of": "argocd" };

async function settings(hub: TestHub, data: Readonly<Record<string, string>>): Promise<void> {
  const metadata = { name: "argocd-cm", labels: argocd };
  await hub.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data });
}

describe("tools that are programs of the user's", () => {
  it("render an application: a plugin in a sidecar, and another version of Kustomize", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const sockets = join(hub.directory, "sockets");
    await mkdir(sockets);
    vi.stubEnv("ARGOCD_PLUGINSOCKFILEPATH", sockets);
    onTestFinished(() => void vi.unstubAllEnvs());
    const generate =
      'printf "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: made}\\ndata: {app: \\"%s\\", color: \\"%s\\", text: \\"%s\\"}\\n" "$ARGOCD_APP_NAME" "$ARGOCD_ENV_COLOR" "$(cat text)"';
    await using _sidecar = await startSidecar(join(sockets, "maker.sock"), { generate });
    const program = join(hub.directory, "kustomize-4");
    await writeFile(
      program,
      '#!/bin/sh\nprintf "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: built}\\ndata: {args: \\"%s\\"}\\n" "$*"\n',
    );
    await chmod(program, 0o755);
    await settings(hub, { "kustomize.path.v4": program, "kustomize.buildOptions.v4": "--old" });
    await hub.start();

    const plugin = { name: "maker", env: [{ name: "COLOR", value: "red" }] };
    const made = await hub.app("made", { automated: true, source: { plugin }, files: { text: "one" } });
    await made.synced();
    expect((await made.live("configmaps/made"))?.["data"]).toEqual({
      app: made.name,
      color: "red",
      text: "one",
    });
    expect((await made.status()).sourceType).toBe("Plugin");
    await made.push({ text: "two" });
    await made.synced();
    expect((await made.live("configmaps/made"))?.["data"]).toMatchObject({ text: "two" });

    const files = { "kustomization.yaml": { resources: ["a.yaml"] }, "a.yaml": configMap("a") };
    const built = await hub.app("built", {
      automated: true,
      source: { kustomize: { version: "v4" } },
      files,
    });
    await built.synced();
    expect((await built.live("configmaps/built"))?.["data"]).toEqual({ args: "build . --old" });

    const lost = await hub.app("lost", { source: { plugin: { name: "gone" } }, files: { text: "x" } });
    await eventually(async () =>
      expect(await lost.conditions()).toEqual([
        "ComparisonError: plugin gone: no sidecar of this name listens; correct source.plugin.name, or install the plugin (there are maker)",
      ]),
    );
  });
});

describe("what a chart generates at random", () => {
  it("stays the same over a restart where the installation has a secret key", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "argocd-secret", labels: argocd },
      stringData: { "server.secretkey": "throw-away" },
    });
    await hub.start();
    const app = await hub.app("random", {
      automated: { selfHeal: true },
      files: {
        "Chart.yaml": { apiVersion: "v2", name: "random", version: "1.0.0" },
        "templates/a.yaml": { ...configMap("a"), data: { password: "{{ randAlphaNum 24 }}" } },
      },
    });
    await app.synced();
    const before = (await app.live("configmaps/a"))?.["data"];
    expect(before).toEqual({ password: expect.stringMatching(/^[A-Za-z0-9]{24}$/u) as string });
    await hub.stop();
    await hub.start();
    await app.refresh("hard");
    expect(await app.state()).toBe("Synced Healthy");
    expect((await app.live("configmaps/a"))?.["data"]).toEqual(before);
  });
});
