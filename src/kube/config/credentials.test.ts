import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ClusterConnection, ExecAuth } from "#core/cluster/connection.ts";
import { type Clock, systemClock } from "#runtime/clock.ts";
import { startCredentials } from "./credentials.ts";

const { signal } = new AbortController();

function connection(script: string, more: Partial<ExecAuth> = {}): ClusterConnection {
  const auth = {
    kind: "exec",
    apiVersion: "client.authentication.k8s.io/v1",
    command: "sh",
    args: ["-c", script],
    env: {},
    provideClusterInfo: false,
    ...more,
  } as const;
  return { server: "https://cluster", tls: { insecure: false, caData: "CA" }, auth };
}

const printed = (status: object): string => `echo '${JSON.stringify({ kind: "ExecCredential", status })}'`;

it("runs a plugin once for all who wait, and again after expiry or refusal", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-exec-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const runs = join(directory, "runs");
  let now = Date.parse("2026-01-01T00:00:00Z");
  const clock: Clock = { ...systemClock, now: () => now };
  const status = { token: "t", expirationTimestamp: "2026-01-01T01:00:00Z" };
  const credentials = startCredentials(connection(`echo run >> ${runs}; ${printed(status)}`), clock);
  const count = async (): Promise<number> => (await readFile(runs, "utf8")).split("\n").length - 1;
  const all = await Promise.all([1, 2, 3].map(() => credentials.read(signal)));
  expect(all).toEqual(Array.from({ length: 3 }, () => ({ authorization: "Bearer t" })));
  expect(await count()).toBe(1);
  now = Date.parse("2026-01-01T00:59:55Z");
  await credentials.read(signal);
  expect(await count()).toBe(2);
  expect(credentials.forget()).toBe(true);
  await credentials.read(signal);
  expect(await count()).toBe(3);
});

it("takes a client certificate from a plugin and tells it about the cluster", async () => {
  const status = { clientCertificateData: "CERT", clientKeyData: "KEY" };
  const script = `case "$KUBERNETES_EXEC_INFO" in *'"server":"https://cluster"'*'"interactive":false'*|*'"interactive":false'*'"server":"https://cluster"'*) ${printed(status)};; esac`;
  const credentials = startCredentials(connection(script, { provideClusterInfo: true }), systemClock);
  expect(await credentials.read(signal)).toEqual({ certificate: { certificate: "CERT", key: "KEY" } });
});

it.each([
  ["fails", connection("echo denied by sso >&2; exit 3"), "ended with exit code 3: denied by sso"],
  [
    "prints a token to stderr",
    connection("echo eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMzQ1Njc4 >&2; exit 1"),
    ": ***;",
  ],
  ["prints no credential", connection("echo {}"), "printed no ExecCredential"],
  ["is not there", connection("", { command: "no-such-login", installHint: "get it" }), "PATH; get it"],
])("says why there is no login when a plugin %s", async (_title, given, message) => {
  const credentials = startCredentials(given, systemClock);
  await expect(credentials.read(signal)).rejects.toThrow(message);
});

it("lets go of a waiting request that is aborted while the plugin runs", async () => {
  const controller = new AbortController();
  const waiting = startCredentials(connection("sleep 0.2"), systemClock).read(controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});
