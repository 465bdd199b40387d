import { readFile } from "node:fs/promises";
import { describe, expect } from "vitest";
import { configMap, it, type TestHub } from "./fixture.ts";

const testdata = "src/core/sops/testdata";
const encrypted = (name: string) => readFile(`${testdata}/encrypted/${name}`, "utf8");

async function addKey(hub: TestHub, name: string): Promise<void> {
  const key = await readFile(`${testdata}/keys/${name}.agekey`, "utf8");
  await hub.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `sops-${name}`, labels: { "mooring.dev/secret-type": "sops-keys" } },
    stringData: { [`${name}.agekey`]: key },
  });
}

describe("an application with files that SOPS encrypted", () => {
  it("applies nothing without the key, and all of it once the key is there", async ({ hub, create }) => {
    const files = { "a.yaml": configMap("a"), "secret.yaml": await encrypted("encrypted-regex.yaml") };
    const app = await create("sops", { automated: true, files });
    const recipient = /recipient: (\S+)/.exec(files["secret.yaml"])?.[1] ?? "";
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        `ComparisonError: secret.yaml: it is encrypted for age recipient ${recipient}; none of these keys is known; add one to a Secret labelled mooring.dev/secret-type=sops-keys`,
      ]),
    );
    expect(await app.live("configmaps/a")).toBeUndefined();

    await addKey(hub, "one");
    await app.synced();
    const secret = await app.live("secrets/shop");
    const data = secret?.["data"] as Record<string, string>;
    expect(Buffer.from(data["password"] ?? "", "base64").toString()).toBe("correct horse: battery # staple");
    expect(secret).not.toHaveProperty("sops");
    expect(await app.conditions()).toEqual([]);

    const text = JSON.stringify([await app.read(), hub.log]);
    expect([text.includes("correct horse"), text.includes("AGE-SECRET-KEY")]).toEqual([false, false]);
  });

  it("refuses a file that was changed by hand", async ({ create }) => {
    const content = await encrypted("encrypted-regex.yaml");
    const app = await create("tampered", {
      automated: true,
      files: { "secret.yaml": content.replace("type: Opaque", "type: Other") },
    });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "ComparisonError: secret.yaml: the content does not match field sops.mac, so it was changed after it was encrypted; edit the file with sops, or restore it",
      ]),
    );
  });
});

describe("an application with variables", () => {
  it("follows the ConfigMap that gives them", async ({ hub, create }) => {
    await hub.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "vars", labels: { "mooring.dev/variables-for": "any" } },
      data: { REGION: "eu" },
    });
    const app = await create("variables", {
      files: { "a.yaml": configMap("a", { region: "${REGION}", tier: "${TIER:-gold}" }) },
    });
    await app.patch({
      metadata: { annotations: { "mooring.dev/substitute-from": "ConfigMap/vars" } },
      spec: { syncPolicy: { automated: { selfHeal: true } } },
    });
    await app.synced();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ region: "eu", tier: "gold" });

    await app.patch({ metadata: { annotations: { "mooring.dev/substitute": "TIER=silver" } } });
    await app.waitFor(async () =>
      expect((await app.live("configmaps/a"))?.["data"]).toEqual({ region: "eu", tier: "silver" }),
    );
  });
});
