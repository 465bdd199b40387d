import type { RequestOf } from "../../../lib/api/index.ts";
import { sourcesOf } from "../../applications/describe-application.ts";
import type { Application } from "../application-query.ts";
import { namedIn } from "../change-application.ts";
import { waitingPlan } from "./approval.ts";

/** How a sync is asked for. */
export interface SyncChoice {
  /** By source; empty for its target revision. */
  readonly revisions: readonly string[];
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly onlyOutOfSync: boolean;
  readonly force: boolean;
  readonly replace: boolean;
  readonly skipHooks: boolean;
  readonly allowMassPrune: boolean;
  readonly allowEmpty: boolean;
  readonly ignoreDependencies: boolean;
}

const options = {
  onlyOutOfSync: "ApplyOutOfSyncOnly",
  force: "Force",
  replace: "Replace",
  allowMassPrune: "AllowMassPrune",
  allowEmpty: "AllowEmpty",
  ignoreDependencies: "IgnoreDependencies",
} as const;

type OptionField = keyof typeof options;

/** As the application's own settings say. */
export function firstChoice(app: Application): SyncChoice {
  const own = new Set(app.spec?.syncPolicy?.syncOptions ?? []);
  const has = (field: OptionField): boolean => own.has(`${options[field]}=true`);
  return {
    revisions: sourcesOf(app).map(() => ""),
    // As the automated sync has it that waits for somebody's approval.
    prune: waitingPlan(app) !== undefined && app.spec?.syncPolicy?.automated?.prune === true,
    dryRun: false,
    onlyOutOfSync: has("onlyOutOfSync"),
    force: has("force"),
    replace: has("replace"),
    skipHooks: false,
    allowMassPrune: has("allowMassPrune"),
    allowEmpty: has("allowEmpty"),
    ignoreDependencies: has("ignoreDependencies"),
  };
}

/** The sync options of the application with those that were chosen otherwise. */
function syncOptionsOf(app: Application, choice: SyncChoice): readonly string[] {
  const own = app.spec?.syncPolicy?.syncOptions ?? [];
  const before = firstChoice(app);
  const changed = (Object.keys(options) as OptionField[]).filter((field) => choice[field] !== before[field]);
  const names = new Set<string>(changed.map((field) => options[field]));
  return [
    ...own.filter((option) => !names.has(option.split("=")[0] ?? "")),
    ...changed.filter((field) => choice[field]).map((field) => `${options[field]}=true`),
  ];
}

interface Asked {
  /** Keys; none for all objects. */
  readonly selected: readonly string[];
  /** The digest of the only plan that may be carried out. */
  readonly plan?: string | undefined;
}

/** The request that starts a sync. */
export function syncRequest(
  app: Application,
  choice: SyncChoice,
  { selected, plan }: Asked,
): RequestOf<"application", "sync"> {
  const { prune, dryRun, skipHooks, force, revisions } = choice;
  const isSeveral = (app.spec?.sources ?? []).length > 0;
  const asked = revisions.flatMap((revision, i) =>
    revision.trim() === "" ? [] : [[revision.trim(), i + 1] as const],
  );
  return {
    ...namedIn(app),
    prune,
    dryRun,
    ...(asked.length === 0
      ? {}
      : isSeveral
        ? {
            revisions: asked.map(([revision]) => revision),
            sourcePositions: asked.map(([, position]) => position),
          }
        : { revision: asked[0]?.[0] ?? "" }),
    ...(skipHooks ? { strategy: { apply: { force } } } : {}),
    ...(selected.length === 0 ? {} : { resources: selected.map((key) => resourceOf(key)) }),
    syncOptions: { items: syncOptionsOf(app, choice) },
    ...(plan === undefined ? {} : { infos: [{ name: "mooring.dev/plan", value: plan }] }),
  };
}

/** Of `group/kind/namespace/name`. */
function resourceOf(key: string) {
  const [group = "", kind = "", namespace = "", name = ""] = key.split("/");
  return { group, kind, namespace, name };
}
