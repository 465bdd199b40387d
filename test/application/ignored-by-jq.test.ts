import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewPath } from "#core/object/index.ts";
import { configMap, deployment, eventually, it, type TestApplication } from "./fixture.ts";

const selfHeal = { automated: { selfHeal: true } } as const;
const web = "apps/deployments/web";

function twoContainers(image: string, labels: Readonly<Record<string, string>> = {}) {
  const containers = [
    { name: "main", image },
    { name: "proxy", image: "registry.example/proxy:1" },
  ];
  const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
  return { "web.yaml": deployment("web", { template }, { labels }) };
}

async function imagesOf(app: TestApplication) {
  const containers = viewArray(await app.live(web), "spec", "template", "spec", "containers");
  return containers.map((one) => viewPath(one, "image"));
}

function ignoring(...jqPathExpressions: readonly string[]) {
  return { ignoreDifferences: [{ group: "*", kind: "*", jqPathExpressions }] };
}

describe("fields that jq names", () => {
  it("are ignored by content and kept by a sync, while others are undone", async ({ create }) => {
    const app = await create("jq", {
      ...selfHeal,
      files: twoContainers("registry.example/web:1"),
      syncOptions: ["RespectIgnoreDifferences=true"],
      spec: ignoring('.spec.template.spec.containers[] | select(.name == "main") | .image'),
    });
    await app.synced();
    const images = (main: string, proxy: string): JsonObject => {
      const containers = [
        { name: "main", image: main },
        { name: "proxy", image: proxy },
      ];
      return { spec: { template: { spec: { containers } } } };
    };
    const updated = "registry.example/web:updated";
    await app.patchLive(web, images(updated, "registry.example/proxy:1"));
    await app.refresh();
    expect((await app.status()).sync?.status).toBe("Synced");
    await app.push(twoContainers("registry.example/web:2", { tier: "front" }));
    await app.synced();
    expect((await app.live(web))?.metadata.labels).toEqual({ tier: "front" });
    expect(await imagesOf(app)).toEqual([updated, "registry.example/proxy:1"]);
    await app.patchLive(web, images(updated, "registry.example/proxy:2"));
    await eventually(async () => expect(await imagesOf(app)).toEqual([updated, "registry.example/proxy:1"]));
  });

  it("may be missing, and comments are no part of the expression", async ({ create }) => {
    const app = await create("jq", {
      ...selfHeal,
      files: { "a.yaml": configMap("a", { k: "1" }) },
      spec: ignoring(".webhooks[].clientConfig.caBundle", ".data.k # the key"),
    });
    await app.synced();
    await app.patchLive("configmaps/a", { data: { k: "2" } });
    await app.refresh();
    expect(await app.state()).toBe("Synced Healthy");
  });
});

describe("an expression that does not run", () => {
  it("is said in a condition of its application, and the others go on", async ({ create }) => {
    const files = { "a.yaml": configMap("a", { k: "1" }) };
    const endless = "def f: f; f";
    const [broken, late, good] = await Promise.all([
      create("broken", { ...selfHeal, files, spec: ignoring(".data.a", ".data[") }),
      create("late", { ...selfHeal, files, spec: ignoring(endless) }),
      create("good", { ...selfHeal, files, spec: ignoring(".data.k") }),
    ]);
    await good.synced();
    const said = async (app: TestApplication) => {
      await app.waitFor(({ status }) => expect(status?.conditions).toHaveLength(1));
      return [await app.state(), ...(await app.conditions())];
    };
    expect(await said(broken)).toEqual([
      "Unknown -",
      expect.stringMatching(
        /^ComparisonError: Application\/<hub>\/<app>: spec\.ignoreDifferences\[0\]\.jqPathExpressions\[1\]: "\.data\[" does not run: unexpected .*; correct the expression, or name the fields with jsonPointers$/u,
      ),
    ]);
    expect(await said(late)).toEqual([
      "Unknown -",
      expect.stringMatching(
        /spec\.ignoreDifferences\[0\]\.jqPathExpressions\[0\]: "def f: f; f" does not run: it ran longer than 1000 ms/u,
      ),
    ]);
    expect(await broken.live("configmaps/a")).toBeUndefined();
  });
});
