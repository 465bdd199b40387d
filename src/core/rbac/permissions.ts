import { createAsker } from "./asker.ts";
import type { Candidates } from "./candidates.ts";
import { allowanceOf, denialOf } from "./candidates.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { Lookup } from "./lookup.ts";
import { createLookup } from "./lookup.ts";
import type { RuleBook } from "./rule-book.ts";
import type { AccessRequest, AccessSubject, Decision } from "./types.ts";
import { projectResources } from "./vocabulary.ts";

/** What one asker may do. What was found out for a project is kept, so that a list of Applications costs little more than its projects. */
export interface Permissions {
  allows(request: AccessRequest): boolean;
  explain(request: AccessRequest): Decision;
}

export interface PermissionsInput {
  readonly policy: CompiledPolicy;
  readonly bookOfProject: (name: string) => RuleBook | undefined;
  readonly subject: AccessSubject;
}

export function createPermissions(input: PermissionsInput): Permissions {
  const { policy } = input;
  const { locked } = policy;
  if (locked !== undefined)
    return { allows: () => false, explain: () => ({ allowed: false, because: locked }) };
  const find = candidateFinder(input);
  return {
    allows: (request) =>
      spellingsOf(request, policy).some((one) => allowanceOf(find(one), one.object) !== undefined),
    explain: (request) => {
      const decisions = spellingsOf(request, policy).map((one) => {
        const candidates = find(one);
        return allowanceOf(candidates, one.object) ?? denialOf(candidates, one.object);
      });
      const allowed = decisions.find((decision) => decision.allowed);
      return allowed ?? decisions.at(-1) ?? { allowed: false, because: undefined };
    },
  };
}

/** Where fine-grained rights are inherited, who may `update` an Application may also `update/apps/Deployment/shop/web`. */
function spellingsOf(request: AccessRequest, policy: CompiledPolicy): readonly AccessRequest[] {
  const { resource, action } = request;
  if (!policy.inheritsFineGrained || resource !== "applications") return [request];
  const [, whole] = /^(update|delete)\//u.exec(action) ?? [];
  return whole === undefined ? [request] : [{ ...request, action: whole }, request];
}

interface Prepared {
  readonly lookup: Lookup;
  readonly places: Map<string, readonly Candidates[]>;
}

const maxActionsKept = 200;
const maxPlacesKept = 20_000;

function candidateFinder({ policy, bookOfProject, subject }: PermissionsInput) {
  const asker = createAsker(policy, subject);
  const byResource = new Map<string, Map<string, Prepared>>();
  const prepared = (request: AccessRequest): Prepared => {
    const { resource, action } = request;
    const byAction = byResource.get(resource) ?? new Map<string, Prepared>();
    byResource.set(resource, byAction);
    const known = byAction.get(action);
    if (known !== undefined) return known;
    if (byAction.size >= maxActionsKept) byAction.clear();
    const made: Prepared = { lookup: createLookup(asker, request), places: new Map() };
    byAction.set(action, made);
    return made;
  };
  return (request: AccessRequest): readonly Candidates[] => {
    const { lookup, places } = prepared(request);
    const { key, project, prefix } = placeOf(request);
    const known = places.get(key);
    if (known !== undefined) return known;
    if (places.size >= maxPlacesKept) places.clear();
    const book = project === undefined ? undefined : bookOfProject(project);
    const found = lookup({ project, prefix, book });
    places.set(key, found);
    return found;
  };
}

/** Objects with the same key have the same project and prefix. */
function placeOf({ resource, object }: AccessRequest) {
  if (resource === "projects") return { project: object, prefix: undefined, key: object };
  const slash = object.indexOf("/");
  if (slash < 0) return { project: undefined, prefix: undefined, key: "" };
  const prefix = object.slice(0, slash + 1);
  const project = projectResources.includes(resource) ? object.slice(0, slash) : undefined;
  return { project, prefix, key: prefix };
}
