import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import { registrySettings } from "./registry-settings.ts";

async function keyringFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-keyring-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "keys.gpg");
  await writeFile(path, "keys");
  return path;
}

it("verifies charts with the keys of a file, and requires signatures when told so", async () => {
  const path = await keyringFile();
  const keyring = Buffer.from("keys");
  expect(await registrySettings({})).not.toHaveProperty("provenance");
  expect(await registrySettings({ MOORING_CHART_KEYRING: path })).toMatchObject({
    provenance: { keyring, required: false },
  });
  expect(
    await registrySettings({ MOORING_CHART_KEYRING: path, MOORING_CHART_PROVENANCE: "required" }),
  ).toMatchObject({ provenance: { keyring, required: true } });
});

it("never goes on without the verification that was asked for", async () => {
  const path = await keyringFile();
  await truncate(path, 5 * 1024 * 1024);
  const wrong = [
    { MOORING_CHART_PROVENANCE: "required" },
    { MOORING_CHART_PROVENANCE: "yes", MOORING_CHART_KEYRING: path },
    { MOORING_CHART_KEYRING: path },
    { MOORING_CHART_KEYRING: "/nowhere/keys.gpg" },
  ];
  const messages = await Promise.all(
    wrong.map((env) => registrySettings(env).then(() => "no error", messageOf)),
  );
  expect(messages.map((text) => text.replaceAll(path, "KEYS"))).toEqual([
    "MOORING_CHART_PROVENANCE is required, but there are no keys to verify with; name their file in MOORING_CHART_KEYRING",
    "MOORING_CHART_PROVENANCE: yes is unknown; write required or optional",
    "MOORING_CHART_KEYRING: KEYS is larger than 4194304 bytes; it is no keyring",
    "MOORING_CHART_KEYRING: /nowhere/keys.gpg cannot be read: ENOENT: no such file or directory, stat '/nowhere/keys.gpg'",
  ]);
});
