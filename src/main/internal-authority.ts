import { X509Certificate } from "node:crypto";
import { isMooringError, messageOf, MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import type { CertificateAuthority } from "#embedded/index.ts";
import { createCertificateAuthority, openCertificateAuthority } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";

const secretName = "mooring-internal-tls";
const fieldManager = "mooring-internal";
const dayMs = 24 * 60 * 60 * 1000;
const validDays = 365;
/** An authority with less left is followed by a new one. */
const renewBelowMs = 120 * dayMs;
/** A new authority signs nothing until every process has heard of it. */
const spreadMs = 60 * 60 * 1000;
const maxTries = 5;

/** The authorities of the control plane's own certificates. */
export interface InternalAuthority {
  /** Certificates, in PEM, of those that are trusted. */
  readonly trusted: readonly string[];
  /** The one that signs now. */
  readonly signer: CertificateAuthority;
}

interface Generation {
  readonly authority: CertificateAuthority;
  readonly madeMs: number;
  readonly endsMs: number;
}

export interface AuthorityOptions {
  readonly cluster: Cluster;
  /** The control-plane namespace. */
  readonly namespace: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the authority from Secret `mooring-internal-tls`, where whichever process comes first puts one, and where an old one is followed by a
 * new one long before it ends; until the old one has ended both are trusted. Throws CONFIG_INVALID for a Secret that holds none, and `KUBE_`
 * errors.
 */
export async function readInternalAuthority(options: AuthorityOptions): Promise<InternalAuthority> {
  for (let tries = 1; ; tries += 1) {
    const kept = await keepCurrent(options);
    if (kept !== undefined) return kept;
    if (tries < maxTries) continue;
    throw new MooringError(
      "KUBE_CONFLICT",
      `Secret ${options.namespace}/${secretName}: was changed by others ${maxTries} times in a row; it is read again in a moment`,
    );
  }
}

/** Undefined when another process has written it at the same time. */
async function keepCurrent(options: AuthorityOptions): Promise<InternalAuthority | undefined> {
  const { cluster, namespace, nowMs, signal } = options;
  const ref = { type: hubTypes.secret, namespace, name: secretName };
  const secret = await cluster.read(ref, signal);
  const known = secret === undefined ? [] : generationsOf(secret).filter(({ endsMs }) => endsMs > nowMs);
  const [newest] = known;
  if (newest !== undefined && newest.endsMs - nowMs >= renewBelowMs) return chooseSigner(known, nowMs);
  const authority = createCertificateAuthority("mooring-internal", { validDays, nowMs });
  const next = [generationOf(authority, nowMs), ...known.slice(0, 1)];
  const data = formatGenerations(next);
  const write = { fieldManager, signal };
  try {
    if (secret === undefined) await cluster.create(hubTypes.secret, formatSecret(namespace, data), write);
    else await cluster.replace(hubTypes.secret, { ...secret, data }, write);
    return chooseSigner(next, nowMs);
  } catch (error) {
    if (isMooringError(error, "KUBE_EXISTS") || isMooringError(error, "KUBE_CONFLICT")) return undefined;
    throw error;
  }
}

function chooseSigner(generations: readonly Generation[], nowMs: number): InternalAuthority {
  const [newest, previous] = generations as readonly [Generation, Generation?];
  const isKnown = previous === undefined || nowMs - newest.madeMs >= spreadMs;
  return {
    trusted: generations.map(({ authority }) => authority.certificate),
    signer: (isKnown ? newest : previous).authority,
  };
}

/** Newest first. */
const prefixes = ["", "previous-"];

function generationsOf(secret: KubeObject): readonly Generation[] {
  return prefixes.flatMap((prefix) => {
    const textOf = (field: string) => viewString(secret, "data", `${prefix}${field}`);
    const [certificate = "", key = "", made = ""] = ["ca.crt", "ca.key", "made"].map(
      (field) => decodeBase64Text(textOf(field) ?? "") ?? "",
    );
    if (certificate === "" && prefix !== "") return [];
    try {
      return [generationOf(openCertificateAuthority({ certificate, key }), Date.parse(made))];
    } catch (error) {
      throw new MooringError(
        "CONFIG_INVALID",
        `Secret ${secret.metadata.namespace ?? ""}/${secretName}: data[${prefix}ca.crt] and data[${prefix}ca.key] are no authority (${messageOf(error)}); delete the Secret, and another one is made`,
      );
    }
  });
}

function generationOf(authority: CertificateAuthority, madeMs: number): Generation {
  const { validToDate } = new X509Certificate(authority.certificate);
  // Without a time it may be new to others.
  return {
    authority,
    madeMs: Number.isNaN(madeMs) ? validToDate.getTime() : madeMs,
    endsMs: validToDate.getTime(),
  };
}

function formatGenerations(generations: readonly Generation[]): JsonObject {
  return Object.fromEntries(
    generations.flatMap(({ authority, madeMs }, i) => {
      const fields = {
        "ca.crt": authority.certificate,
        "ca.key": authority.key,
        made: new Date(madeMs).toISOString(),
      };
      return Object.entries(fields).map(([field, text]) => [
        `${prefixes[i] ?? ""}${field}`,
        encodeBase64(text),
      ]);
    }),
  );
}

function formatSecret(namespace: string, data: JsonObject): KubeObject {
  const labels = { "app.kubernetes.io/name": secretName, "app.kubernetes.io/part-of": "argocd" };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secretName, namespace, labels },
    type: "Opaque",
    data,
  };
}
