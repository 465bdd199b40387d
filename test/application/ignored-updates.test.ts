import { describe, expect } from "vitest";
import { configMap, eventually, it, type TestApplication } from "./fixture.ts";

const selfHeal = { automated: { selfHeal: true } } as const;
const a = "configmaps/a";

async function dataOf(app: TestApplication) {
  return (await app.live(a))?.["data"];
}

describe("a change of fields that ignoreResourceUpdates names", () => {
  it("is no reason to look at the application, until it is looked at for another", async ({
    create,
    hub,
  }) => {
    await hub.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      data: { "resource.customizations.ignoreResourceUpdates.ConfigMap": "jsonPointers: [/data/beat]" },
    });
    const files = { "a.yaml": configMap("a", { k: "1", beat: "git" }) };
    const [quiet, other] = [
      await create("quiet", { ...selfHeal, files }),
      await create("other", { ...selfHeal, files }),
    ];
    await Promise.all([quiet.synced(), other.synced()]);
    await quiet.patchLive(a, { data: { beat: "live" } });
    await other.patchLive(a, { data: { k: "by hand" } });
    // By then the earlier change was seen, too.
    await eventually(async () => expect(await dataOf(other)).toEqual({ k: "1", beat: "git" }));
    expect(await dataOf(quiet)).toEqual({ k: "1", beat: "live" });
    expect(await quiet.state()).toBe("Synced Healthy");
    await quiet.refresh();
    await eventually(async () => expect(await dataOf(quiet)).toEqual({ k: "1", beat: "git" }));
  });
});
