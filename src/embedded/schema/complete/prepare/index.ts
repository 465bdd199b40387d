import { jsonEqual, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { templateGeneration } from "../conversions.ts";
import { type Draft, open } from "../defaults/draft.ts";
import { preparePod } from "./pod.ts";
import type { Prepare } from "./prepare.ts";
import { prepareService } from "./service.ts";

/** The legacy and the current name of each label that ties pods to their Job. */
const jobLabels = {
  name: ["job-name", "batch.kubernetes.io/job-name"],
  uid: ["controller-uid", "batch.kubernetes.io/controller-uid"],
} as const;

const prepareJob: Prepare = (draft, write) => {
  if (write.live !== undefined || viewObject(draft, "spec")["manualSelector"] === true) return;
  const { name = "", uid = "" } = write.next.metadata;
  const spec = open(draft, "spec");
  const metadata = open(open(spec, "template"), "metadata");
  const labels = open(metadata, "labels");
  for (const label of jobLabels.name) labels[label] ??= name;
  for (const label of jobLabels.uid) labels[label] ??= uid;
  // A Job without labels has those of its pods.
  if (Object.keys(write.given.metadata.labels ?? {}).length === 0)
    open(draft, "metadata")["labels"] = { ...labels };
  const matched = open(open(spec, "selector"), "matchLabels");
  matched[jobLabels.uid[1]] ??= uid;
};

/** Counts changes of the template, for clients from before ControllerRevisions. */
const prepareDaemonSet: Prepare = (draft, write) => {
  const { live } = write;
  const isChanged = !jsonEqual(viewObject(draft, "spec", "template"), viewObject(live, "spec", "template"));
  const before = Number(viewString(live, "metadata", "annotations", templateGeneration) ?? 0);
  const generation = isChanged || live === undefined ? before + 1 : before;
  const annotations = open(open(draft, "metadata"), "annotations");
  annotations[templateGeneration] = String(generation);
};

const prepareNamespace: Prepare = (draft, write) => {
  if (write.live === undefined) {
    const spec = open(draft, "spec");
    const finalizers = viewArray(spec, "finalizers");
    spec["finalizers"] = finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
    draft["status"] = { phase: "Active" };
  } else if (write.subresource === "") {
    draft["spec"] = viewObject(write.live, "spec");
  }
};

/** What is in use is kept by a finalizer that admission gives it. */
function protect(draft: Draft, finalizer: string): void {
  const metadata = open(draft, "metadata");
  const finalizers = viewArray(metadata, "finalizers");
  if (!finalizers.includes(finalizer)) metadata["finalizers"] = [...finalizers, finalizer];
}

const prepareClaim: Prepare = (draft, write) => {
  if (write.live !== undefined) return;
  protect(draft, "kubernetes.io/pvc-protection");
  draft["status"] = { phase: "Pending" };
};

const preparePersistentVolume: Prepare = (draft, write, cluster) => {
  if (write.live !== undefined) return;
  protect(draft, "kubernetes.io/pv-protection");
  draft["status"] = { phase: "Pending", lastPhaseTransitionTime: cluster.now() };
};

/** A version that was the storage version once stays among those that may be stored. */
const prepareDefinition: Prepare = (draft, write) => {
  const storage = viewArray(draft, "spec", "versions").find(
    (version) => viewObject(version)["storage"] === true,
  );
  const name = viewString(storage, "name");
  const isStatus = write.subresource === "status";
  const status: Draft = { ...viewObject(isStatus ? draft : write.live, "status") };
  const stored = viewArray(status, "storedVersions");
  if (name !== undefined && !stored.includes(name)) status["storedVersions"] = [...stored, name];
  draft["status"] = status;
};

/** By `group/Kind`. */
export const preparations: Readonly<Record<string, Prepare>> = {
  "/Pod": preparePod,
  "/Service": prepareService,
  "/Namespace": prepareNamespace,
  "/PersistentVolume": preparePersistentVolume,
  "/PersistentVolumeClaim": prepareClaim,
  "apps/DaemonSet": prepareDaemonSet,
  "batch/Job": prepareJob,
  "apiextensions.k8s.io/CustomResourceDefinition": prepareDefinition,
};
