import { describe, expect, it } from "vitest";
import { login } from "#test/registry-servers/index.ts";
import { startMooring, startServer } from "./bed.ts";

describe("mooring image latest", () => {
  const layers = [
    { mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("one") },
    { mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("two") },
  ];

  it("prints what a policy chooses of a registry's tags, with the digest of an image of several layers", async () => {
    const server = await startServer();
    const digests = new Map<string, string>();
    for (const tag of ["1.2.0", "1.10.0", "2.0.0", "main-abc-7", "main-def-10"]) {
      digests.set(
        tag,
        await server.push("acme/web", tag, [
          ...layers,
          { mediaType: "text/plain", content: Buffer.from(tag) },
        ]),
      );
    }
    const cli = await startMooring();
    const name = `${server.host}/acme/web`;
    const latest = async (...flags: readonly string[]) =>
      await cli.run("image", "latest", name, "--insecure-oci-force-http", ...flags);
    expect(await latest()).toEqual({ code: 0, out: `${name}:2.0.0\n`, err: "" });
    expect((await latest("--semver", "1.x", "--digest")).out).toBe(
      `${name}:1.10.0@${digests.get("1.10.0")}\n`,
    );
    const built = [
      "--filter-tags",
      "^main-[a-f0-9]+-(?P<n>[0-9]+)$",
      "--extract",
      "$n",
      "--numerical",
      "asc",
    ];
    expect((await latest(...built, "-o", "tag")).out).toBe("main-def-10\n");
    const none = await latest("--semver", "9.x");
    expect(none).toMatchObject({
      code: 20,
      err: expect.stringContaining("none of its 5 tags is wanted") as string,
    });
  });

  it("logs in with what the environment says, and never tells the password", async () => {
    const server = await startServer("token");
    await server.push("private/web", "1.0.0", layers);
    const cli = await startMooring();
    const argv = ["image", "latest", `${server.host}/private/web`, "--insecure-oci-force-http"];
    const env = { MOORING_REGISTRY_USERNAME: login.username, MOORING_REGISTRY_PASSWORD: login.password };
    expect((await cli.runWith({ env }, ...argv)).out).toBe(`${server.host}/private/web:1.0.0\n`);
    const refused = await cli.runWith({ env: { ...env, MOORING_REGISTRY_PASSWORD: "wr0ng-pass" } }, ...argv);
    expect(refused.code).toBe(20);
    expect(refused.err).not.toContain("wr0ng-pass");
    expect((await cli.run(...argv)).code).toBe(20);
  });

  it.each([
    [["web:v1"], "is no name of an image without tag and digest"],
    [["web", "--semver", "1.x", "--numerical", "asc"], "only one order can decide"],
  ])("says what is wrong with %j", async (args, problem) => {
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "latest", ...args);
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining(problem) as string });
  });
});
