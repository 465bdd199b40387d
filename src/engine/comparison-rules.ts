import { createHash } from "node:crypto";
import type { AppKey, Application, Operation } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import type { IgnoreRules } from "#core/differences/index.ts";
import { collectRules } from "#core/differences/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { KnownTypeFields, Settings } from "#core/settings/index.ts";
import { viewCompareOptions } from "#core/tracking/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import { syncOptionsOf } from "./sync-options.ts";

/** What the application and the settings say about how its objects are compared. */
export interface ComparisonRules {
  readonly ignored: IgnoreRules;
  /** RespectIgnoreDifferences=true: a sync leaves ignored fields as they live. */
  readonly respectsIgnored: boolean;
  /** Webhooks may change what is applied, so the server is asked even where no difference is predicted. */
  readonly includesWebhooks: boolean;
  readonly knownTypeFields: readonly KnownTypeFields[];
  /** Force=true for every object that does not say otherwise: what cannot be changed is created anew. */
  readonly forces: boolean;
  /** False with Validate=false for every object that does not say otherwise. */
  readonly validates: boolean;
  /** What was compared under rules of another id says nothing; empty when there are no rules. */
  readonly id: string;
  readonly scripts: Scripts;
}

export interface RulesRequest {
  readonly key: AppKey;
  readonly app: Application;
  readonly settings: Settings;
  /** The operation that is compared for; its sync options win over the application's. */
  readonly operation?: Operation | undefined;
  readonly scripts: Scripts;
}

/** Throws APP_INVALID when `spec.ignoreDifferences` has a pointer or a glob that is none. */
export function comparisonRulesOf({ key, app, settings, operation, scripts }: RulesRequest): ComparisonRules {
  const entries = app.spec.ignoreDifferences ?? [];
  const ignored = collectRules(formatAppKey(key), entries, settings.ignoreDifferences);
  const options = syncOptionsOf(app, operation);
  const respectsIgnored = options.get("RespectIgnoreDifferences") === "true";
  const validates = options.get("Validate") !== "false";
  const { apply, hook } = operation?.sync?.syncStrategy ?? {};
  const forces = options.get("Force") === "true" || (apply ?? hook)?.force === true;
  const { includeMutationWebhook, serverSideDiff } = viewCompareOptions(app as unknown as KubeObject);
  const includesWebhooks = includeMutationWebhook && serverSideDiff !== false;
  const { knownTypeFields } = settings;
  const switches = { includesWebhooks, forces, validates };
  const isPlain =
    ignored.id === "" && !includesWebhooks && !forces && validates && knownTypeFields.length === 0;
  const id = isPlain ? "" : digestOf([ignored.id, respectsIgnored, switches, knownTypeFields]);
  return { ignored, respectsIgnored, ...switches, knownTypeFields, id, scripts };
}

/** Every verdict keeps the id: it must be short. */
function digestOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
