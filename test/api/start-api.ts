import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { signToken } from "#api/auth/tokens/sign-token.ts";
import type { Caller, Permission } from "#api/caller.ts";
import type { Gate } from "#api/dispatch.ts";
import { methodName } from "#api/contract/methods.ts";
import type { Subject } from "#core/accounts/index.ts";
import { secretBytes, secretText } from "#core/accounts/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { installObject } from "#engine/install-object.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { startCluster } from "#kube/index.ts";
import type { ApiServerOptions } from "#main/api-server.ts";
import { runApiServer } from "#main/api-server.ts";
import { createRedactedLog } from "#main/redacted-log.ts";
import { runController } from "#main/controller.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import type { ServerCertificate } from "#main/server-certificate.ts";
import { readServerCertificate } from "#main/server-certificate.ts";
import { createSwitchedView } from "#main/switched-view.ts";
import { startScripts } from "#render/index.ts";
import { openSqliteAudit } from "#store/index.ts";
import type { AuditStore } from "#ports/audit-store.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Scripts } from "#ports/scripts.ts";
import { systemClock } from "#runtime/clock.ts";

/** Where tokens say who somebody is. */
interface Tokens {
  readonly admin: string;
  /** Of `admin` as well, for logging out. */
  readonly second: string;
  /** Of a role that may do everything in project `other`, and nothing elsewhere. */
  readonly stranger: string;
  readonly expired: string;
  readonly wrong: string;
}

export interface RunningApi extends AsyncDisposable {
  readonly baseUrl: string;
  readonly kubeconfig: string;
  /** Gone with it. */
  readonly directory: string;
  readonly hub: Cluster;
  readonly tokens: Tokens;
  /** Of the account `admin`. */
  readonly password: string;
  /** The database of the audit. */
  readonly auditFile: string;
  /** What was asked of the policy since it was last taken, by method. */
  readonly asked: Map<string, Permission[]>;
  /** Lines of the log that tell of a bug of ours. */
  readonly bugs: readonly string[];
}

const namespace = "argocd";
const strangerTokenId = "of-a-stranger";

/** How the server is to be started, besides what every test's has. */
export interface ApiOptions extends Partial<Pick<ApiServerOptions, "rootPath" | "baseHref" | "ui" | "env">> {
  readonly tls?: boolean;
  /** Globs of other namespaces whose objects are looked at. */
  readonly applicationNamespaces?: readonly string[];
}

/** A controller and a server in this process, on an embedded cluster that has `objects`. */
export async function startApi(
  objects: readonly KubeObject[],
  { tls = false, ...options }: ApiOptions = {},
): Promise<RunningApi> {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-api-test-"));
  setup.defer(() => rm(directory, { recursive: true, force: true }));
  const stop = new AbortController();
  const embedded = setup.use(
    await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal: stop.signal }),
  );
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfig }, { namespace, signal: stop.signal });
  const hub = setup.use(startCluster(embedded.connection));
  for (const object of objects) {
    await installObject(hub, object, { clock: systemClock, fieldManager: "test", signal: stop.signal });
  }
  const scripts = setup.use(startScripts({ clock: systemClock }));
  const seen = { asked: new Map<string, Permission[]>(), bugs: [] };
  const data = path.join(directory, "controller");
  const auditFile = path.join(directory, "audit.db");
  const limits = { maxAgeMs: 86_400_000, maxBytes: 10_000_000 };
  const audit = setup.use(openSqliteAudit({ file: auditFile, limits, clock: systemClock }));
  const certificate = tls ? await readServerCertificate(hub, namespace, stop.signal) : undefined;
  const plane = startControlPlane({
    hub,
    scripts,
    kubeconfig,
    data,
    audit,
    ...seen,
    tls: certificate,
    options,
    signal: stop.signal,
  });
  setup.defer(async () => {
    stop.abort();
    await plane.ended;
  });
  const port = await plane.ready;
  const credentials = await readCredentials(hub);
  const owned = setup.move();
  const dispose = () => owned.disposeAsync();
  return {
    baseUrl: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    kubeconfig,
    directory,
    hub,
    auditFile,
    ...credentials,
    ...seen,
    [Symbol.asyncDispose]: dispose,
  };
}

