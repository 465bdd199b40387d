import { chmod, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { directoryOf, startMooring, textsOf } from "./bed.ts";

describe("mooring image set", () => {
  const manifest = "spec:\n  containers:\n  - image: ghcr.io/acme/web:v1 # ours\n";

  it("writes a new tag into every file below a path that names the image, and says where", async () => {
    const directory = await directoryOf({
      "base/web.yaml": manifest,
      "base/other.yaml": "image: ghcr.io/acme/other:v1\n",
      "prod/kustomization.yaml": "images:\n- name: ghcr.io/acme/web\n  newTag: v1\n",
      "chart/values.yaml": "image: {repository: ghcr.io/acme/web, tag: v1}\n",
      "chart/templates/web.yaml": "image: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n  web: [",
      "node_modules/web/a.yaml": manifest,
      "notes.txt": "ghcr.io/acme/web:v1",
    });
    const cli = await startMooring();
    const { code, out, err } = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", directory);
    expect({ code, out: out.replaceAll(directory, "DIR"), err: err.replaceAll(directory, "DIR") }).toEqual({
      code: 0,
      out: "DIR/base/web.yaml:3: ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2\nDIR/chart/values.yaml:1: v1 -> v2\nDIR/prod/kustomization.yaml:3: v1 -> v2\n",
      err: "DIR/chart/templates/web.yaml: left alone: line 1 is no YAML\n",
    });
    expect(await readFile(join(directory, "base/web.yaml"), "utf8")).toBe(manifest.replace("v1", "v2"));
    expect(await readFile(join(directory, "node_modules/web/a.yaml"), "utf8")).toBe(manifest);
    const again = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", join(directory, "base"));
    expect(again).toEqual({ code: 0, out: "nothing to change\n", err: "" });
  });

  it("writes nothing on a dry run, and tells programs what it would write", async () => {
    const directory = await directoryOf({ "web.yaml": manifest });
    const cli = await startMooring();
    const file = join(directory, "web.yaml");
    const told = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "--in",
      file,
      "--dry-run",
      "-o",
      "json",
    );
    expect(JSON.parse(told.out)).toEqual([
      { file, line: 3, before: "ghcr.io/acme/web:v1", after: "ghcr.io/acme/web:v2" },
    ]);
    expect(await readFile(file, "utf8")).toBe(manifest);
  });

  it("fails when no file names one of the images, and leaves the others as they were", async () => {
    const directory = await directoryOf({ "web.yaml": manifest });
    const cli = await startMooring();
    const failed = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "ghcr.io/acme/wbe:v2",
      "--in",
      directory,
    );
    expect(failed.code).toBe(13);
    expect(failed.err).toContain("image ghcr.io/acme/wbe: no file names it");
    expect(await readFile(join(directory, "web.yaml"), "utf8")).toBe(manifest);
  });

  it("writes no file when one of them has a marker that cannot be read", async () => {
    const marked = (policy: string) => `image: web:v1 # {"$imagepolicy": "${policy}"}\n`;
    const directory = await directoryOf({
      "a.yaml": marked("apps:web"),
      "b.yaml": marked("apps:web:version"),
    });
    const before = await textsOf(directory);
    const cli = await startMooring();
    const failed = await cli.run("image", "set", "--policy", "apps:web=web:v2", "--in", directory);
    expect(failed.code).toBe(20);
    expect(failed.err).toContain(`${join(directory, "b.yaml")} line 1: the marker names the part "version"`);
    expect(await textsOf(directory)).toEqual(before);
  });

  it("keeps who may read a file, and a link stays a link", async () => {
    const directory = await directoryOf({ "real/web.yaml": manifest });
    const file = join(directory, "real/web.yaml");
    await chmod(file, 0o664);
    await symlink(file, join(directory, "link.yaml"));
    const cli = await startMooring();
    const { code } = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "--in",
      join(directory, "link.yaml"),
    );
    expect(code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o664);
    expect(await readFile(file, "utf8")).toBe(manifest.replace("v1", "v2"));
    expect((await readdir(directory)).toSorted()).toEqual(["link.yaml", "real"]);
    expect(await readdir(join(directory, "real"))).toEqual(["web.yaml"]);
  });

  it("leaves a file alone whose bytes are no UTF-8, named or found", async () => {
    const directory = await directoryOf({});
    const file = join(directory, "web.yaml");
    const bytes = Buffer.from("image: web:v1 # caf\u00E9\n", "latin1");
    await writeFile(file, bytes);
    const cli = await startMooring();
    const named = await cli.run("image", "set", "web:v2", "--in", file);
    expect(named).toMatchObject({
      code: 20,
      err: expect.stringContaining(`${file}: is no text in UTF-8`) as string,
    });
    expect((await cli.run("image", "set", "web:v2", "--in", directory)).code).toBe(13);
    expect(await readFile(file)).toEqual(bytes);
  });

  it("says of a path that leads in a circle that it does, and not that it has a bug", async () => {
    const directory = await directoryOf({});
    const loop = join(directory, "loop");
    await symlink(loop, loop);
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "set", "web:v2", "--in", loop);
    expect({ code, err }).toEqual({
      code: 20,
      err: expect.stringContaining(`path ${loop}: ELOOP`) as string,
    });
    expect(err).not.toContain("bug");
  });

  it("tells programs what was left alone, beside the list", async () => {
    const directory = await directoryOf({ "web.yaml": manifest, "t.yaml": "image: {{ .web }}\n  a: [" });
    const cli = await startMooring();
    const told = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", directory, "-o", "json");
    expect(told.err).toContain("t.yaml: left alone");
    expect(JSON.parse(told.out)).toHaveLength(1);
  });

  it.each([
    [["--policy", "a:web=web:v1", "--policy", "a:web=web:v2"], "--policy a:web: is given twice"],
    [[], "image set needs IMAGE or --policy"],
    [["web"], "has neither tag nor digest\n  write web:TAG"],
    [["Web:v1"], '"Web:v1" is no image'],
    [["web:v1", "docker.io/library/web:v2"], "is given twice, as web too"],
    [["web:v1=web:v2"], '"web:v1" is no name of an image'],
    [["--policy", "web:v2"], "write NAMESPACE:NAME=IMAGE"],
    [["web:v1", "--in", "/nowhere/at/all"], "path /nowhere/at/all: is no file or directory"],
  ])("says what is wrong with %j", async (args, problem) => {
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "set", ...args);
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining(problem) as string });
  });
});
