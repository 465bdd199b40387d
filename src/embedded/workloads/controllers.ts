import { Autoscalers } from "./autoscaling/autoscalers.ts";
import type { Controller, WorkContext } from "./base/controller.ts";
import { Claims } from "./claims/claims.ts";
import { Volumes } from "./claims/volumes.ts";
import { CronJobs } from "./cron-job/cron-jobs.ts";
import { DaemonSets } from "./daemon-set/daemon-sets.ts";
import { Deployments } from "./deployment/deployments.ts";
import { DisruptionBudgets } from "./disruption/disruption-budgets.ts";
import { AbandonedPods } from "./jobs/abandoned-pods.ts";
import { Jobs } from "./jobs/jobs.ts";
import { EndpointSlices } from "./network/endpoint-slices.ts";
import { Ingresses } from "./network/ingresses.ts";
import { LoadBalancers } from "./network/load-balancers.ts";
import { Scheduler } from "./nodes/scheduler.ts";
import { Kubelet } from "./pods/kubelet.ts";
import { ReplicaSets } from "./replica-set/replica-sets.ts";
import { StatefulSets } from "./stateful-set/stateful-sets.ts";

/** All controllers of the simulation. */
export function createControllers(context: WorkContext): readonly Controller[] {
  return [
    new Claims(context),
    new Volumes(context),
    new Scheduler(context),
    new Kubelet(context),
    new ReplicaSets(context),
    new Deployments(context),
    new StatefulSets(context),
    new DaemonSets(context),
    new Jobs(context),
    new AbandonedPods(context),
    new CronJobs(context),
    new EndpointSlices(context),
    new LoadBalancers(context),
    new Ingresses(context),
    new Autoscalers(context),
    new DisruptionBudgets(context),
  ];
}
