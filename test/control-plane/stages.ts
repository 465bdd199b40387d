/**
 * The life of nodes and pods, played by KWOK. What a pod does follows from what its containers say
 * (`command` and `args`):
 *
 * - `true`, or any other command: ends with 0 · `false`: with 1 · `exit N`: with N · `sleep N` before
 *   that: after N seconds (`s`, `m`, `h` are read too) · `sleep infinity`: never ends.
 * - Only pods with restartPolicy Never or OnFailure end. One without any command ends when a Job owns
 *   it, and runs on when none does. Under OnFailure a failing container is restarted.
 * - restartPolicy Always and a command that fails: CrashLoopBackOff.
 * - an image whose name contains `does-not-exist`: ImagePullBackOff.
 * - annotation `mooring.dev/simulate`: `crash-loop` or `not-ready` (runs, never ready).
 * - annotation `mooring.dev/ready-after`: a duration such as `2s` before the pod runs and is ready.
 */

import { programs, programVersion } from "./programs.ts";

const script = `((.command // []) + (.args // []) | join(" "))`;
const seconds = `[${script} | scan("\\\\bsleep +([0-9.]+)([smh]?)") | (.[0] | tonumber) * ({"": 1, "s": 1, "m": 60, "h": 3600}[.[1]])] | add // 0`;
const sleeps = `[.spec.containers[] | ${seconds}] | max`;
const hangs = `([.spec.containers[] | ${script} | test("\\\\bsleep +inf|\\\\btail +-f")] | any)`;
const fails = `([.spec.containers[] | ${script} | test("\\\\bexit +0*[1-9]|(^|[ ;&/])false$")] | any)`;
const hasCommand = `([.spec.containers[] | ${script} != ""] | any)`;
const ownedByJob = `([.metadata.ownerReferences[]? | .kind == "Job"] | any)`;

const life = [
  `if ([.spec.containers[].image | test("does-not-exist")] | any) then "image-pull"`,
  `elif .metadata.annotations["mooring.dev/simulate"] != null then .metadata.annotations["mooring.dev/simulate"]`,
  `elif .spec.restartPolicy == "Always" and ${fails} then "crash-loop"`,
  `elif .spec.restartPolicy == "Always" or ${hangs} then "run"`,
  `elif (${ownedByJob} or ${hasCommand}) | not then "run"`,
  `elif .spec.restartPolicy == "OnFailure" and ${fails} then "restart"`,
  `else "end" end`,
].join(" ");

const phase = ".status.phase";
const waitingReason = ".status.containerStatuses[]? | .state.waiting.reason";
const readyCondition = `.status.conditions[]? | select(.type == "Ready") | .status`;
const alive = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const pending = { key: phase, operator: "In", values: ["Pending"] };
const running = { key: phase, operator: "In", values: ["Running"] };

type Expression = { readonly key: string; readonly operator: string; readonly values?: readonly string[] };

interface StageSpec {
  readonly kind: "Node" | "Pod";
  readonly when: readonly Expression[];
  readonly delay?: object;
  readonly next: { readonly statusTemplate: string } | { readonly delete: true };
}

/** The stages as the configuration file that KWOK reads: one JSON document each. */
export function formatStages(): string {
  return Object.entries(stages)
    .map(([name, stage]) => JSON.stringify(stageObject(name, stage)))
    .join("\n---\n");
}

function stageObject(name: string, { kind, when, delay, next }: StageSpec): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions: when }, delay, next },
  };
}

function lives(...values: readonly string[]): Expression {
  return { key: life, operator: "In", values };
}

const network = `
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs: [ {{ range . }}{ip: {{ . | Quote }}},{{ end }} ]
{{ end }}
{{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
podIP: {{ index . 0 | Quote }}
podIPs: [ {{ range . }}{ip: {{ . | Quote }}},{{ end }} ]
{{ end }}
startTime: {{ Now | Quote }}
`;

const initContainers = `
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0
  ready: true
  {{ if eq (or .restartPolicy "") "Always" }}
  started: true
  state: {running: {startedAt: {{ Now | Quote }}}}
  {{ else }}
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now | Quote }}, finishedAt: {{ Now | Quote }}}}
  {{ end }}
{{ else }} []
{{ end }}
`;

function conditions(ready: boolean, reason?: string): string {
  const because = reason === undefined ? "" : `, reason: ${reason}`;
  const entry = (type: string, status: boolean) =>
    `- {type: ${type}, status: "${status ? "True" : "False"}", lastTransitionTime: {{ Now | Quote }}${status ? "" : because}}`;
  return `
conditions:
${entry("Initialized", true)}
${entry("Ready", ready)}
${entry("ContainersReady", ready)}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ Now | Quote }}}
{{ end }}
`;
}

