import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RepositoryCredentials } from "#core/repo/index.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { createRepository, startGitHttpServer, startGitSshServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  createDirectory,
  disposeLater,
  failureOf,
  now,
  signal,
  startStore,
  patiently,
} from "./fixture.ts";

/** What `ps` shows to everybody, and what the same user can see of a process's environment, of every process that is not this one. */
async function readProcesses(): Promise<{ readonly args: string; readonly environments: string }> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const read = async (file: string) =>
    (
      await Promise.all(
        pids.map(async (pid) => await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")),
      )
    )
      .join("\n")
      .replaceAll("\0", " ");
  return { args: await read("cmdline"), environments: await read("environ") };
}

async function readDirectory(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(async (file) => await readFile(join(file.parentPath, file.name), "latin1").catch(() => "")),
  );
  return texts.join("\n");
}

const secret = "s3cr3t-value-of-this-test";

it.for<[string, RepositoryCredentials]>([
  ["password", { kind: "basic", username: "ada", password: secret }],
  ["bearer token", { kind: "bearer", token: secret }],
])("shows no %s in any process, file or error while git talks to a server", async ([, credentials]) => {
  const directory = await createDirectory();
  await createRepository(join(directory, "shop.git"));
  const server = disposeLater(
    await startGitHttpServer({
      root: directory,
      auth: { kind: "basic", username: "ada", password: "other" },
    }),
  );
  const store = await startStore(directory, { listTimeoutMs: 60_000 });
  server.pause();
  const failure = failureOf(store.test(accessTo(`${server.url}/shop.git`, credentials), signal));
  await expect.poll(() => server.requests.length, patiently).toBeGreaterThan(0);
  const { args, environments } = await readProcesses();
  expect(args).toContain("ls-remote");
  const encoded = Buffer.from(`ada:${secret}`).toString("base64");
  const seen = `${args}${environments}${await readDirectory(directory)}`;
  server.resume();
  expect(await failure).toMatch(/^GIT_AUTH: /);
  for (const text of [seen, await failure, await readDirectory(directory)]) {
    expect(text.includes(secret) || text.includes(encoded)).toBe(false);
  }
  expect((await readdir("/dev/shm")).filter((name) => name.startsWith("mooring-git-secret-"))).toEqual([]);
});

it("leaves no SSH or TLS key in any process or directory", async () => {
  const directory = await createDirectory();
  const repository = await createRepository(join(directory, "shop.git"));
  await repository.commit({ "app.yaml": "a" });
  const ssh = disposeLater(await startGitSshServer({ directory: join(directory, "sshd") }));
  const tls = createCertificateAuthority("git test");
  const https = disposeLater(
    await startGitHttpServer({ root: directory, tls, auth: { kind: "certificate" } }),
  );
  const store = await startStore(directory);
  const { certificate, key } = tls.issue({ subject: { commonName: "mooring" }, usage: "client" });
  const sshAccess = accessTo(
    `${ssh.url}${repository.directory}`,
    { kind: "ssh", privateKey: ssh.privateKey },
    { sshKnownHosts: ssh.knownHosts },
  );
  const tlsAccess = accessTo(
    `${https.url}/shop.git`,
    { kind: "tls", certificate, key },
    { caCertificates: tls.certificate },
  );
  https.pause();
  const running = [store.resolve(tlsAccess, "", now), store.resolve(sshAccess, "", now)];
  await expect.poll(() => https.requests.length, patiently).toBeGreaterThan(0);
  const { args, environments } = await readProcesses();
  const files = await readDirectory(join(directory, "store"));
  https.resume();
  await Promise.all(running);
  const lines = [ssh.privateKey, key].flatMap((pem) =>
    pem.split("\n").filter((line) => /^[\w+/=]{30,}$/.test(line)),
  );
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => `${args}${environments}${files}`.includes(line))).toEqual([]);
});

it("takes credentials out of what a server says", async () => {
  const directory = await createDirectory();
  const store = await startStore(directory);
  const credentials = { kind: "basic", username: "ada", password: secret } as const;
  const access = accessTo("http://127.0.0.1:9/shop.git", credentials, {
    proxyUrl: `http://proxy:${secret}@127.0.0.1:9`,
  });
  const failure = await failureOf(store.test(access, signal));
  expect(failure).toMatch(/^GIT_UNREACHABLE: /);
  expect(failure).not.toContain(secret);
});
