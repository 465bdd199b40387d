/** What people and programs ask of an Application, decided on the Application as it is. */
export * from "./busy.ts";
export * from "./deletion.ts";
export * from "./other-revision.ts";
export * from "./rollback.ts";
export * from "./termination.ts";
