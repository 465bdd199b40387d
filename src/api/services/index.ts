import type { ApiMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import { accountMethods } from "./account.ts";
import { applicationSetMethods } from "./application-set/index.ts";
import { applicationMethods } from "./application/index.ts";
import { auditMethods } from "./audit.ts";
import { certificateMethods } from "./certificate/index.ts";
import { clusterMethods } from "./cluster/index.ts";
import { gpgKeyMethods } from "./gpg-key/index.ts";
import { imageAutomationMethods } from "./image-automation.ts";
import { notificationMethods } from "./notification.ts";
import { pipelineMethods } from "./pipeline/index.ts";
import { planMethods } from "./plan.ts";
import { policyMethods } from "./policy.ts";
import { projectMethods } from "./project/index.ts";
import { repoCredsMethods } from "./repo-creds/index.ts";
import { repositoryMethods } from "./repository/index.ts";
import { sessionMethods } from "./session.ts";
import { settingsMethods } from "./settings.ts";
import { systemMethods } from "./system.ts";
import { timelineMethods } from "./timeline.ts";
import { traceMethods } from "./trace.ts";
import { versionMethods } from "./version.ts";

/** Everything that the API answers. */
export function apiMethods(context: ApiContext): ApiMethods<Caller> {
  return {
    account: accountMethods(context),
    application: applicationMethods(context),
    applicationSet: applicationSetMethods(context),
    audit: auditMethods(context),
    certificate: certificateMethods(context),
    cluster: clusterMethods(context),
    gpgKey: gpgKeyMethods(context),
    imageAutomation: imageAutomationMethods(context),
    notification: notificationMethods(context),
    pipeline: pipelineMethods(context),
    plan: planMethods(context),
    policy: policyMethods(context),
    project: projectMethods(context),
    repoCreds: repoCredsMethods(context),
    repository: repositoryMethods(context),
    session: sessionMethods(context),
    settings: settingsMethods(context),
    system: systemMethods(context),
    timeline: timelineMethods(context),
    trace: traceMethods(context),
    version: versionMethods(context),
  };
}
