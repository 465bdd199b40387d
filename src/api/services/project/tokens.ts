import type { ApiToken } from "#core/accounts/index.ts";
import { roleTokens, roleTokensPatch } from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { patchObject } from "#engine/patch-object.ts";
import { planToken } from "../../auth/tokens/plan-token.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  EmptyResponse,
  ProjectTokenCreateRequest,
  ProjectTokenDeleteRequest,
  ProjectTokenResponse,
} from "../../contract/gen/argocd/project_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findProject, projectRef } from "./find-project.ts";

/** Makes a token of a role, which is shown this once. Throws API_NOT_FOUND for a role that there is not, and API_INVALID_ARGUMENT. */
export async function createToken(
  context: ApiContext,
  { project = "", role = "", id = "", expiresIn = 0 }: ShapeOf<ProjectTokenCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ProjectTokenResponse>> {
  findProject(context, project, { caller, action: "update" });
  const entry = planToken({ id, expiresInSeconds: expiresIn }, context.clock);
  const token = await context.authenticator.signRoleToken({ project, role }, entry);
  await changeTokens(context, { project, role, signal }, (tokens) => {
    if (tokens.some((one) => one.id === entry.id)) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `AppProject/${project}: role ${role} has a token with the id ${entry.id}; choose another`,
      );
    }
    return [...tokens, entry];
  });
  return { token };
}

/** Takes a token of a role back, by its id, or by the second in which it was made when it has none. Throws API_NOT_FOUND. */
export async function deleteToken(
  context: ApiContext,
  { project = "", role = "", id = "", iat = 0 }: ShapeOf<ProjectTokenDeleteRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<EmptyResponse>> {
  findProject(context, project, { caller, action: "update" });
  await changeTokens(context, { project, role, signal }, (tokens) => {
    const left = tokens.filter((one) => (id === "" ? one.issuedAt !== iat : one.id !== id));
    if (left.length < tokens.length) return left;
    throw new MooringError(
      "API_NOT_FOUND",
      `AppProject/${project}: role ${role} has no such token; see: argocd proj role list-tokens ${project} ${role}`,
    );
  });
  return {};
}

interface RoleOf {
  readonly project: string;
  readonly role: string;
  readonly signal: AbortSignal;
}

/** Writes what `decide` makes of the tokens as the project lists them then. */
async function changeTokens(
  context: ApiContext,
  { project, role, signal }: RoleOf,
  decide: (tokens: readonly ApiToken[]) => readonly ApiToken[],
): Promise<void> {
  const changed = await patchObject(context.hub.cluster, projectRef(context, project), {
    decide: (object: KubeObject) => {
      const tokens = roleTokens(object, role);
      if (tokens !== undefined) return roleTokensPatch(object, role, decide(tokens));
      throw new MooringError(
        "API_NOT_FOUND",
        `AppProject/${project}: has no role ${JSON.stringify(role)}; see: argocd proj role list ${project}`,
      );
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined)
    throw new MooringError("APP_NOT_FOUND", `AppProject/${project}: was deleted meanwhile`);
  context.hub.projects.observe(changed);
}
