/** What is worked out here as the server works it out, with the same code. Nothing else of the server's is in the UI. */
export * from "../../../src/api/contract/shared.ts";
