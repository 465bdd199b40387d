/** What has to be on a cluster for controller and server to run there. */
export * from "./manifests.ts";
export * from "./labels.ts";
export { healthPort, internalPort } from "./workloads.ts";
