import { generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import type { DockerRegistry } from "#test/registry-servers/index.ts";
import { startServer } from "./bed.ts";
import { automationOf, layers, plainRegistry, readyOf, startPlane, startRepository } from "./plane.ts";

const ours = generateKeyPairSync("ec", { namedCurve: "P-256" });
const theirs = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = ours.publicKey.export({ type: "spki", format: "pem" }).toString();

/** As `cosign sign --key` keeps it. */
async function signImage(
  server: DockerRegistry,
  name: string,
  { digest, key }: { readonly digest: string; readonly key: typeof ours.privateKey },
): Promise<void> {
  const critical = {
    identity: { "docker-reference": `${server.host}/${name}` },
    image: { "docker-manifest-digest": digest },
    type: "cosign container image signature",
  };
  const content = Buffer.from(JSON.stringify({ critical, optional: null }));
  const layer = {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    content,
    annotations: { "dev.cosignproject.cosign/signature": sign("sha256", content, key).toString("base64") },
  };
  await server.push(name, `${digest.replace(":", "-")}.sig`, [layer]);
}

async function setUp(names: readonly string[]) {
  const server = await startServer();
  const plane = await startPlane();
  await plane.install(plainRegistry(server.host));
  const files = names.map((name) => [`${name}.yaml`, `image: ${server.host}/acme/${name}:1.0.0\n`] as const);
  const repository = await startRepository(Object.fromEntries(files));
  const install = async (name: string, more: JsonObject) =>
    await plane.install(
      automationOf(name, {
        git: { repoURL: repository.httpUrl },
        images: [{ image: `${server.host}/acme/${name}`, ...more }],
      }),
    );
  const untilReady = async (name: string, said: string) =>
    await eventually(async () => expect(readyOf(await plane.read(name))).toContain(said));
  return { server, plane, repository, install, untilReady };
}

// Class: authorisation.
it("writes only images that one of the keys signed, with their digests", async () => {
  const { server, plane, repository, install, untilReady } = await setUp(["good", "bad", "missing"]);
  const digests = new Map<string, string>();
  for (const name of ["good", "bad", "missing"])
    digests.set(name, await server.push(`acme/${name}`, "1.1.0", { layers, config: { name } }));
  await signImage(server, "acme/good", { digest: digests.get("good") ?? "", key: ours.privateKey });
  await signImage(server, "acme/bad", { digest: digests.get("bad") ?? "", key: theirs.privateKey });
  const verify = { cosign: { keys: [pem] } };
  await install("good", { verify });
  await install("bad", { verify });
  await install("missing", { verify });
  await plane.start();
  await untilReady("good", "True Written");
  await untilReady("bad", "has 1 signatures, and none is by a key of verify.cosign");
  await untilReady("missing", "has no signature; sign it with: cosign sign --key");
  const image = `${server.host}/acme/good:1.1.0@${digests.get("good")}`;
  expect(await repository.git("show", "main:good.yaml")).toBe(`image: ${image}`);
  for (const name of ["bad", "missing"])
    expect(await repository.git("show", `main:${name}.yaml`)).toBe(
      `image: ${server.host}/acme/${name}:1.0.0`,
    );
});

it("chooses the image that was built last, whatever its tag", async () => {
  const { server, plane, repository, install, untilReady } = await setUp(["web", "many"]);
  const builds = {
    zeta: "2026-01-01T00:00:00Z",
    alpha: "2026-03-01T00:00:00Z",
    beta: "2026-02-01T00:00:00Z",
  };
  for (const [tag, created] of Object.entries(builds))
    await server.push("acme/web", tag, { layers, config: { created } });
  for (let i = 0; i < 51; i += 1)
    await server.push("acme/many", `v${i}`, { layers, config: { created: "2026-01-01T00:00:00Z" } });
  await install("web", { newestBuild: true });
  await install("many", { newestBuild: true });
  await plane.start();
  await untilReady("web", "True Written");
  await untilReady(
    "many",
    "asks about each of 51 tags, and at most 50 are allowed; choose among them with filterTags",
  );
  expect(await repository.git("show", "main:web.yaml")).toBe(`image: ${server.host}/acme/web:alpha`);
  expect(viewPath(await plane.read("web"), "status", "images")).toMatchObject([{ tag: "alpha" }]);
});
