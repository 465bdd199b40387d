import type { AppKey } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import { annotationKey } from "#core/tracking/index.ts";

/** A dependency that is not there yet, and how it is. */
export interface Awaited {
  readonly key: AppKey;
  readonly state: string;
}

const shownAwaited = 5;
const shownOfCycle = 8;
const waitsFor = "waiting for dependencies: ";
const automatedWaits = "automated sync waits for ";

/** `Application/argocd/db (OutOfSync, Progressing) and 2 more`. */
function formatAwaited(awaited: readonly Awaited[]): string {
  const shown = awaited.slice(0, shownAwaited).map(({ key, state }) => `${formatAppKey(key)} (${state})`);
  const more = awaited.length - shown.length;
  return `${shown.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

/** What an operation says that somebody asked for and that has not begun: on whom it waits, or what is wrong. */
export function formatOperationWait(awaited: readonly Awaited[], problems: readonly string[]): string {
  return `${waitsFor}${[...problems, ...(awaited.length === 0 ? [] : [formatAwaited(awaited)])].join("; ")}`;
}

/** True for an operation that has not begun because it waits for dependencies. */
export function waitsForDependencies(message: string | undefined): boolean {
  return message?.startsWith(waitsFor) === true;
}

/** Why an automated sync does not begin, since when, and what lets it begin all the same. */
export function formatAutomatedWait(
  awaited: readonly Awaited[],
  { since, command }: { readonly since: string; readonly command: string },
): string {
  return `${automatedWaits}${formatAwaited(awaited)}, since ${since}; to go ahead run: ${command}`;
}

/** Since when such a message says that it waits; undefined for any other message. */
export function viewWaitingSince(message: string | undefined): string | undefined {
  const text = message ?? "";
  if (!text.includes(automatedWaits) && !text.startsWith(waitsFor)) return undefined;
  return /, since (?<since>\d{4}-\d\d-\d\dT[\d:.]+Z); to /u.exec(text)?.groups?.["since"];
}

/** What is wrong with an annotation that cannot be read. */
export function formatUnreadable(problem: string): string {
  return `annotation ${annotationKey.dependsOn}: ${problem}; no new revision is synced until then`;
}

/** One text for what is not there and for what may not be seen: which of the two it is nobody learns who may not. */
export function formatMissing(key: AppKey, project: string): string {
  return `annotation ${annotationKey.dependsOn}: ${formatAppKey(key)} does not exist, or is not for applications of project "${project}" to depend on; create it, correct the annotation, or let the project in with annotation ${annotationKey.dependents} of its AppProject; no new revision is synced until then`;
}

/** `it depends on itself: argocd/a → argocd/b → argocd/a`; undefined names stand for applications that may not be seen. */
export function formatCycle(way: readonly (AppKey | undefined)[]): string {
  const names = way.map((key) => key ?? "an application of another project");
  const shown =
    names.length <= shownOfCycle
      ? names
      : [...names.slice(0, shownOfCycle - 1), `${names.length - shownOfCycle} more`, ...names.slice(-1)];
  return `annotation ${annotationKey.dependsOn}: it depends on itself: ${shown.join(" → ")}; take one of them out of the annotation of the one before it; no new revision is synced until then`;
}
