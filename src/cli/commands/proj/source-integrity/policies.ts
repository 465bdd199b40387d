import type { AppProjectSpec } from "#core/project/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { Invocation } from "../../../command.ts";
import type { CliPorts } from "../../../ports.ts";
import { usageError } from "../../../usage-error.ts";
import { changeValidProject } from "../change-project.ts";

export type GitPolicy = NonNullable<AppProjectSpec["sourceIntegrity"]>["git"]["policies"][number];

export function gitPoliciesOf({
  sourceIntegrity,
}: Pick<AppProjectSpec, "sourceIntegrity">): readonly GitPolicy[] {
  return sourceIntegrity?.git.policies ?? [];
}

/** Changes the rules for Git of the project that a command line names. Throws APP_INVALID for rules that could not be kept. */
export async function changePolicies(
  invocation: Invocation,
  {
    ports,
    change,
  }: { readonly ports: CliPorts; readonly change: (policies: readonly GitPolicy[]) => readonly GitPolicy[] },
): Promise<void> {
  await changeValidProject(invocation, {
    ports,
    change: (spec) => {
      const policies = change(gitPoliciesOf(spec)) as JsonValue;
      return {
        sourceIntegrity: { ...spec.sourceIntegrity, git: { ...spec.sourceIntegrity?.git, policies } },
      };
    },
  });
}

/** The place of the rule that a command line names. Throws CLI_USAGE when there is none. */
export function placeOf(id: string, policies: readonly GitPolicy[]): number {
  const at = /^\d+$/u.test(id) ? Number(id) : -1;
  if (policies[at] !== undefined) return at;
  const there = policies.length === 0 ? "the project has none" : `there are 0 to ${policies.length - 1}`;
  throw usageError(
    `policy ${JSON.stringify(id)}: there is no policy of that ID, ${there}; see: mooring proj source-integrity git policies list`,
  );
}

export const modes = ["strict", "head", "none"] as const;

/** Values of a flag that may be given several times, or separated by commas. */
export function listed(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(",")).filter((value) => value !== "");
}
