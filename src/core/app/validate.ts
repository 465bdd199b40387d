import type { Problem } from "#core/crd/parse.ts";
import { isMooringError } from "#core/errors/index.ts";
import { parseDuration } from "#core/sync/duration.ts";
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
    ...validateRetry("retry", operation.retry),
    ...unsupportedOperationFields(operation)
      .filter((field) => field.blocking)
      .map((field) => problem(field.path, formatUnsupported(field))),
  ];
}

function validateSources({ spec }: Application): readonly Problem[] {
  const { source, sources = [] } = spec;
  if (sources.length > 0) return sources.flatMap((one, i) => validateSource(`spec.sources[${i}]`, one));
  if (source !== undefined) return validateSource("spec.source", source);
  if (spec.sourceHydrator !== undefined) return [];
  return [problem("spec.source", "spec.source is required; add where the manifests come from")];
}

function validateSource(at: string, source: ApplicationSource): readonly Problem[] {
  const { repoURL, path = "", chart = "", ref = "" } = source;
  const problems: Problem[] = [];
  if (repoURL.trim() === "")
    problems.push(problem(`${at}.repoURL`, `${at}.repoURL is empty; add the repository`));
  if (path === "" && chart === "" && ref === "") {
    problems.push(
      problem(`${at}.path`, `${at} has neither path nor chart; add one of them (path: . is the root)`),
    );
  }
  if (path.startsWith("/")) {
    problems.push(
      problem(`${at}.path`, `${at}.path starts with /; write it relative to the repository's root`),
    );
  }
  if (leavesRepository(path)) {
    problems.push(problem(`${at}.path`, `${at}.path leads out of the repository; remove ..`));
  }
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
