import { createCleartextMessage, generateKey, readKey, readPrivateKey, sign } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import type { Layer } from "#test/registry-servers/index.ts";
import {
  chartOf,
  packChart,
  publishCharts,
  sha256,
  startDockerRegistry,
  startWebServer,
} from "#test/registry-servers/index.ts";
import {
  createDirectory,
  disposeLater,
  failureOf,
  fetchChart,
  helm,
  oci,
  startTestRegistry,
} from "./fixture.ts";

interface Signer {
  readonly keyring: Uint8Array;
  readonly armored: string;
  prove(archive: Buffer, name: string): Promise<string>;
}

async function createSigner(): Promise<Signer> {
  const userIDs = [{ name: "Ada", email: "ada@example.com" }];
  const { privateKey, publicKey } = await generateKey({ type: "ecc", userIDs, format: "armored" });
  return {
    armored: publicKey,
    keyring: (await readKey({ armoredKey: publicKey })).write(),
    prove: async (archive, name) => {
      const text = `apiVersion: v2\nname: web\nversion: 1.0.0\n\n...\nfiles:\n  ${name}: sha256:${sha256(archive)}\n`;
      const message = await createCleartextMessage({ text });
      const signingKeys = await readPrivateKey({ armoredKey: privateKey });
      return await sign({ message, signingKeys });
    },
  };
}

describe("a chart's provenance", () => {
  let known: Signer;
  let stranger: Signer;
  const archive = packChart("web", "1.0.0");
  const file = "web-1.0.0.tgz";

  beforeAll(async () => {
    [known, stranger] = [await createSigner(), await createSigner()];
  });

  /** What becomes of the chart beside each provenance file, with a keyring that has the known signer. */
  async function outcomes(required: boolean, keyring: Uint8Array): Promise<Readonly<Record<string, string>>> {
    const server = disposeLater(await startWebServer());
    const registry = await startTestRegistry({ provenance: { keyring, required } });
    const good = await known.prove(archive, file);
    const files: Readonly<Record<string, string | undefined>> = {
      good,
      none: undefined,
      stranger: await stranger.prove(archive, file),
      changed: good.replace("name: web", "name: wob"),
      "other content": await known.prove(packChart("web", "6.6.6"), file),
      "other archive": await known.prove(archive, "other-1.0.0.tgz"),
      nonsense: "hello",
    };
    const found: Record<string, string> = {};
    for (const [name, proof] of Object.entries(files)) {
      const path = `/${name.replace(" ", "-")}`;
      publishCharts(server, path, [{ name: "web", version: "1.0.0" }]);
      if (proof !== undefined) server.set(`${path}/${file}.prov`, proof);
      const outcome = await failureOf(
        fetchChart(registry, helm(server.url + path), { name: "web", version: "" }),
      );
      found[name] = outcome.startsWith("succeeded")
        ? "ok"
        : outcome.replace(/: repository .*?: chart web 1\.0\.0: /, ": ").replace(/[0-9a-f]{16}/g, "KEY");
    }
    return found;
  }

  it("must be signed by a known key and name the archive's digest", async () => {
    expect(await outcomes(false, known.keyring)).toMatchInlineSnapshot(`
      {
        "changed": "CHART_UNVERIFIED: the signature of its provenance file is not good (Signed digest did not match); add the signer's key to the keyring, or sign it anew",
        "good": "ok",
        "none": "ok",
        "nonsense": "CHART_UNVERIFIED: the signature of its provenance file is not good (Misformed armored text); add the signer's key to the keyring, or sign it anew",
        "other archive": "CHART_UNVERIFIED: its provenance file is for another archive; sign it anew",
        "other content": "CHART_UNVERIFIED: its provenance file is for other content; somebody changed the archive, or it must be signed anew",
        "stranger": "CHART_UNVERIFIED: the signature of its provenance file is not good (Could not find signing key with key ID KEY); add the signer's key to the keyring, or sign it anew",
      }
    `);
  });

  it("must be there where it is required, and the keyring may be armored", async () => {
    const found = await outcomes(true, Buffer.from(known.armored));
    expect([found["good"], found["none"]]).toMatchInlineSnapshot(`
      [
        "ok",
        "CHART_UNVERIFIED: it has no provenance file, which is required; sign it with helm package --sign",
      ]
    `);
  });

  it("comes along as a layer in a registry", async () => {
    const server = disposeLater(await startDockerRegistry({ directory: await createDirectory() }));
    const layersOf = (proof: string): readonly Layer[] => [
      ...chartOf(archive),
      { mediaType: "application/vnd.cncf.helm.chart.provenance.v1.prov", content: Buffer.from(proof) },
    ];
    await server.push("good/web", "1.0.0", layersOf(await known.prove(archive, file)));
    await server.push("bad/web", "1.0.0", layersOf(await stranger.prove(archive, file)));
    await server.push("none/web", "1.0.0", chartOf(archive));
    const registry = await startTestRegistry({ provenance: { keyring: known.keyring, required: true } });
    const tell = async (path: string) =>
      (
        await failureOf(
          fetchChart(registry, oci(`${server.host}/${path}`), { name: "web", version: "1.0.0" }),
        )
      ).slice(0, 16);
    expect([await tell("good"), await tell("bad"), await tell("none")]).toEqual([
      "succeeded with {",
      "CHART_UNVERIFIED",
      "CHART_UNVERIFIED",
    ]);
  });

  it("is checked again when the policy changes, though the chart was fetched before", async () => {
    const server = disposeLater(await startWebServer());
    publishCharts(server, "", [{ name: "web", version: "1.0.0" }]);
    const directory = await createDirectory();
    const chart = { name: "web", version: "" };
    const before = await startTestRegistry({ directory });
    expect((await fetchChart(before, helm(server.url), chart))["version"]).toBe("1.0.0");
    const after = await startTestRegistry({
      directory,
      provenance: { keyring: known.keyring, required: true },
    });
    expect(await failureOf(fetchChart(after, helm(server.url), chart))).toMatch(/^CHART_UNVERIFIED: /);
  });

  it("needs a keyring that can be read", async () => {
    const provenance = { keyring: Buffer.from("hello"), required: false };
    expect(await failureOf(startTestRegistry({ provenance }))).toMatch(
      /^CONFIG_INVALID: keyring for charts: cannot be read/,
    );
  });
});
