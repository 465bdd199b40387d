import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/index.ts";
import { login } from "#test/registry-servers/index.ts";
import { directoryOf, startMooring, startServer } from "./bed.ts";

describe("mooring image update", () => {
  const layers = [{ mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("one") }];

  async function setUp(files: Readonly<Record<string, string>>) {
    const directory = await directoryOf({});
    const repository = await createRepository(join(directory, "shop.git"));
    await repository.commit(files);
    return { directory, repository, cli: await startMooring() };
  }

  function automationOf(repoURL: string, images: readonly object[]): string {
    const spec = { git: { repoURL, paths: ["apps"] }, images };
    return JSON.stringify({
      apiVersion: "mooring.dev/v1alpha1",
      kind: "ImageAutomation",
      metadata: { name: "shop" },
      spec,
    });
  }

  it("writes ninety new images of ninety applications as one commit", async () => {
    const server = await startServer();
    const names = Array.from({ length: 90 }, (_, i) => `${server.host}/acme/app-${i}`);
    for (const name of names) {
      for (const tag of ["1.0.0", "1.1.0"])
        await server.push(name.slice(server.host.length + 1), tag, layers);
    }
    const kustomization = (name: string) => `images:\n- name: ${name}\n  newTag: 1.0.0\n`;
    const { repository, cli } = await setUp(
      Object.fromEntries(names.map((name, i) => [`apps/app-${i}/kustomization.yaml`, kustomization(name)])),
    );
    const file = automationOf(
      repository.url,
      names.map((image) => ({ image, semver: "1.x" })),
    );
    const argv = ["image", "update", "-f", "-", "--insecure-oci-force-http"];
    const { code, out, err } = await cli.runWith({ input: file }, ...argv);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => line.endsWith("1.0.0 -> 1.1.0"))).toHaveLength(90);
    expect(await repository.git("rev-list", "--count", "main")).toBe("2");
    const standing = await cli.runWith({ input: file }, ...argv);
    expect(standing).toEqual({ code: 0, out: "nothing to change\n", err: "" });
    expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  });

  it("writes the others when one image cannot be found out about, and ends with what is wrong", async () => {
    const server = await startServer("token");
    await server.push("public/web", "1.1.0", layers);
    await server.push("private/api", "1.1.0", layers);
    const web = `${server.host}/public/web`;
    const api = `${server.host}/private/api`;
    const { directory, repository, cli } = await setUp({
      "apps/web.yaml": `image: ${web}:1.0.0 # {"$imagepolicy": "apps:web"}\n`,
      "apps/api.yaml": `image: ${api}:1.0.0\n`,
    });
    const images = [
      { image: web, policy: "apps:web" },
      { image: api },
      { image: `${server.host}/public/none` },
    ];
    const file = join(directory, "images.json");
    await writeFile(file, automationOf(repository.url, images));
    const argv = ["image", "update", "-f", file, "--insecure-oci-force-http"];
    const first = await cli.run(...argv);
    expect(first.code).toBe(20);
    expect(first.out).toContain("apps/web.yaml:1:");
    expect(first.err).toContain(`image ${api}: `);
    expect(first.err).toContain(`image ${server.host}/public/none: `);
    // What docker login keeps is given to its host.
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    await writeFile(join(directory, "config.json"), JSON.stringify({ auths: { [server.host]: { auth } } }));
    const second = await cli.runWith({ env: { DOCKER_CONFIG: directory } }, ...argv);
    expect(second.out).toContain("apps/api.yaml:1:");
    expect(second.err).not.toContain(`image ${api}`);
    expect(`${first.err}${second.err}`).not.toContain(login.password);
    expect(await repository.git("show", "main:apps/api.yaml")).toBe(`image: ${api}:1.1.0`);
  });

  it("says when no file names an image", async () => {
    const server = await startServer();
    await server.push("acme/web", "1.1.0", layers);
    const { repository, cli } = await setUp({ "apps/other.yaml": "a: 1\n" });
    const input = automationOf(repository.url, [{ image: `${server.host}/acme/web` }]);
    const { code, err } = await cli.runWith(
      { input },
      "image",
      "update",
      "-f",
      "-",
      "--insecure-oci-force-http",
    );
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining("no file of") as string });
  });

  it("tells nothing of a file of logins that is no JSON", async () => {
    const { directory, cli } = await setUp({ "apps/a.yaml": "a: 1\n" });
    await writeFile(join(directory, "config.json"), '{"auths": s3cret-pass');
    const input = automationOf("file:///nowhere", [{ image: "web" }]);
    const { code, err } = await cli.runWith(
      { input, env: { DOCKER_CONFIG: directory } },
      "image",
      "update",
      "-f",
      "-",
    );
    expect(code).toBe(20);
    expect(err).toContain("is no JSON");
    expect(err).not.toContain("s3cret");
  });
});
