import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { resolveBinaries } from "./binaries.ts";
import { buildProgram } from "./build.ts";
import { holdBuildLock } from "./build-lock.ts";
import { builtPath } from "./cache.ts";
import { requireGo, isOlder } from "./go-toolchain.ts";
import { programs, programVersion, versionKey } from "./programs.ts";

let directory: string;
const silent = { progress: () => undefined };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "mooring-binaries-"));
  vi.stubEnv("MOORING_CACHE_DIR", directory);
  vi.stubEnv("MOORING_ENVTEST_INDEX", "off");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

async function writeProgram(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, 0o755);
}

async function writeGo(build: string, version = "go1.26.0"): Promise<void> {
  const script = `#!/bin/sh\nif [ "$1" = env ]; then echo ${version}; exit; fi\n${build}\n`;
  await writeFile(join(directory, "go"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${directory}:/usr/bin:/bin`);
}

it("takes etcd and kube-apiserver from KUBEBUILDER_ASSETS and the rest from the cache", async () => {
  const assets = join(directory, "assets");
  vi.stubEnv("KUBEBUILDER_ASSETS", assets);
  for (const name of ["etcd", "kube-apiserver", "kube-scheduler"]) await writeProgram(join(assets, name));
  for (const program of Object.values(programs)) await writeProgram(builtPath(program));
  expect(await resolveBinaries(silent)).toEqual({
    etcd: join(assets, "etcd"),
    "kube-apiserver": join(assets, "kube-apiserver"),
    "kube-controller-manager": builtPath(programs["kube-controller-manager"]),
    "kube-scheduler": builtPath(programs["kube-scheduler"]),
    kwok: builtPath(programs.kwok),
  });
});

it("says what to install when a program is nowhere and Go is missing", async () => {
  vi.stubEnv("PATH", directory);
  await expect(resolveBinaries(silent)).rejects.toThrow(
    "etcd: not in the cache and Go is not installed; install Go 1.26.0 or newer from https://go.dev/dl, or set KUBEBUILDER_ASSETS",
  );
});

it("says what to install when Go is too old", async () => {
  await writeGo("", "go1.22.3");
  await expect(requireGo(programs.kwok)).rejects.toThrow(
    "kwok: Go 1.22.3 is too old to build it; install Go 1.26.0 or newer from https://go.dev/dl",
  );
});

it("builds a program once, and removes what a killed build of it left", async () => {
  await writeGo(`printf '#!/bin/sh' > "$3" && chmod +x "$3"`);
  const abandoned = `${builtPath(programs.kwok)}.building-1`;
  await writeProgram(abandoned);
  const lines: string[] = [];
  const options = { progress: (line: string) => lines.push(line) };
  const path = await buildProgram(programs.kwok, options);
  expect(await buildProgram(programs.kwok, options)).toBe(path);
  expect(await readdir(dirname(path))).toEqual(["kwok"]);
  const version = programVersion(programs.kwok);
  expect(lines).toEqual([
    `building kwok ${version} from Go modules, about 2 minutes, once`,
    `built kwok ${version} in 0 s`,
  ]);
});

it("shows what Go said when a build fails", async () => {
  await writeGo("echo 'missing go.sum entry' >&2; exit 1");
  await expect(buildProgram(programs.kwok, silent)).rejects.toThrow(
    /^kwok v.*: go build ended with 1 in .*\nmissing go.sum entry$/s,
  );
});

it.each([
  ["1.26.0", "1.26.0", false],
  ["1.25.9", "1.26.0", true],
  ["1.26rc1", "1.26.0", false],
  ["1.27", "1.26.4", false],
  ["1.9", "1.10", true],
])("takes Go %s for older than %s: %s", (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});

it("names the version and what it was built from in the cache", () => {
  expect(versionKey(programs["kube-apiserver"])).toMatch(
    /^kube-apiserver-v1\.\d+\.\d+-\w+-\w+-[0-9a-f]{12}$/,
  );
});

it("lets one build at a time into the cache, and the next in when the first is killed", async () => {
  const module = JSON.stringify(join(import.meta.dirname, "build-lock.ts"));
  const script = `const { holdBuildLock } = await import(${module});
    const lock = await holdBuildLock({ progress() {} });
    console.log("held");
    setInterval(() => lock, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  await once(holder.stdout, "data");
  const lines: string[] = [];
  const waiting = holdBuildLock({
    progress: (line) => {
      lines.push(line);
      holder.kill("SIGKILL");
    },
  });
  using _lock = await waiting;
  expect(lines).toEqual(["waiting for another build of the control-plane to end"]);
});