function containers(status: string): string {
  return `
containerStatuses:
{{ $old := or .status.containerStatuses list }}
{{ range $index, $item := .spec.containers }}
{{ $before := dict }}{{ if lt $index (len $old) }}{{ $before = index $old $index }}{{ end }}
{{ $restarts := int (or $before.restartCount 0) }}
{{ $script := join " " (concat (or $item.command list) (or $item.args list)) }}
{{ $code := 0 }}
{{ if regexMatch "\\\\bexit +[0-9]+" $script }}
{{ $code = regexFind "\\\\bexit +[0-9]+" $script | regexFind "[0-9]+" | atoi }}
{{ else if regexMatch "(^|[ ;&/])false$" $script }}{{ $code = 1 }}{{ end }}
{{ if $code }}{{ $failed = true }}{{ end }}
{{ $startedAt := Now }}
{{ with $before.state }}{{ with .running }}{{ $startedAt = .startedAt }}{{ end }}{{ end }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  imageID: ""
  ${status.trim().replaceAll("\n", "\n  ")}
{{ end }}
`;
}

const terminated = `{exitCode: {{ $code }}, reason: {{ if $code }}Error{{ else }}Completed{{ end }}, startedAt: {{ $startedAt | Quote }}, finishedAt: {{ Now | Quote }}}`;
const started =
  "ready: true\nstarted: true\nrestartCount: 0\nstate: {running: {startedAt: {{ Now | Quote }}}}";
const crashed = `{exitCode: {{ or $code 1 }}, reason: Error, startedAt: {{ $startedAt | Quote }}, finishedAt: {{ Now | Quote }}}`;

function waiting(reason: string, restarts: string): string {
  return `ready: false\nstarted: false\nrestartCount: ${restarts}\nstate: {waiting: {reason: ${reason}, message: "back-off"}}`;
}

function podStatus(phaseLine: string, ...parts: readonly string[]): { statusTemplate: string } {
  return { statusTemplate: `{{ $failed := false }}\n${parts.join("")}\n${phaseLine}\n` };
}

const crashLoop = `${waiting("CrashLoopBackOff", "{{ add $restarts 1 }}")}\nlastState: {terminated: ${crashed}}`;
const notReady = conditions(false, "ContainersNotReady");

const stages: Readonly<Record<string, StageSpec>> = {
  "node-ready": {
    kind: "Node",
    when: [{ key: readyCondition, operator: "NotIn", values: ["True"] }],
    next: { statusTemplate: nodeStatus() },
  },
  "pod-delete": {
    kind: "Pod",
    when: [{ key: ".metadata.deletionTimestamp", operator: "Exists" }],
    next: { delete: true },
  },
  "pod-image-pull": {
    kind: "Pod",
    when: [
      alive,
      pending,
      lives("image-pull"),
      { key: waitingReason, operator: "NotIn", values: ["ImagePullBackOff"] },
    ],
    next: podStatus("phase: Pending", notReady, containers(waiting("ImagePullBackOff", "0")), network),
  },
  "pod-crash-loop": {
    kind: "Pod",
    when: [alive, pending, lives("crash-loop")],
    next: podStatus("phase: Running", notReady, containers(crashLoop), network),
  },
  "pod-not-ready": {
    kind: "Pod",
    when: [alive, pending, lives("not-ready")],
    next: podStatus(
      "phase: Running",
      notReady,
      containers(started.replace("ready: true", "ready: false")),
      network,
    ),
  },
  "pod-run": {
    kind: "Pod",
    when: [alive, pending, lives("run", "end", "restart")],
    delay: { durationFrom: { expressionFrom: `.metadata.annotations["mooring.dev/ready-after"]` } },
    next: podStatus("phase: Running", conditions(true), containers(started), initContainers, network),
  },
  "pod-end": {
    kind: "Pod",
    when: [alive, running, lives("end")],
    delay: { durationFrom: { expressionFrom: `${sleeps} | "\\(.)s"` } },
    next: podStatus(
      "phase: {{ if $failed }}Failed{{ else }}Succeeded{{ end }}",
      conditions(false, "PodCompleted"),
      containers(
        `ready: false\nstarted: false\nrestartCount: {{ $restarts }}\nstate: {terminated: ${terminated}}`,
      ),
    ),
  },
  "pod-restart": {
    kind: "Pod",
    when: [
      alive,
      running,
      lives("restart"),
      // A pod that nothing deletes must not be patched for as long as the control plane runs.
      { key: "[.status.containerStatuses[]?.restartCount] | max >= 10", operator: "NotIn", values: ["true"] },
    ],
    delay: { durationFrom: { expressionFrom: `${sleeps} + 0.2 | "\\(.)s"` } },
    next: podStatus("phase: Running", notReady, containers(crashLoop)),
  },
};

function nodeStatus(): string {
  return `
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
{{ end }}
addresses:
{{ with NodeIP }}
- {type: InternalIP, address: {{ . | Quote }}}
{{ end }}
- {type: Hostname, address: {{ .metadata.name | Quote }}}
allocatable: {cpu: 1k, memory: 1Ti, pods: 1M, ephemeral-storage: 1Ti}
capacity: {cpu: 1k, memory: 1Ti, pods: 1M, ephemeral-storage: 1Ti}
nodeInfo:
  architecture: amd64
  bootID: ""
  containerRuntimeVersion: kwok
  kernelVersion: kwok
  kubeProxyVersion: kwok
  kubeletVersion: ${programVersion(programs["kube-apiserver"])}
  machineID: ""
  operatingSystem: linux
  osImage: ""
  systemUUID: ""
phase: Running
`;
}
