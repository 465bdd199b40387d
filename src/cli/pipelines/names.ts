import type { FlagSpec } from "../command.ts";
import { usageError } from "../usage-error.ts";
import type { ObjectName, StageTarget } from "./port.ts";

export const namespaceFlag = {
  namespace: {
    type: "string",
    short: "N",
    value: "NAME",
    description: "Namespace of the pipeline; the control plane's by default",
  },
} as const satisfies Record<string, FlagSpec>;

export const outputFlag = {
  output: {
    type: "string",
    short: "o",
    choices: ["wide", "json", "yaml", "name"],
    description: "Output format",
  },
} as const satisfies Record<string, FlagSpec>;

export const reasonFlag = {
  reason: { type: "string", value: "TEXT", description: "Why; it is kept and shown" },
} as const satisfies Record<string, FlagSpec>;

/** `shop`, or `team/shop` in a namespace. Throws CLI_USAGE. */
export function nameOf(text: string, namespace: string): ObjectName {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2 || parts.includes(""))
    throw usageError(`${JSON.stringify(text)} is no name; write NAME or NAMESPACE/NAME`);
  return second === undefined ? { namespace, name: first } : { namespace: first, name: second };
}

/** `shop/prod`, or `team/shop/prod` in a namespace. Throws CLI_USAGE. */
export function stageOf(text: string, namespace: string): StageTarget {
  const at = text.lastIndexOf("/");
  if (at <= 0 || at === text.length - 1)
    throw usageError(`${JSON.stringify(text)} names no stage; write PIPELINE/STAGE, such as shop/prod`);
  return { ...nameOf(text.slice(0, at), namespace), stage: text.slice(at + 1) };
}

/** Throws CLI_USAGE where the flag is not there. */
export function requireReason(reason: string | undefined, command: string): string {
  if (reason !== undefined && reason.trim() !== "") return reason;
  throw usageError(`${command} needs --reason; say why: --reason "what happened"`);
}
