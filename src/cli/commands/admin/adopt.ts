import { actsBesideMooring, foreignScalers, startPatch, stopPatch } from "#core/adopt/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { planApplications } from "../../adopt/plan-applications.ts";
import { readInstallation, readLeader, readWorkloads } from "../../adopt/read-installation.ts";
import type { AdoptReport } from "../../adopt/report.ts";
import { formatReport, unclearApplications } from "../../adopt/report.ts";
import { awaitStopped, scaleWorkloads } from "../../adopt/scale.ts";
import { backupNamespaceFlags, readNamespaces } from "../../backup/namespaces.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand, noArgs } from "../../command.ts";
import type { ClusterHub } from "../../hub.ts";
import { adminFlags, listHub, openAdminHub } from "../../hub.ts";
import { listPlacedApplications } from "../../list-applications.ts";
import type { CliPorts } from "../../ports.ts";

export const command = defineCommand({
  name: "admin adopt",
  summary: "Take the place of an installed Argo CD, and show before that it changes no object",
  details:
    "Looks at the Argo CD of the control plane's namespace, renders and compares every application as Mooring would, and lists what would change. With --yes, or a yes on the terminal, Argo CD's controllers are stopped and what they were is noted, so that two controllers never act at once; --undo puts them back. Nothing else is written: Applications, projects, settings and Secrets are used as they are.\nExit codes: 0 nothing changes, 1 something would change or is in the way.",
  examples: [
    "mooring admin adopt -n argocd",
    "mooring admin adopt --yes",
    "mooring admin adopt --undo --yes",
  ],
  args: noArgs,
  flags: {
    ...adminFlags,
    "dry-run": { type: "boolean", description: "Only show; do not ask" },
    yes: { type: "boolean", short: "y", description: "Do it without a question" },
    "allow-changes": {
      type: "boolean",
      description: "Do it although objects would change, or although of some it cannot be said",
    },
    undo: { type: "boolean", description: "Give Argo CD's controllers back the replicas that they had" },
    "application-namespaces": backupNamespaceFlags["application-namespaces"],
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openAdminHub(invocation, ports);
    const context = { hub, ports };
    const isDryRun = flags["dry-run"] === true;
    const isMeant = async (question: string) => {
      if (isDryRun || (flags.yes !== true && !ports.stdin.isTTY)) return false;
      return flags.yes === true || (await confirm(question, { ports, flag: "--yes" }));
    };
    if (flags.undo === true) return await undo(context, isMeant);
    const given = {
      "application-namespaces": flags["application-namespaces"],
      "applicationset-namespaces": [],
    };
    const report = await readReport(context, await readNamespaces(given, hub, ports.signal));
    ports.stdout.write(formatReport(report));
    const unclear = unclearApplications(report).length;
    const isRefused = report.blockers.length > 0 || (unclear > 0 && flags["allow-changes"] !== true);
    if (isRefused) {
      if (flags.yes === true && !isDryRun) throw refusal(report);
      return 1;
    }
    if (!(await isMeant(`Stop Argo CD's controllers ${hub.place}?`))) {
      ports.stderr.write(`nothing was changed; take over with: mooring admin adopt --yes${within(hub)}\n`);
      return unclear > 0 ? 1 : 0;
    }
    await scaleWorkloads(report.stopped, stopPatch, context);
    await awaitStopped(report.stopped, context);
    ports.stdout.write(
      `Argo CD's controllers are stopped; start Mooring with: mooring install --apply --skip-crds${within(hub)}\n`,
    );
    return 0;
  },
});

interface AdoptContext {
  readonly hub: ClusterHub;
  readonly ports: CliPorts;
}

async function readReport(
  context: AdoptContext,
  place: Awaited<ReturnType<typeof readNamespaces>>,
): Promise<AdoptReport> {
  const { hub, ports } = context;
  const { signal } = ports;
  const workloads = await readWorkloads(hub, signal);
  const [objects, sets, leader] = await Promise.all([
    listPlacedApplications(hub, place, signal),
    listHub(hub, hubTypes.applicationSet, { signal }).catch((error: unknown) => {
      // Older installations have no ApplicationSets.
      if (isMooringError(error, "CONFIG_NOT_FOUND")) return [];
      throw error;
    }),
    readLeader(hub, ports),
  ]);
  const stopped = workloads.filter((workload) => actsBesideMooring(workload, sets.length > 0));
  const installation = await readInstallation(hub, workloads, ports);
  const kept =
    sets.length > 0
      ? [
          `${sets.length} ApplicationSets: Mooring does not make Applications of them yet; argocd-applicationset-controller and argocd-repo-server go on doing it`,
        ]
      : [];
  return {
    namespace: hub.namespace,
    context: hub.context,
    workloads,
    stopped,
    installation: { ...installation, remarks: [...installation.remarks, ...kept] },
    applications: await planApplications(objects, context),
    blockers: [
      ...foreignScalers(stopped, readable(objects)),
      ...(leader === undefined ? [] : [leads(leader, "two controllers would act at once", hub)]),
    ],
  };
}

function readable(objects: readonly KubeObject[]) {
  return objects.flatMap((object) => {
    try {
      return [parseApplication(object)];
    } catch (error) {
      // It is named among the applications as one that cannot be planned.
      if (isMooringError(error)) return [];
      throw error;
    }
  });
}

/** Said in every command that is told to be run: without it another namespace would be meant. */
function within({ namespace }: ClusterHub): string {
  return ` -n ${namespace}`;
}

function leads(leader: string, harm: string, hub: ClusterHub): string {
  return `Lease mooring-controller: a controller of Mooring leads here already (${leader}), and ${harm}; stop it first: kubectl scale deployment mooring-controller --replicas 0${within(hub)}`;
}

function refusal(report: AdoptReport): MooringError {
  const why =
    report.blockers.length > 0
      ? "what is listed under “not to be done before” is in the way; correct it and run again"
      : "objects would change, as listed above; sync or correct them with Argo CD first, or add --allow-changes";
  return new MooringError("SYNC_REFUSED", `admin adopt: ${why}`);
}

async function undo(context: AdoptContext, isMeant: (question: string) => Promise<boolean>): Promise<number> {
  const { hub, ports } = context;
  const workloads = await readWorkloads(hub, ports.signal);
  const stopped = workloads.filter(({ formerReplicas }) => formerReplicas !== undefined);
  if (stopped.length === 0) {
    ports.stdout.write(`nothing of the Argo CD in namespace ${hub.namespace} was stopped by Mooring\n`);
    return 0;
  }
  for (const { kind, name, replicas, formerReplicas = 0 } of stopped)
    ports.stdout.write(`${kind}/${name}: ${replicas} replicas, had ${formerReplicas}\n`);
  const leader = await readLeader(hub, ports);
  if (leader !== undefined)
    throw new MooringError("SYNC_REFUSED", leads(leader, "Argo CD would act beside it", hub));
  if (!(await isMeant(`Start Argo CD's controllers ${hub.place} again?`))) {
    ports.stderr.write(
      `nothing was changed; put them back with: mooring admin adopt --undo --yes${within(hub)}\n`,
    );
    return 0;
  }
  await scaleWorkloads(stopped, startPatch, context);
  return 0;
}
