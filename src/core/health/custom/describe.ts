import { families } from "./families.ts";
import type { Row } from "./rule.ts";
import { ruleStates } from "./rule.ts";

/** The table as Markdown, for the documentation: a section for each family, an item for each row. */
export function describeTable(): string {
  return families
    .map(({ title, rows }) => `### ${title}\n\n${rows.map(describeRow).join("\n")}\n`)
    .join("\n");
}

function describeRow(row: Row): string {
  const kinds = row.kinds === "*" ? "any other kind" : row.kinds.split(" ").join(", ");
  const states = describeStates(row);
  return [`- ${codeList(row.groups)}: ${kinds}`, ...states.map((state) => `  - ${state}`)].join("\n");
}

function describeStates(row: Row): readonly string[] {
  if ("check" in row) {
    return ruleStates.flatMap((state) =>
      row.says[state] === undefined ? [] : [`${state}: ${row.says[state]}`],
    );
  }
  const tests = ruleStates.flatMap((state) => {
    const text = row[state];
    return text === undefined ? [] : [`${state}: \`${text}\``];
  });
  const otherwise = row.otherwise ?? "Progressing";
  if (otherwise === "nothing") return [...tests, "otherwise it does not count"];
  return otherwise === "Healthy" ? [...tests, "otherwise Healthy"] : tests;
}

function codeList(groups: string): string {
  return groups
    .split(" ")
    .map((group) => `\`${group}\``)
    .join(", ");
}
