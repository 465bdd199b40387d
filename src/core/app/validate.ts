import type { Problem } from "#core/crd/parse.ts";
import { isMooringError } from "#core/errors/index.ts";
import { toolBlocksOf } from "#core/source/index.ts";
import { rollbackProblems } from "#core/rollback/settings.ts";
import { parseDuration } from "#core/sync/duration.ts";
import { drySourceOf, hydratedBranchOf, syncSourceOf } from "./hydration.ts";
import type { SourceHydrator } from "./hydration.ts";
import { appKeyOf, formatAppKey } from "./key.ts";
import type { Application, ApplicationSource, Destination, Operation, RetryPolicy } from "./types.ts";
import { formatUnsupported, unsupportedFields, unsupportedOperationFields } from "./unsupported.ts";

/**
 * What makes a well-formed spec impossible to deploy, as messages of InvalidSpecError conditions; they start with the
 * Application. Fields that Mooring cannot act on yet are among them when deploying without them would be wrong.
 */
export function validateApplicationSpec(app: Application): readonly Problem[] {
  const { spec } = app;
  const problems = [
    ...validateSources(app),
    ...validateDestination(spec.destination),
    ...validateRetry("spec.syncPolicy.retry", spec.syncPolicy?.retry),
    ...validateHistoryLimit(spec.revisionHistoryLimit),
    ...rollbackProblems(app.metadata.annotations),
    ...unsupportedFields(app)
      .filter((field) => field.blocking && !field.path.startsWith("operation."))
      .map((field) => problem(field.path, formatUnsupported(field))),
  ];
  const subject = formatAppKey(appKeyOf(app));
  return problems.map(({ path, message }) => ({ path, message: `${subject}: ${message}` }));
}

/** What makes an operation impossible to run; paths start at the operation. */
export function validateOperation(operation: Operation): readonly Problem[] {
  const { sync } = operation;
  return [
    ...(sync === undefined ? [problem("sync", "the operation asks for nothing; set sync")] : []),
    ...(sync?.source === undefined ? [] : validateSource("sync.source", sync.source)),
    ...validateList("sync.sources", sync?.sources ?? []),
    ...validateRetry("retry", operation.retry),
    ...unsupportedOperationFields(operation)
      .filter((field) => field.blocking)
      .map((field) => problem(field.path, formatUnsupported(field))),
  ];
}

function validateSources({ spec }: Application): readonly Problem[] {
  const { source, sources = [], sourceHydrator } = spec;
  if (sourceHydrator !== undefined) return validateHydrator("spec.sourceHydrator", sourceHydrator);
  if (sources.length > 0) return validateList("spec.sources", sources);
  if (source !== undefined) return validateSource("spec.source", source);
  return [problem("spec.source", "spec.source is required; add where the manifests come from")];
}

/** What is written to a path of its own beside the manifests; a path through one of them would be written over. */
const hydratedFiles = ["manifest.yaml", "README.md", "hydrator.metadata"];

function validateHydrator(at: string, hydrator: SourceHydrator): readonly Problem[] {
  const { drySource, syncSource, hydrateTo } = hydrator;
  const problems = [...validateSource(`${at}.drySource`, drySourceOf(hydrator))];
  const say = (field: string, message: string) =>
    problems.push(problem(`${at}.${field}`, `${at}.${message}`));
  if (drySource.repoURL.startsWith("oci://"))
    say("drySource.repoURL", "drySource.repoURL is no Git repository; only such are hydrated");
  if (syncSourceOf(hydrator).repoURL.startsWith("oci://"))
    say("syncSource.repoURL", "syncSource.repoURL is no Git repository; manifests are committed to such");
  if (syncSource.targetBranch.trim() === "")
    say("syncSource.targetBranch", "syncSource.targetBranch is empty; name the branch to sync from");
  if (hydrateTo !== undefined && hydratedBranchOf(hydrator).trim() === "")
    say(
      "hydrateTo.targetBranch",
      "hydrateTo.targetBranch is empty; name the branch to commit to, or remove hydrateTo",
    );
  const { path } = syncSource;
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  const field = "syncSource.path";
  if (path.startsWith("/")) say(field, `${field} starts with /; write it relative to the repository's root`);
  else if (steps.includes("..")) say(field, `${field} has .. in it; write it without`);
  else if (steps.length === 0)
    say(
      field,
      `${field} is the repository's root, where other applications have their directories; name a directory`,
    );
  const taken = steps.find((step) => hydratedFiles.includes(step) || step.toLowerCase() === ".git");
  if (taken !== undefined)
    say(field, `${field} leads through ${taken}, which is no directory of yours; choose another`);
  return problems;
}

