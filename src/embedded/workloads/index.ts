/**
 * Simulated workloads: what controllers, scheduler and kubelets do with the objects of a cluster that has none of them, on a clock
 * that tests can drive. No container is ever run.
 *
 * Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs make pods as Kubernetes' own controllers do, with the same
 * conditions and reasons; pods are placed on simulated nodes and start, run, fail and stop as `WorkloadTimings` says. Services get
 * EndpointSlices, load balancers and Ingresses their addresses, claims their volumes, autoscalers and disruption budgets their
 * status. Events tell of it, and `readLog` shows what a container would have written.
 *
 * By itself a container starts after `startMs` and is ready at once. It runs for ever in a pod that is restarted always. In a pod of
 * a Job, in one with restartPolicy Never or OnFailure, and as an init container it ends: as its command says (`true`, `false`,
 * `sleep N`, and shell scripts of those with `exit N`), or else with code 0 after `runMs`.
 *
 * What crashes, or ends where it is to run for ever, is not ready before, unless `ready-after` says so.
 *
 * Annotations of the pod, so of the template, make it behave otherwise. Each is for all containers but init containers, or for one
 * by the container's name: `simulate.mooring.dev/app.exit-code`. Durations are `300ms`, `1m30s` or a number of seconds.
 *
 * | `simulate.mooring.dev/…`  |                                                                                           |
 * | ------------------------- | ----------------------------------------------------------------------------------------- |
 * | `start: hang`             | ContainerCreating for ever                                                                |
 * | `start-after: 5s`         | starts later                                                                              |
 * | `image-pull: fail`        | ErrImagePull, then ImagePullBackOff                                                       |
 * | `ready-after: 5s`         | is ready later than it starts                                                             |
 * | `not-ready: "true"`       | runs and is never ready                                                                   |
 * | `exit-code: "3"`          | ends with the code                                                                        |
 * | `exit-after: 2s`          | ends after that time, with code 0 unless another is given                                 |
 * | `crash-loop: "true"`      | ends with code 1; started again with growing pauses: CrashLoopBackOff                     |
 * | `oom: "true"`             | ends with code 137, OOMKilled                                                             |
 * | `log: text`               | what it writes when it starts                                                             |
 * | `log-every: 5s`           | writes that again and again                                                               |
 * | `stop-after: 20s`         | a deleted pod (as a whole) takes so long, and no longer than its time of grace            |
 *
 * Of other objects: `address: none` leaves a Service or an Ingress without an address, `bind: hang` a claim without a volume, and
 * `desired-replicas: "5"` of an autoscaler is what the load asks for.
 *
 * Images do so, too: `simulate.mooring.dev/fail`, `…/crash-loop`, `…/oom`, `…/hang`, `…/not-ready`, `…/complete:3` (ends with that
 * code), and any image with the tag `does-not-exist` cannot be pulled. What an annotation says comes before what the image says,
 * and that before what the command says.
 *
 * Invariants: controllers are told of keys, never of what happened, and look at one object at a time; everything is the same for
 * the same clock and order of events; what is remembered only in memory is read from the objects after a restart.
 */
export { NamespaceContent } from "./namespace-content.ts";
export { readLog } from "./pods/read-log.ts";
export type { LogLine } from "./pods/read-log.ts";
export { startWorkloads } from "./start-workloads.ts";
