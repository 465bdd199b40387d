import type { JsonValue } from "#core/object/index.ts";
import { isUnset, type Defaulter, fill, filling } from "./draft.ts";

const core = "io.k8s.api.core.v1.";
const sourceMode = filling({ defaultMode: 420 });

const container: Defaulter = (draft) => {
  fill(draft, {
    imagePullPolicy: pullPolicyOf(draft["image"]),
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
};

/** `latest` and no tag at all are always pulled; a digest never changes. */
function pullPolicyOf(image: JsonValue | undefined): "Always" | "IfNotPresent" {
  if (typeof image !== "string" || !/^[\w./:@-]+$/.test(image) || image.includes("@")) return "IfNotPresent";
  const name = image.slice(image.lastIndexOf("/") + 1);
  const tag = name.includes(":") ? name.slice(name.indexOf(":") + 1) : "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

/** Defaults of pods and of the templates for them. */
export const podDefaults: Readonly<Record<string, Defaulter>> = {
  [`${core}Container`]: container,
  [`${core}EphemeralContainer`]: container,
  [`${core}PodSpec`]: (draft) => {
    const account = draft["serviceAccountName"] ?? draft["serviceAccount"];
    if (!isUnset(account)) Object.assign(draft, { serviceAccountName: account, serviceAccount: account });
    fill(draft, {
      dnsPolicy: "ClusterFirst",
      restartPolicy: "Always",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
    });
  },
  [`${core}Probe`]: filling({
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  }),
  [`${core}HTTPGetAction`]: filling({ path: "/", scheme: "HTTP" }),
  [`${core}ObjectFieldSelector`]: filling({ apiVersion: "v1" }),
  [`${core}Volume`]: (draft) => {
    const hasSource = Object.keys(draft).some((field) => field !== "name" && !isUnset(draft[field]));
    if (!hasSource) draft["emptyDir"] = {};
  },
  [`${core}ImageVolumeSource`]: (draft) => fill(draft, { pullPolicy: pullPolicyOf(draft["reference"]) }),
  [`${core}SecretVolumeSource`]: sourceMode,
  [`${core}ConfigMapVolumeSource`]: sourceMode,
  [`${core}DownwardAPIVolumeSource`]: sourceMode,
  [`${core}ProjectedVolumeSource`]: sourceMode,
  [`${core}ServiceAccountTokenProjection`]: filling({ expirationSeconds: 3600 }),
};
