import { X509Certificate } from "node:crypto";
import { isAbortError, messageOf } from "#core/errors/index.ts";
import type { PeerCredentials } from "#peers/index.ts";
import { controllerIdentity, serverIdentity } from "#peers/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { createBell } from "#api/bell.ts";
import type { InternalAuthority } from "./internal-authority.ts";
import { readInternalAuthority } from "./internal-authority.ts";

export interface CredentialsOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly role: "controller" | "server";
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the renewal. */
  readonly signal: AbortSignal;
}

export interface InternalCredentials {
  readonly current: () => PeerCredentials;
  /** Called with every renewal. */
  readonly onRenewal: (listener: (credentials: PeerCredentials) => void) => void;
  /** Reads the authority again soon: somebody is not trusted, who may have another one. */
  readonly doubt: () => void;
}

const dayMs = 24 * 60 * 60 * 1000;
const validDays = 30;
/** A certificate with less left is issued anew. */
const renewBelowMs = 10 * dayMs;
/** How often the authority is read again; well within the time for which a new one signs nothing. */
const readEveryMs = 600_000;
/** However often others come who are not trusted. */
const readAtMostEveryMs = 5_000;

/**
 * The certificate by which this process shows others of the control plane who it is, signed by their common authority, whose key is in a Secret;
 * its own key never leaves the process. Both are renewed before they end. Throws CONFIG_INVALID and `KUBE_` errors when it cannot begin.
 */
export async function startInternalCredentials(options: CredentialsOptions): Promise<InternalCredentials> {
  const { clock, log, signal } = options;
  const read = () => readInternalAuthority({ ...options, nowMs: clock.now() });
  let authority = await read();
  let current = issue(authority, options.role);
  const listeners = new Set<(credentials: PeerCredentials) => void>();
  const doubted = createBell(signal);
  const renew = async (): Promise<void> => {
    const found = await read();
    const isSame = sameAuthority(found, authority) && endOf(current) - clock.now() >= renewBelowMs;
    authority = found;
    if (isSame) return;
    current = issue(authority, options.role);
    log.info("certificate of the internal API renewed", { until: new Date(endOf(current)).toISOString() });
    for (const listener of listeners) listener(current);
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(readAtMostEveryMs, signal);
      using _timer = clock.after(readEveryMs, () => doubted.ring());
      await doubted.rung();
      if (signal.aborted) return;
      await renew().catch((error: unknown) => {
        if (signal.aborted) return;
        log.warn("certificates of the internal API cannot be renewed", { error: messageOf(error) });
      });
    }
  };
  run().catch((error: unknown) => {
    if (!isAbortError(error)) log.error("renewal of certificates ended", { error: messageOf(error) });
  });
  return {
    current: () => current,
    onRenewal: (listener) => void listeners.add(listener),
    doubt: () => doubted.ring(),
  };
}

function issue({ signer, trusted }: InternalAuthority, role: CredentialsOptions["role"]): PeerCredentials {
  const commonName = role === "controller" ? controllerIdentity : serverIdentity;
  const { certificate, key } = signer.issue({
    subject: { commonName },
    usage: role === "controller" ? "server" : "client",
    dnsNames: [commonName],
    validDays,
  });
  return { ca: trusted, cert: certificate, key };
}

function sameAuthority(one: InternalAuthority, other: InternalAuthority): boolean {
  return (
    one.signer.certificate === other.signer.certificate && one.trusted.join("") === other.trusted.join("")
  );
}

function endOf({ cert }: PeerCredentials): number {
  return new X509Certificate(cert).validToDate.getTime();
}
