import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { eventually } from "../control-plane/eventually.ts";
import { application, startHub } from "./hub.ts";

const program = path.join(import.meta.dirname, "../../bin/mooring");

describe("the file of a backup", () => {
  it("is written to where a link leads, whether something is there or not, and the link stays", async () => {
    const hub = await startHub();
    await hub.apply(application("web"));
    const { out: backup } = await hub.cli.run("admin", "export");
    const within = (name: string) => path.join(hub.directory, name);
    await mkdir(within("kept"));
    await writeFile(within("kept/old.yaml"), "old", { mode: 0o644 });
    await symlink("kept/old.yaml", within("to-old"));
    await symlink("kept/new.yaml", within("to-new"));
    await symlink(within("to-new"), within("to-link"));
    for (const [link, target] of [
      ["to-old", "kept/old.yaml"],
      ["to-link", "kept/new.yaml"],
      ["to-new", "kept/new.yaml"],
    ] as const) {
      const { code } = await hub.cli.run("admin", "export", "-o", within(link));
      expect({ code, isLink: (await lstat(within(link))).isSymbolicLink() }).toEqual({
        code: 0,
        isLink: true,
      });
      expect(await readFile(within(target), "utf8")).toBe(backup);
      expect((await stat(within(target))).mode & 0o777).toBe(0o600);
      await rm(within("kept/new.yaml"), { force: true });
    }
    await symlink("round", within("round"));
    const round = await hub.cli.run("admin", "export", "-o", within("round"));
    expect(round).toMatchObject({ code: 20, err: expect.stringContaining("cannot be written") as string });
    expect(await readdir(within("kept"))).toEqual(["old.yaml"]);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("leaves nothing of a file behind after %s", async (name) => {
    const hub = await startHub();
    const deployedAt = "2026-11-01T10:00:00Z";
    const history = Array.from({ length: 5_000 }, (_, id) => ({
      id,
      revision: "0123456789abcdef",
      deployedAt,
    }));
    const rest = { status: { history } };
    await hub.apply(...Array.from({ length: 10 }, (_, i) => application(`app-${i}`, { rest })));
    const directory = path.join(hub.directory, "out");
    await mkdir(directory);
    const file = path.join(directory, "backup.yaml");
    const args = ["admin", "export", "--out", file, "--kubeconfig", hub.kubeconfig];
    const exporting = spawn(program, args, { stdio: ["ignore", "ignore", "ignore"] });
    const ended = once(exporting, "exit");
    await eventually(async () => expect(await readdir(directory)).toHaveLength(1), { intervalMs: 5 });
    exporting.kill(name);
    expect(await ended).toEqual([130, null]);
    expect(await readdir(directory)).toEqual([]);
  });
});
