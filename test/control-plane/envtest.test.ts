import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { envtestProgram } from "./envtest.ts";
import { programs } from "./programs.ts";

const architecture = process.arch === "x64" ? "amd64" : process.arch;
const archiveName = (version: string) => `envtest-${version}-${process.platform}-${architecture}.tar.gz`;
const archive = gzipSync(
  Buffer.concat([
    ...["etcd", "kube-apiserver", "kubectl"].flatMap((name) =>
      tarEntry(`controller-tools/envtest/${name}`, `the ${name} of envtest`),
    ),
    Buffer.alloc(1024),
  ]),
);

let cache: string;
let server: Server;
let requests: string[];
let progress: string[];
let index: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "mooring-envtest-"));
  requests = [];
  progress = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.end(request.url === "/index.yaml" ? index : archive);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("MOORING_CACHE_DIR", cache);
  vi.stubEnv("MOORING_ENVTEST_INDEX", `${address()}/index.yaml`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(cache, { recursive: true, force: true });
});

const resolve = () => envtestProgram(programs["kube-apiserver"], { progress: (line) => progress.push(line) });

it("downloads the newest archive of our minor version once and runs out of the cache after", async () => {
  index = indexOf(["v1.36.9", "v1.37.0", "v1.37.1", "v1.38.0"], sha512(archive));
  const path = (await resolve()) as string;
  expect(await readFile(path, "utf8")).toBe("the kube-apiserver of envtest");
  expect((await stat(path)).mode & 0o111).toBe(0o111);
  expect(await resolve()).toBe(path);
  expect(await envtestProgram(programs.etcd, { progress: () => undefined })).toBe(
    join(dirname(path), "etcd"),
  );
  expect(requests).toEqual(["/index.yaml", `/${archiveName("v1.37.1")}`]);
  expect(basename(dirname(path))).toContain("envtest-v1.37.x");
});

it("refuses an archive that is not the one the index promises", async () => {
  index = indexOf(["v1.37.1"], sha512(Buffer.from("another")));
  expect(await resolve()).toBeUndefined();
  expect(progress.at(-1)).toContain("its digest is not the one in the index");
});

it("does without when the index has no archive of our minor version", async () => {
  index = indexOf(["v1.36.9"], sha512(archive));
  expect(await resolve()).toBeUndefined();
  expect(progress).toEqual([expect.stringContaining("has no v1.37.x")]);
});

it("does without when the index cannot be reached", async () => {
  vi.stubEnv("MOORING_ENVTEST_INDEX", "http://127.0.0.1:9/index.yaml");
  expect(await resolve()).toBeUndefined();
  expect(progress).toEqual([expect.stringContaining("no envtest download (fetch failed")]);
});

it("asks nobody when it is off", async () => {
  vi.stubEnv("MOORING_ENVTEST_INDEX", "off");
  expect(await resolve()).toBeUndefined();
  expect(progress).toEqual([]);
});

function address(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function indexOf(versions: readonly string[], hash: string): string {
  const releases = versions.map((version) => {
    const name = archiveName(version);
    return `  ${version}:\n    ${name}:\n      hash: ${hash}\n      selfLink: ${address()}/${name}\n`;
  });
  return `releases:\n${releases.join("")}`;
}

function sha512(bytes: Uint8Array): string {
  return createHash("sha512").update(bytes).digest("hex");
}

function tarEntry(path: string, text: string): Buffer[] {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(text.length.toString(8).padStart(11, "0"), 124);
  header.write("0", 156);
  header.write("ustar", 257);
  return [header, Buffer.concat([Buffer.from(text), Buffer.alloc(512 - text.length)])];
}
