export * from "./manifests.ts";
