import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";

const cli = `'${process.execPath}' '${path.join(import.meta.dirname, "cli.ts")}'`;

/** A line of a shell, in which the command line is `$mooring`. */
function shell(line: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line.replaceAll("$mooring", cli)], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it("ends with an error when its output cannot be written", () => {
  expect(shell("$mooring version --client > /dev/full")).toEqual({
    status: 20,
    stdout: "",
    stderr:
      "mooring: standard output: cannot be written: ENOSPC: no space left on device, write\n  make room or write elsewhere; what is there is not whole\n",
  });
});

it("ends with an error when only a part of its output could be written to a file", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "mooring-output-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = path.join(directory, "help");
  // Files of this process may have one KiB.
  const { status, stderr } = shell(`ulimit -f 1; $mooring app sync --help > ${file}`);
  expect(readFileSync(file)).toHaveLength(1024);
  expect({ status, stderr }).toMatchObject({
    status: 20,
    stderr: expect.stringMatching(/^mooring: standard output: cannot be written: EFBIG/u),
  });
});

it("ends quietly when nobody reads its output any more", () => {
  expect(shell("$mooring app sync --help | true; echo ${PIPESTATUS[@]}")).toEqual({
    status: 0,
    stdout: "0 0\n",
    stderr: "",
  });
});

it("keeps the exit code of a command whose messages cannot be written", () => {
  expect(shell("$mooring nowhere 2> /dev/full")).toMatchObject({ status: 20, stdout: "" });
});
