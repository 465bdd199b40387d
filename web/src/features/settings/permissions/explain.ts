import type { AnswerOf } from "../../../lib/api/index.ts";

type Answer = AnswerOf<"policy", "explain">;
type Line = NonNullable<Answer["because"]>;

/** Where a line of the policy stands, in words. */
export function placeOf({ source = "", line }: Line): string {
  return line === undefined ? source : `${source}, line ${line}`;
}

/** The project whose role has the line; undefined for a line of the general policy. */
export function projectOf({ source = "" }: Line): string | undefined {
  return /^AppProject\/([^/\s]+)/u.exec(source)?.[1];
}

/** Why a line is about the one who was asked about; undefined where it names them. */
export function throughOf({ throughKind, throughName = "" }: Line, subject: string): string | undefined {
  if (throughKind === "group") return `It holds through the group ${throughName}.`;
  if (throughKind === "policy.default") return `It holds for everybody: policy.default is ${throughName}.`;
  return throughName === "" || throughName === subject ? undefined : `It holds through ${throughName}.`;
}
