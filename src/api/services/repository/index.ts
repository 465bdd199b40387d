import type { KubeObject } from "#core/object/index.ts";
import { formatRepositorySecret } from "#core/repo/index.ts";
import type { ServiceMethods } from "../../call.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  RepoAccessQuery,
  RepoCreateRequest,
  RepoQuery,
  RepoResponse,
  RepoUpdateRequest,
} from "../../contract/gen/argocd/repository_pb.ts";
import type { RepositoryList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { getHelmCharts, listApps, listOciTags, listRefs } from "./browse-repositories.ts";
import type { ConnectionStates } from "./connection-states.ts";
import { createConnectionStates } from "./connection-states.ts";
import { getAppDetails } from "./describe-source.ts";
import type { RepositoryShape } from "./present-repository.ts";
import { presentRepository, textsOf } from "./present-repository.ts";
import type { RepositoryKind } from "./repository-secrets.ts";
import {
  createSecret,
  fieldsOf,
  findSecret,
  listSecrets,
  policyName,
  removeSecret,
  repositoryKinds,
  updateSecret,
} from "./repository-secrets.ts";

/** `repository.RepositoryService`. */
export function repositoryMethods(context: ApiContext): ServiceMethods<"repository", Caller> {
  const states = createConnectionStates(context);
  const reading = methodsFor(context, repositoryKinds.read, states);
  const writing = methodsFor(context, repositoryKinds.write, states);
  return {
    list: reading.list,
    listRepositories: reading.list,
    listWriteRepositories: writing.list,
    get: reading.get,
    getWrite: writing.get,
    listRefs: (request, call) => listRefs(context, request, call),
    listOCITags: (request, call) => listOciTags(context, request, call),
    listApps: (request, call) => listApps(context, request, call),
    getAppDetails: (request, call) => getAppDetails(context, request, call),
    getHelmCharts: (request, call) => getHelmCharts(context, request, call),
    create: reading.create,
    createRepository: reading.create,
    createWriteRepository: writing.create,
    update: reading.update,
    updateRepository: reading.update,
    updateWriteRepository: writing.update,
    delete: reading.remove,
    deleteRepository: reading.remove,
    deleteWriteRepository: writing.remove,
    validateAccess: reading.validate,
    validateWriteAccess: writing.validate,
  };
}

function methodsFor(context: ApiContext, kind: RepositoryKind, states: ConnectionStates) {
  const named = ({ repo = "", appProject }: ShapeOf<RepoQuery>) => ({ url: repo, project: appProject });
  return {
    list: async (
      query: ShapeOf<RepoQuery>,
      { caller, signal }: ApiCall,
    ): Promise<ShapeOf<RepositoryList>> => {
      const secrets = listSecrets(context, kind, caller);
      const items = await Promise.all(
        secrets.map((secret) => presentState(secret, { states, query, signal })),
      );
      return { metadata: {}, items };
    },
    get: async (query: ShapeOf<RepoQuery>, { caller, signal }: ApiCall): Promise<RepositoryShape> => {
      const secret = findSecret(context, kind, { ...named(query), caller, action: "get" });
      return await presentState(secret, { states, query, signal });
    },
    create: async (
      { repo = {}, upsert = false }: ShapeOf<RepoCreateRequest>,
      { caller, signal }: ApiCall,
    ) => {
      const fields = fieldsOf({ ...repo }, repo.repo ?? "");
      const secret = formatRepositorySecret(fields, context.hub.namespace);
      caller.require({
        resource: kind.resource,
        action: "create",
        object: policyName(fields.url, repo.project ?? ""),
      });
      await context.live.testRepository(secret, signal);
      return presentRepository(await createSecret(context, kind, { fields, upsert, caller, signal }));
    },
    update: async (request: ShapeOf<RepoUpdateRequest>, { caller, signal }: ApiCall) => {
      const { repo = {}, keepSecrets = false } = request;
      const wanted = { url: repo.repo ?? "", project: repo.project, caller, action: "update" };
      const existing = findSecret(context, kind, wanted);
      const fields = fieldsOf({ ...repo }, textsOf(existing)["url"] ?? "");
      return presentRepository(
        await updateSecret(context, kind, { existing, fields, keepSecrets, caller, signal }),
      );
    },
    remove: async (
      query: ShapeOf<RepoQuery>,
      { caller, signal }: ApiCall,
    ): Promise<ShapeOf<RepoResponse>> => {
      await removeSecret(context, kind, { ...named(query), caller, signal });
      return {};
    },
    validate: (query: ShapeOf<RepoAccessQuery>, call: ApiCall) => validate({ context, kind }, query, call),
  };
}

interface StateQuery {
  readonly states: ConnectionStates;
  readonly query: ShapeOf<RepoQuery>;
  readonly signal: AbortSignal;
}

async function presentState(
  secret: KubeObject,
  { states, query: { forceRefresh = false }, signal }: StateQuery,
): Promise<RepositoryShape> {
  return presentRepository(secret, await states.of(secret, { forceRefresh, signal }));
}

/** Tries whether a repository answers with what is given, and keeps nothing of it. */
async function validate(
  { context, kind }: { readonly context: ApiContext; readonly kind: RepositoryKind },
  { repo = "", project = "", ...access }: ShapeOf<RepoAccessQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<RepoResponse>> {
  caller.require({ resource: kind.resource, action: "create", object: policyName(repo, project) });
  const fields = fieldsOf({ ...access, project }, repo);
  await context.live.testRepository(formatRepositorySecret(fields, context.hub.namespace), signal);
  return {};
}
