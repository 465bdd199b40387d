import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { AccountService } from "./gen/argocd/account_pb.ts";
import { ApplicationService } from "./gen/argocd/application_pb.ts";
import { ApplicationSetService } from "./gen/argocd/applicationset_pb.ts";
import { CertificateService } from "./gen/argocd/certificate_pb.ts";
import { ClusterService } from "./gen/argocd/cluster_pb.ts";
import { GPGKeyService } from "./gen/argocd/gpgkey_pb.ts";
import { route as routeOption } from "./gen/argocd/http_pb.ts";
import { NotificationService } from "./gen/argocd/notification_pb.ts";
import { ProjectService } from "./gen/argocd/project_pb.ts";
import { RepoCredsService } from "./gen/argocd/repocreds_pb.ts";
import { RepositoryService } from "./gen/argocd/repository_pb.ts";
import { SessionService } from "./gen/argocd/session_pb.ts";
import { SettingsService } from "./gen/argocd/settings_pb.ts";
import { VersionService } from "./gen/argocd/version_pb.ts";
import { AuditService } from "./gen/mooring/audit_pb.ts";
import { ImageAutomationService } from "./gen/mooring/images_pb.ts";
import { PipelineService } from "./gen/mooring/pipeline_pb.ts";
import { PlanService } from "./gen/mooring/plan_pb.ts";
import { PolicyService } from "./gen/mooring/policy_pb.ts";
import { SystemService } from "./gen/mooring/system_pb.ts";
import { TimelineService } from "./gen/mooring/timeline_pb.ts";
import { TraceService } from "./gen/mooring/trace_pb.ts";

/** The services by the name of the type that implements each. */
export const services = {
  account: AccountService,
  application: ApplicationService,
  applicationSet: ApplicationSetService,
  audit: AuditService,
  certificate: CertificateService,
  cluster: ClusterService,
  gpgKey: GPGKeyService,
  imageAutomation: ImageAutomationService,
  notification: NotificationService,
  pipeline: PipelineService,
  plan: PlanService,
  policy: PolicyService,
  project: ProjectService,
  repoCreds: RepoCredsService,
  repository: RepositoryService,
  session: SessionService,
  settings: SettingsService,
  system: SystemService,
  timeline: TimelineService,
  trace: TraceService,
  version: VersionService,
} as const satisfies Readonly<Record<string, DescService>>;

export type ServiceName = keyof typeof services;

/** One way to reach a method over REST. */
export interface Route {
  readonly verb: string;
  /** With fields of the request in braces: `/api/v1/applications/{name}`; `{name=**}` takes the rest of the path. */
  readonly path: string;
  /** The field that the body is, `*` when the body is the request itself, empty when there is none. */
  readonly body: string;
}

/** How a method is called in messages and in the audit log, such as `application.ApplicationService/Sync`. */
export function methodName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

export function routesOf(method: DescMethod): readonly Route[] {
  return getOption(method, routeOption).map(({ method: verb, path, body }) => ({ verb, path, body }));
}
