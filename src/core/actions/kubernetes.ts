import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import type { ActionTable, BuiltInAction } from "./action.ts";
import { change, createdBy, replicasOf, toggleSpec } from "./change.ts";

/** Such as kubectl's rollout restart: the pods' template changes, so they are replaced one after the other. */
const restart = change("restart", (_, { now }) => {
  const annotations = { "kubectl.kubernetes.io/restartedAt": now };
  return { spec: { template: { metadata: { annotations } } } };
});

const scale = change("scale", (_, { parameters }) => ({ spec: { replicas: replicasOf(parameters) } }), {
  params: (object) => [{ name: "replicas", default: String(viewNumber(object, "spec", "replicas") ?? 1) }],
});

const createJob: BuiltInAction = {
  name: "create-job",
  run: (object, input) => {
    const template = viewObject(object, "spec", "jobTemplate");
    return createdBy(object, input, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: viewObject(template, "metadata"),
      spec: viewObject(template, "spec"),
    });
  },
};

/** The condition by which the Job's controller learns that it has failed; it then removes the pods. */
const terminate = change(
  "terminate",
  (object, { now }) => ({
    status: {
      conditions: [
        ...viewArray(object, "status", "conditions"),
        {
          type: "FailureTarget",
          status: "True",
          reason: "ManuallyTerminated",
          message: "Terminated by an action",
          lastProbeTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  }),
  { isDisabled: (object) => isFinished(object) || object["status"] === undefined },
);

/** Of a Job: nothing is left to suspend. */
function isFinished(object: KubeObject): boolean {
  const ended = ["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet"];
  return viewArray(object, "status", "conditions").some(
    (condition) =>
      ended.includes(viewString(condition, "type") ?? "") && viewString(condition, "status") === "True",
  );
}

const pauseAndResume = toggleSpec("paused", ["pause", "resume"]);
const suspendAndResume = toggleSpec("suspend", ["suspend", "resume"]);

const ofRunningJobs = suspendAndResume.map((action) => ({
  ...action,
  isDisabled: (object: KubeObject) => isFinished(object) || action.isDisabled?.(object) === true,
}));

export const kubernetesActions: ActionTable = {
  "apps/DaemonSet": [restart],
  "apps/Deployment": [restart, ...pauseAndResume, scale],
  "apps/StatefulSet": [restart, scale],
  "batch/CronJob": [createJob, ...suspendAndResume],
  "batch/Job": [...ofRunningJobs, terminate],
};
