import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { createCertificateAuthority } from "#embedded/index.ts";
import { isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";

/** In PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

const fieldManager = "mooring-server";
/** Where a certificate may be; the first that has one counts. */
const secretNames = ["argocd-server-tls", "argocd-secret"] as const;

/**
 * The certificate that the server shows: of Secret `argocd-server-tls`, else of `argocd-secret`, where one that is signed by nobody is put
 * when there is none, so that every replica shows the same and clients need not accept it anew after a restart. Throws CONFIG_INVALID that names Secret and key when what is there cannot be used.
 */
export async function readServerCertificate(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<ServerCertificate> {
  const read = (name: string) => cluster.read({ type: hubTypes.secret, namespace, name }, signal);
  const given = await read(secretNames[0]);
  if (certificateOf(given) !== undefined) return requireUsable(given);
  const made = createCertificate();
  const ref = { type: hubTypes.secret, namespace, name: secretNames[1] };
  const data = { "tls.crt": encodeBase64(made.cert), "tls.key": encodeBase64(made.key) };
  const kept = await patchObject(cluster, ref, {
    decide: (object) => (certificateOf(object) === undefined ? { data } : undefined),
    fieldManager,
    signal,
  });
  if (kept !== undefined) return requireUsable(kept);
  const labels = { "app.kubernetes.io/name": ref.name, "app.kubernetes.io/part-of": "argocd" };
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: ref.name, namespace, labels },
    type: "Opaque",
    data,
  };
  try {
    await cluster.create(hubTypes.secret, secret, { fieldManager, signal });
    return made;
  } catch (error) {
    if (!isMooringError(error, "KUBE_EXISTS")) throw error;
    return readServerCertificate(cluster, namespace, signal);
  }
}

export interface Following {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** What the server shows now. */
  readonly shown: ServerCertificate;
  /** Has the server show another one to connections that come from now on. */
  readonly use: (certificate: ServerCertificate) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Follows the Secrets that a certificate may be in until the signal aborts. One that cannot be used is told of in the log, by Secret and
 * key, and the one before stays.
 */
export async function followServerCertificate(following: Following): Promise<void> {
  const { cluster, namespace, use, log, signal } = following;
  const secrets = new Map<string, KubeObject>();
  const synced = new Set<string>();
  let { shown } = following;
  const look = (): void => {
    const found = secretNames.map((name) => secrets.get(name)).find((secret) => certificateOf(secret));
    if (synced.size < secretNames.length || found === undefined) return;
    try {
      const { cert, key } = requireUsable(found);
      if (cert === shown.cert && key === shown.key) return;
      shown = { cert, key };
      use(shown);
      log.info("another certificate is shown from now on", { secret: found.metadata.name ?? "" });
    } catch (error) {
      log.error("a certificate cannot be used; the one before stays", { error: messageOf(error) });
    }
  };
  const follow = async (name: string): Promise<void> => {
    const fieldSelector = `metadata.name=${name}`;
    for await (const event of cluster.watch(hubTypes.secret, { namespace, fieldSelector, signal })) {
      if (event.type === "applied") secrets.set(name, event.object);
      else if (event.type === "deleted") secrets.delete(name);
      else if (event.type === "synced") synced.add(name);
      else
        log.warn("the certificate is not followed for now", { secret: name, error: messageOf(event.error) });
      if (event.type !== "disconnected") look();
    }
  };
  try {
    await Promise.all(secretNames.map((name) => follow(name)));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The certificate of a Secret that has one in part at least; undefined for others. */
function certificateOf(secret: KubeObject | undefined): ServerCertificate | undefined {
  const [cert = "", key = ""] = ["tls.crt", "tls.key"].map(
    (field) => decodeBase64Text(viewString(secret, "data", field) ?? "") ?? "",
  );
  return cert === "" && key === "" ? undefined : { cert, key };
}

/** Throws CONFIG_INVALID that names the Secret and its key; never what the key holds. */
function requireUsable(secret: KubeObject | undefined): ServerCertificate {
  const { cert, key } = certificateOf(secret) ?? { cert: "", key: "" };
  const { namespace = "", name = "" } = secret?.metadata ?? {};
  const invalid = (problem: string, cause?: unknown): MooringError =>
    new MooringError("CONFIG_INVALID", `Secret/${namespace}/${name}: ${problem}`, { cause });
  if (cert === "") throw invalid("tls.crt is missing; put the certificate in PEM there");
  if (key === "") throw invalid("tls.key is missing; put the certificate's key in PEM there");
  const leaf = parsed(() => new X509Certificate(cert));
  if (leaf.value === undefined) throw invalid("tls.crt is no certificate in PEM; correct it", leaf.error);
  const own = parsed(() => createPrivateKey(key));
  if (own.value === undefined) throw invalid("tls.key is no unencrypted key in PEM; correct it", own.error);
  if (!leaf.value.checkPrivateKey(own.value))
    throw invalid("tls.key is not the key of tls.crt; put its own there");
  const context = parsed(() => createSecureContext({ cert, key }));
  if (context.value === undefined) throw invalid("tls.crt cannot be served; correct it", context.error);
  return { cert, key };
}

function parsed<Value>(parse: () => Value): { readonly value?: Value; readonly error?: unknown } {
  try {
    return { value: parse() };
  } catch (error) {
    return { error };
  }
}

function createCertificate(): ServerCertificate {
  const names = ["localhost", "argocd-server", "argocd-server.argocd.svc"];
  const { certificate, key } = createCertificateAuthority("mooring").issue({
    subject: { commonName: "mooring-server", organization: "Mooring" },
    usage: "server",
    dnsNames: names,
    ipAddresses: ["127.0.0.1"],
  });
  return { cert: certificate, key };
}
