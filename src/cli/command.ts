import type { CliPorts } from "./ports.ts";
import { serverFlags } from "./server/flags.ts";

/** One flag as data: help, completion, parsing and error messages come from it. */
export interface FlagSpec {
  readonly type: "string" | "boolean" | "strings" | "integer";
  readonly description: string;
  readonly short?: string;
  /** What the value is called in help, such as `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
}

export type Flags = Readonly<Record<string, FlagSpec>>;

interface FlagTypes {
  readonly string: string | undefined;
  readonly boolean: boolean | undefined;
  /** Empty when the flag was not given. */
  readonly strings: readonly string[];
  readonly integer: number | undefined;
}

export type FlagValues<F extends Flags> = { readonly [K in keyof F]: FlagTypes[F[K]["type"]] };

export interface Invocation<F extends Flags = Flags> {
  readonly args: readonly string[];
  readonly flags: FlagValues<F & typeof globalFlags>;
}

export interface ArgsSpec {
  /** As in `APPNAME [ID]`. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
}

export interface Command<F extends Flags = Flags> {
  /** As typed after `mooring`: `app create`. */
  readonly name: string;
  readonly summary: string;
  /** More than one sentence, where the summary does not say enough. */
  readonly details?: string;
  readonly examples?: readonly string[];
  readonly args: ArgsSpec;
  readonly flags: F;
  /** The exit code of errors, where the command has its own: `diff` answers 1 for a difference. */
  readonly errorExit?: number;
  /** Runs to its exit code. */
  run(invocation: Invocation<F>, ports: CliPorts): Promise<number>;
}

/** Keeps the flags' types inside `run` and forgets them outside. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}

export const noArgs: ArgsSpec = { usage: "", min: 0, max: 0 };
export const oneApp: ArgsSpec = { usage: "APPNAME", min: 1, max: 1 };

/** Flags of every command. */
export const globalFlags = {
  kubeconfig: {
    type: "string",
    value: "FILE",
    description: "Kubeconfig file; KUBECONFIG, then ~/.kube/config by default",
  },
  context: {
    type: "string",
    value: "NAME",
    description: "Kubeconfig context that leads to the control plane's cluster",
  },
  "control-plane-namespace": {
    type: "string",
    short: "n",
    value: "NAME",
    description: "Namespace of Applications, projects and settings; ARGOCD_NAMESPACE, then argocd by default",
  },
  color: {
    type: "string",
    choices: ["auto", "always", "never"],
    description: "Colours: auto, always or never",
  },
  loglevel: {
    type: "string",
    choices: ["debug", "info", "warn", "error"],
    description: "Most detailed messages to show; debug adds the causes of errors",
  },
  core: { type: "boolean", description: "Work on the cluster itself, whatever server you are logged in to" },
  ...serverFlags,
  help: { type: "boolean", short: "h", description: "Show help" },
} as const satisfies Flags;

/** `-N` of commands on one Application. */
export const appNamespaceFlag = {
  "app-namespace": {
    type: "string",
    short: "N",
    value: "NAME",
    description: "Namespace of the Application; the control plane's by default",
  },
} as const satisfies Flags;
