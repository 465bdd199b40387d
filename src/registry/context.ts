import type { KnownAnswers } from "#runtime/known-answers.ts";
import type { Clock } from "#runtime/clock.ts";
import type { AccessKeys } from "./access-keys.ts";
import type { ArchiveStore } from "./archive/archive-store.ts";
import type { Provenance } from "./helm/provenance.ts";
import type { HttpClient } from "./http/http-client.ts";
import type { ResolvedRegistryLimits } from "./options.ts";

/** What the parts of one registry adapter share. */
export interface RegistryContext {
  readonly client: HttpClient;
  readonly keys: AccessKeys;
  readonly store: ArchiveStore;
  readonly known: KnownAnswers;
  readonly provenance: Provenance | undefined;
  readonly limits: ResolvedRegistryLimits;
  readonly clock: Clock;
  /** Ends every request. */
  readonly signal: AbortSignal;
}
