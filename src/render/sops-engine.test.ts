import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Renderer, RenderRequest } from "#ports/renderer.ts";
import { createDataKeys } from "#secrets/index.ts";
import type { Files } from "#test/fixtures/render-requests.ts";
import { chartFile, helm, kustomize, objectsIn, requestFor } from "#test/fixtures/render-requests.ts";
import { startRenderer } from "./renderer.ts";

const testdata = "src/core/sops/testdata";
const encrypted = (name: string): Buffer => readFileSync(path.join(testdata, "encrypted", name));
const decrypted = (name: string): Buffer => readFileSync(path.join(testdata, "decrypted", name));
const text = /^AGE-.*$/m.exec(readFileSync(path.join(testdata, "keys/one.agekey"), "utf8"))?.[0] ?? "";
const dataKeys = createDataKeys({
  keys: [{ type: "age", origin: "Secret/argocd/keys field a.agekey", text }],
});

let renderer: Renderer;
beforeAll(async () => {
  renderer = await startRenderer({ workers: 1 });
});
afterAll(() => renderer[Symbol.asyncDispose]());

const render = async (files: Files, rest: Partial<RenderRequest>) =>
  renderer.render(requestFor(files, { dataKeys, ...rest }));

describe("a kustomization with files that SOPS encrypted", () => {
  it("gives resources and generates Secrets from what was encrypted", async () => {
    const files: Files = {
      "app/kustomization.yaml": [
        "resources: [secret.yaml]",
        "namePrefix: my-",
        "generatorOptions: {disableNameSuffixHash: true}",
        "secretGenerator:",
        "- name: env",
        "  envs: [settings.env]",
        "- name: files",
        "  files: [picture.bin, values.json]",
      ].join("\n"),
      "app/secret.yaml": encrypted("encrypted-regex.yaml"),
      "app/settings.env": encrypted("settings.env"),
      "app/picture.bin": encrypted("picture.bin"),
      "app/values.json": encrypted("values.json"),
    };
    const result = await render(files, { source: kustomize });
    const objects = objectsIn(result) as { metadata: { name: string }; data: unknown; stringData: unknown }[];
    const named = (name: string) => objects.find(({ metadata }) => metadata.name === name);
    expect(named("my-shop")?.stringData).toMatchObject({ password: "correct horse: battery # staple" });
    expect(named("my-env")?.data).toMatchObject({ USER: Buffer.from("shop").toString("base64") });
    const generated = named("my-files")?.data as Record<string, string>;
    for (const name of ["picture.bin", "values.json"]) {
      expect(Buffer.from(generated[name] ?? "", "base64").equals(decrypted(name))).toBe(true);
    }
  });

  it("says which key is missing", async () => {
    const files = { "app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": encrypted("age.yaml") };
    await expect(
      render(files, { source: kustomize, dataKeys: createDataKeys({ keys: [] }) }),
    ).rejects.toMatchObject({
      code: "SECRET_KEY_MISSING",
      message: expect.stringMatching(
        /app\/a\.yaml: it is encrypted for age recipient age1\w+; none/,
      ) as string,
    });
    expect((await render(files, { source: kustomize })).objectCount).toBe(1);
  });
});

describe("a chart with files that SOPS encrypted", () => {
  const chart: Files = {
    "app/Chart.yaml": chartFile(),
    "app/values.yaml": "top_secret: none\n",
    "app/templates/a.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {url: 'https://u:{{ .Values.deep.inner_secret.leaf }}@x', top: '{{ .Values.top_secret }}'}\n",
  };

  it("is given its values decrypted", async () => {
    const values = [{ kind: "file", path: "app/secrets.yaml" }] as const;
    const files = { ...chart, "app/secrets.yaml": encrypted("encrypted-suffix.yaml") };
    const result = await render(files, { source: { ...helm, values } });
    expect(objectsIn(result)).toMatchObject([{ data: { url: "https://u:d@x", top: "a" } }]);
  });

  it("has its encrypted manifests decrypted when it has rendered them, and leaves files that nobody uses", async () => {
    const files = {
      ...chart,
      "app/templates/a.yaml": "",
      "app/templates/secret.yaml": encrypted("encrypted-regex.yaml"),
      "app/other.yaml": encrypted("pgp-rsa.yaml"),
    };
    const result = await render(files, { source: helm });
    expect(objectsIn(result)).toMatchObject([
      { kind: "Secret", stringData: { password: "correct horse: battery # staple" } },
    ]);
    expect(Object.keys(objectsIn(result)[0] as object)).not.toContain("sops");
  });
});
