import { expect, it } from "vitest";
import { mayReadSecret } from "./may-read-secret.ts";

const promotion = { "mooring.dev/secret-type": "promotion" };

const secretOf = (
  name: string,
  labels: Record<string, string>,
  annotations: Record<string, string> = {},
) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "argocd", labels, annotations },
});

// Class: secrets told.
it("a Pipeline reads no Secret that is not marked for promotions, whatever it names", () => {
  expect(mayReadSecret(secretOf("forge", {}), "shop")).toBe(false);
  expect(mayReadSecret(secretOf("forge", { "mooring.dev/secret-type": "other" }), "shop")).toBe(false);
  expect(mayReadSecret(secretOf("forge", promotion), "shop")).toBe(true);
});

it("a Pipeline never reads Argo CD's own Secret, nor one of a repository or a cluster, even if it is marked", () => {
  expect(mayReadSecret(secretOf("argocd-secret", promotion), "shop")).toBe(false);
  for (const type of ["repository", "repo-creds", "cluster"])
    expect(
      mayReadSecret(secretOf("x", { ...promotion, "argocd.argoproj.io/secret-type": type }), "shop"),
    ).toBe(false);
});

it("a Pipeline reads no Secret that is another project's, by label or by annotation", () => {
  const [own, other] = ["shop", "bank"].map((name) => ({ "mooring.dev/project": name }));
  expect(mayReadSecret(secretOf("forge", { ...promotion, ...own }), "shop")).toBe(true);
  expect(mayReadSecret(secretOf("forge", { ...promotion, ...other }), "shop")).toBe(false);
  expect(mayReadSecret(secretOf("forge", promotion, other), "shop")).toBe(false);
  expect(mayReadSecret(secretOf("forge", { ...promotion, ...own }, other), "shop")).toBe(false);
});
