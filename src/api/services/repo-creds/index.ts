import type { ServiceMethods } from "../../call.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  RepoCredsCreateRequest,
  RepoCredsDeleteRequest,
  RepoCredsQuery,
  RepoCredsResponse,
  RepoCredsUpdateRequest,
} from "../../contract/gen/argocd/repocreds_pb.ts";
import type { RepoCredsList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { CredentialsShape } from "../repository/present-repository.ts";
import { presentCredentials, textsOf } from "../repository/present-repository.ts";
import type { RepositoryKind } from "../repository/repository-secrets.ts";
import {
  createSecret,
  fieldsOf,
  findSecret,
  listSecrets,
  removeSecret,
  repositoryKinds,
  updateSecret,
} from "../repository/repository-secrets.ts";

/** `repocreds.RepoCredsService`. */
export function repoCredsMethods(context: ApiContext): ServiceMethods<"repoCreds", Caller> {
  const reading = methodsFor(context, repositoryKinds.readCredentials);
  const writing = methodsFor(context, repositoryKinds.writeCredentials);
  return {
    listRepositoryCredentials: reading.list,
    listWriteRepositoryCredentials: writing.list,
    createRepositoryCredentials: reading.create,
    createWriteRepositoryCredentials: writing.create,
    updateRepositoryCredentials: reading.update,
    updateWriteRepositoryCredentials: writing.update,
    deleteRepositoryCredentials: reading.remove,
    deleteWriteRepositoryCredentials: writing.remove,
  };
}

function methodsFor(context: ApiContext, kind: RepositoryKind) {
  return {
    list: async (
      { url = "" }: ShapeOf<RepoCredsQuery>,
      { caller }: ApiCall,
    ): Promise<ShapeOf<RepoCredsList>> => {
      const items = listSecrets(context, kind, caller)
        .map((secret) => presentCredentials(secret))
        .filter((one) => url === "" || one.url === url);
      return Promise.resolve({ metadata: {}, items });
    },
    create: async (
      { creds = {}, upsert = false }: ShapeOf<RepoCredsCreateRequest>,
      { caller, signal }: ApiCall,
    ): Promise<CredentialsShape> => {
      const fields = fieldsOf({ ...creds }, creds.url ?? "");
      return presentCredentials(await createSecret(context, kind, { fields, upsert, caller, signal }));
    },
    update: async (
      { creds = {}, keepSecrets = false }: ShapeOf<RepoCredsUpdateRequest>,
      { caller, signal }: ApiCall,
    ): Promise<CredentialsShape> => {
      const { url = "" } = creds;
      const existing = findSecret(context, kind, { url, project: undefined, caller, action: "update" });
      const fields = fieldsOf({ ...creds }, textsOf(existing)["url"] ?? "");
      return presentCredentials(
        await updateSecret(context, kind, { existing, fields, keepSecrets, caller, signal }),
      );
    },
    remove: async (
      { url = "" }: ShapeOf<RepoCredsDeleteRequest>,
      { caller, signal }: ApiCall,
    ): Promise<ShapeOf<RepoCredsResponse>> => {
      await removeSecret(context, kind, { url, project: undefined, caller, signal });
      return {};
    },
  };
}
