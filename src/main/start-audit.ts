import type { WriteNotes } from "#api/audit/index.ts";
import {
  createAuditRecorder,
  createFingerprint,
  createRecordKeeper,
  createRecordLimits,
} from "#api/audit/index.ts";
import type { Authenticator } from "#api/auth/index.ts";
import type { Caller } from "#api/caller.ts";
import type { ApiContext } from "#api/context.ts";
import type { Recorder } from "#api/dispatch.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { readHubKey } from "#engine/plan-hash.ts";
import type { AuditStore } from "#ports/audit-store.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Collection, Hub } from "#ports/hub.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";

/** Where it is kept who has asked for what. */
export interface ServerAudit {
  readonly store: AuditStore;
  readonly isRequired: boolean;
  /** Where a file was put that was found damaged. */
  readonly setAside?: (() => string | undefined) | undefined;
}

interface AuditOptions {
  readonly audit: ServerAudit;
  readonly notes: WriteNotes;
  readonly accounts: Pick<Authenticator, "listAccounts">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Dispose of it to have what is only counted yet kept. */
interface Audit extends AsyncDisposable {
  readonly recorder: Recorder<Caller>;
  readonly view: ApiContext["audit"];
}

/** What records the requests to the server, and what answers who asks for the records. Throws `KUBE_` errors. */
export async function startAudit(hub: Hub, options: AuditOptions): Promise<Audit> {
  const { audit, notes, accounts, clock, log, signal } = options;
  const keeper = createRecordKeeper({ ...audit, log });
  const limits = createRecordLimits({ clock, keep: keeper.keep });
  const hubKey = await readHubKey(hub.cluster, hub.namespace, signal);
  return {
    view: {
      list: (query) => audit.store.list(query),
      problem: () => {
        if (keeper.isFailing()) return "audit records are not kept";
        return audit.setAside?.() === undefined
          ? undefined
          : "a damaged file of audit records was moved aside";
      },
    },
    recorder: createAuditRecorder({
      keeper,
      limits,
      notes,
      fingerprint: createFingerprint(hubKey),
      findTarget: ({ kind, namespace, name }) => {
        const type = [hubTypes.application, hubTypes.project].find((one) => one.kind === kind);
        const within = namespace === "" ? hub.namespace : namespace;
        return type === undefined ? undefined : lastSeen(hub, { type, namespace: within, name });
      },
      isAccount: (name) => accounts.listAccounts().some((account) => account.name === name),
      clock,
    }),
    [Symbol.asyncDispose]: () => limits[Symbol.asyncDispose](),
  };
}

/** An object as the hub's watches told of it last; undefined for kinds that are not watched. */
export function lastSeen(hub: Hub, { type, namespace, name }: ObjectRef): KubeObject | undefined {
  const { applications, projects, secrets, keys, configMaps } = hub;
  const collections: Readonly<Record<string, readonly Collection[]>> = {
    Application: [applications],
    AppProject: [projects],
    Secret: [secrets, keys],
    ConfigMap: [configMaps],
  };
  for (const collection of collections[type.kind] ?? []) {
    const found = collection.get(`${namespace}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
