import type { Flags, FlagValues } from "../command.ts";
import { contextFlags } from "../render/flags.ts";
import { toolFlags } from "../source-flags/flags.ts";

export const validateFlags = {
  filename: { type: "strings", short: "f", value: "FILE", description: "A file, or - for standard input" },
  crds: { type: "strings", value: "PATH", description: "A file or directory with CustomResourceDefinitions" },
  "kubernetes-version": {
    type: "string",
    value: "VERSION",
    description: "Of the cluster it is for, such as 1.30: says which APIs are deprecated and removed",
  },
  "ignore-missing-schemas": { type: "boolean", description: "Take kinds that no schema is known of" },
  strict: { type: "boolean", description: "Fail for warnings, too" },
  output: {
    type: "string",
    short: "o",
    choices: ["text", "json", "github"],
    description: "Output format: text, json, or github for annotations",
  },
  junit: { type: "string", value: "FILE", description: "Also write a JUnit report" },
  ...contextFlags,
  ...toolFlags,
} as const satisfies Flags;

export type ValidateValues = FlagValues<typeof validateFlags>;