function validateList(at: string, sources: readonly ApplicationSource[]): readonly Problem[] {
  const refs = sources.map(({ ref = "" }) => ref);
  return sources.flatMap((source, i) => {
    const { ref = "", chart = "" } = source;
    const here = `${at}[${i}]`;
    const problems = [...validateSource(here, source)];
    if (ref === "") return problems;
    if (!/^[\w-]+$/u.test(ref))
      problems.push(problem(`${here}.ref`, `${here}.ref may hold letters, digits, - and _; rename it`));
    if (refs.indexOf(ref) < i)
      problems.push(problem(`${here}.ref`, `${here}.ref is the name of another source, too; rename it`));
    if (chart !== "")
      problems.push(
        problem(`${here}.ref`, `${here} is a chart, whose files cannot be referred to; remove ref`),
      );
    return problems;
  });
}

function validateSource(at: string, source: ApplicationSource): readonly Problem[] {
  const { repoURL, path = "", chart = "", ref = "", targetRevision = "", tagPrefix = "" } = source;
  const problems: Problem[] = [];
  const say = (field: string, message: string) => problems.push(problem(`${at}${field}`, `${at}${message}`));
  if (repoURL.trim() === "") say(".repoURL", ".repoURL is empty; add the repository");
  if (path === "" && chart === "" && ref === "")
    say(".path", " has neither path nor chart; add one of them (path: . is the root)");
  if (path.startsWith("/")) say(".path", ".path starts with /; write it relative to the repository's root");
  if (leavesRepository(path)) say(".path", ".path leads out of the repository; remove ..");
  if (chart !== "" && targetRevision === "")
    say(".targetRevision", ".targetRevision is empty; name the chart's version, or * for the newest");
  if (tagPrefix !== "" && (chart !== "" || repoURL.startsWith("oci://")))
    say(".tagPrefix", ".tagPrefix is about tags of Git repositories; remove it");
  const tools = toolBlocksOf(source).map(([field]) => field);
  if (tools.length > 1) say("", ` has ${tools.join(" and ")}; keep one of them`);
  const [tool] = tools;
  if (chart !== "" && tool !== undefined && tool !== "helm")
    say(`.${tool}`, ` has a chart, which ${tool} does not render; remove one of them`);
  return problems;
}

function leavesRepository(path: string): boolean {
  let depth = 0;
  for (const step of path.split("/")) {
    if (step === "..") depth -= 1;
    else if (step !== "" && step !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function validateDestination({ server = "", name = "" }: Destination): readonly Problem[] {
  const at = "spec.destination";
  if (server !== "" && name !== "")
    return [problem(at, `${at} has both server and name; remove one of them`)];
  if (server === "" && name === "")
    return [problem(at, `${at} has neither server nor name; add one of them`)];
  return [];
}

function validateRetry(at: string, retry: RetryPolicy | undefined): readonly Problem[] {
  const { duration, maxDuration, factor } = retry?.backoff ?? {};
  const problems = [
    ...validateDuration(`${at}.backoff.duration`, duration),
    ...validateDuration(`${at}.backoff.maxDuration`, maxDuration),
  ];
  if (factor === undefined || factor >= 1) return problems;
  return [
    ...problems,
    problem(`${at}.backoff.factor`, `${at}.backoff.factor is ${factor}; make it 1 or more`),
  ];
}

function validateDuration(at: string, text: string | undefined): readonly Problem[] {
  if (text === undefined || text === "") return [];
  try {
    return parseDuration(text) < 0 ? [problem(at, `${at} is negative; write it like 5s or 3m`)] : [];
  } catch (error) {
    if (!isMooringError(error, "CONFIG_INVALID")) throw error;
    return [problem(at, `${at}: ${error.message}`)];
  }
}

function validateHistoryLimit(limit: number | undefined): readonly Problem[] {
  if (limit === undefined || limit >= 0) return [];
  const at = "spec.revisionHistoryLimit";
  return [problem(at, `${at} is ${limit}; make it 0 or more`)];
}

function problem(path: string, message: string): Problem {
  return { path, message };
}
