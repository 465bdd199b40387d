import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { clusterSecretName } from "#core/cluster/index.ts";
import { formatRepositorySecret } from "#core/repo/index.ts";
import type { Example, Examples } from "./example.ts";
import { forAll, naming, under } from "./example.ts";
import { pipelineExamples, pipelineObjects } from "./pipeline-examples.ts";
import { strangersProject } from "./start-api.ts";

const none: Example = { request: {} };
const namespace = "argocd";
/** Everything that the stranger must not see has this in its name. */
export const hidden = "guarded";
const project = `${hidden}-project`;
const app = `${hidden}-web`;
const guarded = { name: `${hidden}-pipeline`, project };
const cluster = `https://${hidden}-cluster.invalid`;
const second = `https://${hidden}-second.invalid`;
const account = `${hidden}-robot`;
const inCluster = "https://kubernetes.default.svc";

const spec = (repository: string, within: string): JsonObject => ({
  project: within,
  source: { repoURL: repository, path: "." },
  destination: { server: inCluster, namespace: "default" },
});

function application(name: string, within: string, repository: string): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace },
    spec: { ...spec(repository, within), syncPolicy: { automated: {} } },
  };
}

function applicationSet(name: string, within: string): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: { name, namespace },
    spec: {
      generators: [{ list: { elements: [{ name: "a" }] } }],
      template: { metadata: { name: "{{name}}" }, spec: spec("https://nowhere.invalid", within) },
    },
  };
}

function imageAutomation(name: string): KubeObject {
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "ImageAutomation",
    metadata: { name, namespace },
    spec: {
      project,
      suspend: true,
      git: { repoURL: "https://nowhere.invalid" },
      images: [{ image: "nowhere.invalid/web" }],
    },
  };
}

function imageExamples(): Examples {
  const of = naming({ name: `${hidden}-images` }, { name: "nothing" });
  return under("mooring.images.ImageAutomationService", {
    List: forAll,
    Get: of,
    Scan: of,
    Suspend: of,
    Resume: of,
  });
}

/** What is there when the matrix is gone through. */
export function examplesObjects(repository: string, theirs: string): readonly KubeObject[] {
  return [
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: project, namespace },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
        roles: [{ name: "ci", policies: [] }],
      },
    },
    strangersProject,
    application(app, project, repository),
    application("theirs", "other", theirs),
    applicationSet(`${hidden}-set`, project),
    applicationSet("theirs", "other"),
    imageAutomation(`${hidden}-images`),
    ...pipelineObjects(guarded),
    formatRepositorySecret({ url: repository }, namespace),
    formatRepositorySecret({ url: second }, namespace),
    formatRepositorySecret({ url: repository }, namespace, "repository-write"),
    formatRepositorySecret(
      { url: `https://${hidden}.invalid`, password: "hunter2" },
      namespace,
      "repo-creds",
    ),
    formatRepositorySecret(
      { url: `https://${hidden}.invalid`, password: "hunter2" },
      namespace,
      "repo-write-creds",
    ),
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: clusterSecretName(cluster),
        namespace,
        labels: { "argocd.argoproj.io/secret-type": "cluster" },
      },
      type: "Opaque",
      stringData: { name: `${hidden}-cluster`, server: cluster, config: '{"bearerToken":"hunter2"}' },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", namespace, labels: { "app.kubernetes.io/part-of": "argocd" } },
      data: { [`accounts.${account}`]: "login, apiKey", "server.rbac.log.enforce.enable": "true" },
    },
  ];
}

/** One example of every method. */
export function createExamples({
  repository,
  password,
}: {
  readonly repository: string;
  readonly password: string;
}): Readonly<Record<string, Example>> {
  return {
    ...applicationExamples(repository),
    ...projectExamples(),
    ...repositoryExamples(repository),
    ...configExamples(),
    ...ownExamples(repository),
    ...accountExamples(password),
    ...clusterExamples(),
    ...applicationSetExamples(),
    ...imageExamples(),
    ...pipelineExamples(guarded),
  };
}

