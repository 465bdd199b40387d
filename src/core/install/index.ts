/** What has to be on a cluster for the controller to run there. */
export * from "./manifests.ts";
