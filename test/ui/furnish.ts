import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningUp } from "../api/fixture.ts";

export const deployment = (name: string, replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: "registry.example/${name}:1.0", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}-settings, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
data: {greeting: hello, level: info}
`;

const broken = `apiVersion: v1
kind: Pod
metadata: {name: crashes, annotations: {simulate.mooring.dev/image-pull: fail}}
spec: {containers: [{name: main, image: "registry.example/crashes:1.0"}]}
`;

const files = {
  "web/all.yaml": deployment("web", 3),
  "api/all.yaml": deployment("api", 2),
  "search/all.yaml": deployment("search", 1),
  "broken/all.yaml": broken,
};

interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly team: string;
  readonly automated?: boolean;
  readonly project?: string;
}

const wanted: readonly Wanted[] = [
  { name: "shop-web", path: "web", team: "web", automated: true },
  { name: "shop-api", path: "api", team: "api", automated: true },
  { name: "shop-search", path: "search", team: "search" },
  { name: "billing", path: "api", team: "billing", automated: true, project: "money" },
  { name: "reports", path: "broken", team: "billing", automated: true, project: "money" },
];

/** An installation as one finds it: some applications are well, one never synced, one is Degraded; two are of a project of their own. */
export async function furnish(up: RunningUp): Promise<void> {
  await up.repository.commit(files, { message: "The shop and what belongs to it" });
  await create(up, "projects", {
    project: {
      metadata: { name: "money" },
      spec: {
        description: "All that has to do with money",
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        roles: [
          {
            name: "bookkeepers",
            description: "Those who look after the books",
            policies: ["p, proj:money:bookkeepers, applications, sync, money/*, allow"],
            groups: ["books"],
          },
        ],
        // Of no application that there is.
        syncWindows: [
          { kind: "deny", schedule: "0 22 * * *", duration: "8h", applications: ["nightly-*"] },
          {
            kind: "allow",
            schedule: "0 9 * * 1-5",
            duration: "2h",
            applications: ["payroll"],
            manualSync: true,
          },
        ],
      },
    },
  });
  await create(up, "repositories", { repo: up.repository.url, name: "shop" });
  for (const { name, path, team, automated = false, project = "default" } of wanted) {
    await create(up, "applications", {
      metadata: { name, namespace: "argocd", labels: { team } },
      spec: {
        project,
        source: { repoURL: up.repository.url, path, targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: name },
        syncPolicy: {
          ...(automated ? { automated: { selfHeal: true, prune: true } } : {}),
          syncOptions: ["CreateNamespace=true"],
        },
      },
    });
  }
}

/** Waits until each of the applications has this health. */
export async function untilHealth(up: RunningUp, health: string, names: readonly string[]): Promise<void> {
  for (const name of names)
    await eventually(async () => {
      const { body } = await up.admin.get(`applications/${name}`);
      const status = viewString(body, "status", "health", "status");
      if (status !== health)
        throw new Error(`Application/${name}: is ${status ?? "nothing yet"}, not ${health}`);
    });
}

/** Creates something over the API. Throws what the server says. */
export async function create(up: RunningUp, path: string, body: JsonObject): Promise<void> {
  const { status, body: answer } = await up.admin.send("POST", path, body);
  if (status !== 200) throw new Error(`${path}: not created: ${JSON.stringify(answer)}`);
}
