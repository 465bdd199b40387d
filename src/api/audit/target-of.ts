import type { DescMethod } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { AuditTarget } from "#ports/audit-store.ts";
import type { ServiceName } from "../contract/methods.ts";
import { services } from "../contract/methods.ts";
import { shortText } from "./short-text.ts";

/** Where the requests of a service say what they are about: the first path that leads to a text. */
interface Naming {
  readonly kind: string;
  readonly name: readonly string[];
  readonly project?: readonly string[];
  readonly namespace?: readonly string[];
}

const application: Naming = {
  kind: "Application",
  name: ["name", "applicationName", "appName", "application.metadata.name", "query.name"],
  project: ["project", "application.spec.project", "query.project"],
  namespace: ["appNamespace", "application.metadata.namespace", "query.appNamespace"],
};

const credentialTemplate: Naming = { kind: "RepositoryCredentials", name: ["creds.url", "url"] };

const namings: Readonly<Partial<Record<ServiceName, Naming>>> = {
  account: { kind: "Account", name: ["name"] },
  application,
  applicationSet: {
    kind: "ApplicationSet",
    name: ["name", "applicationset.metadata.name", "applicationSet.metadata.name"],
    project: ["applicationset.spec.template.spec.project", "applicationSet.spec.template.spec.project"],
    namespace: ["appsetNamespace", "applicationset.metadata.namespace", "applicationSet.metadata.namespace"],
  },
  audit: { kind: "Audit", name: [] },
  certificate: { kind: "Certificate", name: ["hostNamePattern", "certificates.items.0.serverName"] },
  cluster: {
    kind: "Cluster",
    name: ["cluster.server", "server", "id.value", "name"],
    project: ["cluster.project"],
  },
  gpgKey: { kind: "GnuPGPublicKey", name: ["keyID", "publickey.keyID"] },
  imageAutomation: { kind: "ImageAutomation", name: ["name"], namespace: ["namespace"] },
  pipeline: {
    kind: "Pipeline",
    name: ["name", "pipeline.metadata.name", "pipeline", "targets.0.pipeline"],
    project: ["pipeline.spec.project"],
    namespace: ["namespace", "pipeline.metadata.namespace", "targets.0.namespace"],
  },
  plan: application,
  policy: { kind: "Policy", name: ["subject"] },
  project: {
    kind: "AppProject",
    name: ["name", "project.metadata.name", "project"],
    project: ["name", "project.metadata.name", "project"],
  },
  repoCreds: credentialTemplate,
  repository: {
    kind: "Repository",
    name: ["repo.repo", "repo", "source.repoURL"],
    project: ["repo.project", "appProject", "project"],
  },
  session: { kind: "Session", name: [] },
};

const promotion: Naming = { kind: "Promotion", name: ["promotion"], namespace: ["namespace"] };

/** Methods that are about another kind than their service. */
const namingsOfMethods: ReadonlyMap<DescMethod, Naming> = new Map<DescMethod, Naming>([
  [services.pipeline.method.getPromotion, promotion],
  [services.pipeline.method.promotionPlan, promotion],
  [services.pipeline.method.approve, promotion],
  [services.pipeline.method.reject, promotion],
  [services.pipeline.method.breakGlass, promotion],
]);

/** What a request is about, as far as it says so. What is secret in a request is none of it. */
export function targetOf(method: DescMethod, request: JsonObject | undefined): AuditTarget {
  const service = (Object.keys(services) as ServiceName[]).find((name) => services[name] === method.parent);
  const naming = namingsOfMethods.get(method) ?? (service === undefined ? undefined : namings[service]);
  if (naming === undefined) return { kind: "", project: "", namespace: "", name: "" };
  return {
    kind: naming.kind,
    project: textAt(request, naming.project),
    namespace: textAt(request, naming.namespace),
    name: textAt(request, naming.name),
  };
}

function textAt(request: JsonObject | undefined, paths: readonly string[] = []): string {
  for (const path of paths) {
    const value = valueAt(request, path);
    if (typeof value === "string" && value !== "") return shortText(withoutCredentials(value));
  }
  return "";
}

function valueAt(request: JsonObject | undefined, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = request;
  for (const step of path.split(".")) {
    if (isJsonArray(value)) value = value[Number(step)];
    else value = isJsonObject(value) ? value[step] : undefined;
  }
  return value;
}

/** A URL as somebody sent it may have a password in it, also one that no program can read, and a token behind its question mark. */
function withoutCredentials(text: string): string {
  const [scheme = ""] = /^[\w+.-]+:\/\//u.exec(text) ?? [];
  if (scheme === "") return text;
  const rest = text.slice(scheme.length).replace(/[?#].*$/su, "");
  return `${scheme}${rest.replace(URL.canParse(text) ? /^[^/]*@/u : /^.*@/su, "")}`;
}