function applicationExamples(repository: string): Examples {
  const of = (request: JsonObject = {}) => naming({ name: app, ...request }, { name: "nothing" });
  const resource = {
    namespace: "default",
    resourceName: "settings",
    version: "v1",
    group: "",
    kind: "ConfigMap",
  };
  const tree = naming({ applicationName: app }, { applicationName: "nothing" });
  const updated = (name: string): JsonObject => ({
    application: { metadata: { name }, spec: spec(repository, project) },
  });
  const revision = { revision: "0".repeat(40) };
  return under("application.ApplicationService", {
    List: forAll,
    ListResourceEvents: of(),
    Watch: forAll,
    Create: {
      request: {
        application: { metadata: { name: `${hidden}-new` }, spec: spec(repository, project) },
      },
    },
    Get: of(),
    GetApplicationSyncWindows: of(),
    RevisionMetadata: of(revision),
    RevisionChartDetails: of(revision),
    GetOCIMetadata: of(revision),
    GetManifests: of(),
    GetManifestsWithFiles: {
      request: { query: { name: app, checksum: "" } },
      missing: { query: { name: "nothing", checksum: "" } },
    },
    Update: naming(updated(app), updated("nothing")),
    UpdateSpec: of({ spec: spec(repository, project) }),
    Patch: of({ patch: '{"metadata":{"labels":{"tier":"front"}}}', patchType: "merge" }),
    Delete: of({ cascade: false }),
    Sync: of({ dryRun: true }),
    ManagedResources: tree,
    ServerSideDiff: naming({ appName: app }, { appName: "nothing" }),
    ResourceTree: tree,
    WatchResourceTree: tree,
    Rollback: of({ id: 1 }),
    TerminateOperation: of(),
    GetResource: of(resource),
    PatchResource: of({
      ...resource,
      patch: '{"data":{"a":"2"}}',
      patchType: "application/merge-patch+json",
    }),
    ListResourceActions: of(resource),
    RunResourceAction: of({ ...resource, action: "restart" }),
    RunResourceActionV2: of({ ...resource, action: "restart" }),
    DeleteResource: of(resource),
    PodLogs: of({ podName: "nothing", namespace: "default" }),
    ListLinks: of(),
    ListResourceLinks: of(resource),
  });
}

function projectExamples(): Examples {
  const of = naming({ name: project }, { name: "nothing" });
  const token = (request: JsonObject) => naming({ project, role: "ci", ...request }, { project: "nothing" });
  const updated = (name: string): JsonObject => ({ project: { metadata: { name }, spec: {} } });
  return under("project.ProjectService", {
    CreateToken: token({ id: "deploys", expiresIn: 60 }),
    DeleteToken: token({ iat: 1, id: "deploys" }),
    Create: { request: updated(`${hidden}-new`) },
    List: forAll,
    GetDetailedProject: of,
    Get: of,
    GetGlobalProjects: of,
    Update: naming(
      {
        project: {
          metadata: { name: project },
          spec: {
            sourceRepos: ["*"],
            destinations: [{ server: "*", namespace: "*" }],
            roles: [{ name: "ci" }],
          },
        },
      },
      updated("nothing"),
    ),
    Delete: of,
    ListEvents: of,
    GetSyncWindowsState: of,
    ListLinks: of,
  });
}

function repositoryExamples(repository: string): Examples {
  const nowhere = `${repository}-of-nobody`;
  const of = naming({ repo: repository }, { repo: nowhere });
  const created: Example = { request: { repo: { repo: repository, username: "ada" }, upsert: true } };
  const updated = naming({ repo: { repo: repository } }, { repo: { repo: nowhere } });
  const source = (url: string): JsonObject => ({
    source: { repoURL: url, path: ".", targetRevision: "main" },
    appProject: project,
    appName: app,
  });
  const apps = { revision: "main", appProject: project, appName: app };
  return under("repository.RepositoryService", {
    List: forAll,
    Get: of,
    GetWrite: of,
    ListRepositories: forAll,
    ListWriteRepositories: forAll,
    ListRefs: of,
    ListOCITags: of,
    ListApps: naming({ repo: repository, ...apps }, { repo: nowhere }),
    GetAppDetails: naming(source(repository), source(nowhere)),
    GetHelmCharts: of,
    Create: created,
    CreateRepository: created,
    CreateWriteRepository: created,
    Update: updated,
    UpdateRepository: updated,
    UpdateWriteRepository: updated,
    Delete: of,
    DeleteRepository: naming({ repo: second }, { repo: nowhere }),
    DeleteWriteRepository: of,
    ValidateAccess: { request: { repo: repository } },
    ValidateWriteAccess: { request: { repo: repository } },
  });
}

