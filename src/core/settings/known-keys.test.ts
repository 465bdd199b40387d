import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isKnownSetting, knownSettings } from "./known-keys.ts";

it("knows every key of Argo CD, and no key with a typing mistake", () => {
  const names = JSON.parse(readFileSync("test/fixtures/argocd/names.json", "utf8")) as Record<
    string,
    string[]
  >;
  expect(knownSettings.filter((key) => !key.startsWith("mooring."))).toEqual(names["settings"]);
  for (const key of [
    "url",
    "accounts.ada",
    "accounts.ada.enabled",
    "resource.customizations.health.apps_Deployment",
  ])
    expect(isKnownSetting(key)).toBe(true);
  for (const key of ["URL", "urls", "timeout.reconcilation", "accountsXada", "kustomize"])
    expect(isKnownSetting(key)).toBe(false);
});
