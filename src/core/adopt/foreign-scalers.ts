import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, isAutomated } from "#core/app/index.ts";
import type { ArgoWorkload } from "./workload.ts";

/** Who would start stopped workloads again, a sentence for each: an operator, or an Application that holds Argo CD itself. */
export function foreignScalers(
  stopped: readonly ArgoWorkload[],
  apps: readonly Application[],
): readonly string[] {
  const owned = stopped
    .filter(({ controller }) => controller !== undefined)
    .map(
      ({ kind, name, controller = "" }) =>
        `${kind}/${name}: belongs to ${controller}, which would start it again; have that stop it, or delete it first`,
    );
  const managed = apps.flatMap((app) =>
    stopped
      .filter((workload) => isAutomated(app) && holds(app, workload))
      .map(
        ({ kind, name }) =>
          `${formatAppKey(appKeyOf(app))}: has ${kind}/${name} in Git and syncs by itself, so Mooring would start Argo CD again; take Argo CD out of it, or switch its automated sync off`,
      ),
  );
  return [...owned, ...managed];
}

function holds(app: Application, { kind, name, object }: ArgoWorkload): boolean {
  return (app.status?.resources ?? []).some(
    (one) => one.kind === kind && one.name === name && one.namespace === object.metadata.namespace,
  );
}
