import type { WindowSpec } from "../../../lib/shared.ts";

const listNames = ["applications", "namespaces", "clusters"] as const;
const flagNames = ["andOperator", "manualSync", "syncOverrun"] as const;
const textNames = ["kind", "schedule", "duration", "timeZone", "description"] as const;

/** A window as it is written: without blanks around texts, and without what says nothing. */
export function trimmedWindow(window: WindowSpec): WindowSpec {
  const texts = textNames.map((name) => [name, (window[name] ?? "").trim()] as const);
  const lists = listNames.map((name) => {
    const list = (window[name] ?? []).map((one) => one.trim()).filter((one) => one !== "");
    return [name, list] as const;
  });
  return {
    ...Object.fromEntries(texts.filter(([, text]) => text !== "")),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
    ...Object.fromEntries(flagNames.filter((name) => window[name] === true).map((name) => [name, true])),
  };
}

/** What is wrong with one field of the only window; undefined when nothing is. */
export function windowFieldProblem(
  problems: readonly { readonly path: string; readonly message: string }[],
  field: string,
): string | undefined {
  const place = `spec.syncWindows[0].${field}`;
  const found = problems.find(({ path }) => path === place || path.startsWith(`${place}[`));
  return found?.message.replace("spec.syncWindows[0].", "");
}