function configExamples(): Examples {
  const creds = (url: string): JsonObject => ({ creds: { url, username: "ada" } });
  const known = `https://${hidden}.invalid`;
  const created: Example = { request: { ...creds(`https://${hidden}-new.invalid`), upsert: true } };
  const updated = naming(creds(known), creds("https://nowhere.invalid"));
  const removed = naming({ url: known }, { url: "https://nowhere.invalid" });
  const key = { keyID: "0000000000000000" };
  return {
    ...under("repocreds.RepoCredsService", {
      ListRepositoryCredentials: forAll,
      ListWriteRepositoryCredentials: forAll,
      CreateRepositoryCredentials: created,
      CreateWriteRepositoryCredentials: created,
      UpdateRepositoryCredentials: updated,
      UpdateWriteRepositoryCredentials: updated,
      DeleteRepositoryCredentials: removed,
      DeleteWriteRepositoryCredentials: removed,
    }),
    ...under("certificate.CertificateService", {
      ListCertificates: none,
      CreateCertificate: {
        request: {
          certificates: {
            items: [
              {
                serverName: "git.invalid",
                certType: "ssh",
                certSubType: "ssh-ed25519",
                certData: Buffer.from("AAAA").toString("base64"),
              },
            ],
          },
        },
      },
      DeleteCertificate: { request: { hostNamePattern: "git.invalid" } },
    }),
    ...under("gpgkey.GPGKeyService", {
      List: none,
      Get: { request: key, missing: key },
      Create: { request: { publickey: { keyData: "no key" } } },
      Delete: { request: key, missing: key },
    }),
    ...under("notification.NotificationService", {
      ListTriggers: forAll,
      ListServices: forAll,
      ListTemplates: forAll,
    }),
    ...under("cluster.SettingsService", { Get: forAll, GetPlugins: forAll }),
    ...under("version.VersionService", { Version: forAll }),
  };
}

/** Of services that Argo CD has not got. */
function ownExamples(repository: string): Examples {
  return {
    ...under("mooring.audit.AuditService", { List: none }),
    ...under("mooring.plan.PlanService", {
      Make: naming({ name: app }, { name: "nothing" }),
      Preview: {
        request: {
          application: { metadata: { name: `${hidden}-planned` }, spec: spec(repository, project) },
        },
      },
      Approve: naming({ name: app, digest: `sha256:${"0".repeat(64)}` }, { name: "nothing" }),
    }),
    ...under("mooring.policy.PolicyService", {
      Explain: {
        request: { subject: account, resource: "applications", action: "get", object: `${project}/${app}` },
      },
    }),
    ...under("mooring.timeline.TimelineService", { Get: naming({ name: app }, { name: "nothing" }) }),
    ...under("mooring.trace.TraceService", {
      Find: { ...forAll, request: { what: hidden, kind: "image" } },
      Figures: forAll,
    }),
    ...under("mooring.system.SystemService", { Get: forAll }),
  };
}

function accountExamples(password: string): Examples {
  const of = naming({ name: account, id: "deploys" }, { name: "nothing" });
  return {
    ...under("account.AccountService", {
      CanI: { request: { resource: "applications", action: "get", subresource: "*/*" }, isForAll: true },
      UpdatePassword: naming(
        { name: account, currentPassword: password, newPassword: "correct horse battery" },
        { name: "nothing" },
      ),
      ListAccounts: forAll,
      GetAccount: naming({ name: account }, { name: "nothing" }),
      CreateToken: of,
      DeleteToken: of,
    }),
    ...under("session.SessionService", {
      GetUserInfo: forAll,
      Create: { request: { username: "admin", password }, isForAll: true },
      Delete: forAll,
    }),
  };
}

function clusterExamples(): Examples {
  const by = (server: string): JsonObject => ({ id: { type: "server", value: server } });
  const of = naming(by(cluster), by("https://nowhere.invalid"));
  return under("cluster.ClusterService", {
    List: forAll,
    Create: {
      request: {
        cluster: { server: `https://${hidden}-new.invalid`, name: "new", config: { tlsClientConfig: {} } },
        upsert: true,
      },
    },
    Get: of,
    Update: naming(
      { ...by(cluster), cluster: { server: cluster, name: "renamed" }, updatedFields: ["name"] },
      { ...by("https://nowhere.invalid"), cluster: { server: "https://nowhere.invalid" } },
    ),
    Delete: of,
    RotateAuth: of,
    InvalidateCache: of,
  });
}

function applicationSetExamples(): Examples {
  const of = naming({ name: `${hidden}-set` }, { name: "nothing" });
  const { metadata, spec: wanted } = applicationSet(`${hidden}-new`, project);
  const set = { metadata, spec: wanted } as JsonObject;
  return under("applicationset.ApplicationSetService", {
    Get: of,
    Generate: { request: { applicationSet: set } },
    List: forAll,
    Create: { request: { applicationset: set, upsert: true } },
    Delete: of,
    ResourceTree: of,
    ListResourceEvents: of,
    Watch: forAll,
  });
}