interface ControlPlane {
  readonly hub: Cluster;
  readonly scripts: Scripts;
  readonly kubeconfig: string;
  readonly data: string;
  readonly audit: AuditStore;
  readonly asked: Map<string, Permission[]>;
  readonly bugs: string[];
  readonly tls: ServerCertificate | undefined;
  readonly options: Omit<ApiOptions, "tls">;
  readonly signal: AbortSignal;
}

/** Starts both; `ready` is the port, and `ended` when neither runs any more. */
function startControlPlane({
  hub,
  scripts,
  kubeconfig,
  data,
  audit,
  asked,
  bugs,
  tls,
  options,
  signal,
}: ControlPlane) {
  const switched = createSwitchedView();
  const controlling = Promise.withResolvers<undefined>();
  const listening = Promise.withResolvers<number>();
  const controller = runController({
    kubeconfig,
    data,
    identity: "test",
    write: () => undefined,
    onReady: () => controlling.resolve(undefined),
    onView: switched.use,
    signal,
  });
  const server = runApiServer({
    cluster: hub,
    openCluster: startCluster,
    namespace,
    applicationNamespaces: [],
    host: "127.0.0.1",
    port: 0,
    tls,
    live: switched.view,
    audit: { store: audit, isRequired: false },
    scripts,
    version: "test",
    clock: systemClock,
    ...createRedactedLog({ logLevel: "error", write: (line) => void bugs.push(line) }),
    env: {},
    ...options,
    onReady: listening.resolve,
    beforeGate: (gate) => recordAsked(gate, asked),
    signal,
  });
  const early = Promise.race([controller, server]).then(() => {
    throw new Error("the control plane ended before it was ready");
  });
  const ready = Promise.race([
    Promise.all([listening.promise, controlling.promise]).then(([port]) => port),
    early,
  ]);
  return { ready, ended: Promise.allSettled([controller, server]) };
}

/** Notes every permission that methods ask for. */
function recordAsked(gate: Gate<Caller>, asked: Map<string, Permission[]>): Gate<Caller> {
  return {
    ...gate,
    admit: async (method, origin) => {
      const caller = await gate.admit(method, origin);
      const note = (permission: Permission): void => {
        const name = methodName(method);
        asked.set(name, [...(asked.get(name) ?? []), permission]);
      };
      return {
        ...caller,
        get isChecked() {
          return caller.isChecked;
        },
        may: (permission) => {
          note(permission);
          return caller.may(permission);
        },
        require: (permission) => {
          note(permission);
          caller.require(permission);
        },
      };
    },
  };
}

async function readCredentials(hub: Cluster): Promise<Pick<RunningApi, "tokens" | "password">> {
  const read = async (name: string) =>
    await hub.read({ type: hubTypes.secret, namespace, name }, new AbortController().signal);
  const secret = await read("argocd-secret");
  const initial = await read("argocd-initial-admin-secret");
  const key = secret === undefined ? undefined : secretBytes(secret, "server.secretkey");
  const password = initial === undefined ? undefined : secretText(initial, "password");
  if (key === undefined || password === undefined) throw new Error("the server made no key and no password");
  const admin: Subject = { kind: "account", name: "admin", capability: "login" };
  const now = Math.floor(Date.now() / 1000);
  const sign = (subject: Subject, id: string, [from, to]: readonly [number, number]) =>
    signToken(key, { subject, id, issuedAt: now + from, expiresAt: now + to });
  const wrongKey = Buffer.from("no key of this server has these letters in it");
  return {
    password,
    tokens: {
      admin: await sign(admin, "first", [0, 3600]),
      second: await sign(admin, "second", [0, 3600]),
      stranger: await sign({ kind: "project", project: "other", role: "owner" }, strangerTokenId, [0, 3600]),
      expired: await sign(admin, "third", [-7200, -3600]),
      wrong: await signToken(wrongKey, { subject: admin, id: "x", issuedAt: now, expiresAt: now + 60 }),
    },
  };
}

/** The project whose role `owner` the stranger has. */
export const strangersProject: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "other", namespace },
  spec: {
    sourceRepos: ["*"],
    destinations: [{ server: "*", namespace: "*" }],
    roles: [
      {
        name: "owner",
        policies: "applications applicationsets repositories clusters logs exec pipelines"
          .split(" ")
          .map((resource) => `p, proj:other:owner, ${resource}, *, other/*, allow`),
        jwtTokens: [{ id: strangerTokenId, iat: 0 }],
      },
    ],
  },
};
