export * from "./start-forge.ts";
