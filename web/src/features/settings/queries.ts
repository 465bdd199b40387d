import { queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../lib/api/index.ts";
import { call, reach } from "../../lib/api/index.ts";

type ItemOf<Answer> = Answer extends { readonly items?: readonly (infer Item)[] } ? Item : never;

export type Repository = ItemOf<AnswerOf<"repository", "listRepositories">>;
export type Credentials = ItemOf<AnswerOf<"repoCreds", "listRepositoryCredentials">>;
export type Certificate = ItemOf<AnswerOf<"certificate", "listCertificates">>;
export type SigningKey = ItemOf<AnswerOf<"gpgKey", "list">>;
export type Cluster = ItemOf<AnswerOf<"cluster", "list">>;
export type Project = ItemOf<AnswerOf<"project", "list">>;
export type Account = ItemOf<AnswerOf<"account", "listAccounts">>;

/** Repositories and credentials are for reading, or for writing what was rendered and new image tags. */
export type Purpose = "read" | "write";

/** The server tries each when it is asked, so a list takes as long as the slowest. */
const connectionsStaleMs = 30_000;

export const repositoriesQuery = (purpose: Purpose) =>
  queryOptions({
    queryKey: ["repositories", purpose],
    queryFn: async ({ signal }) => {
      const { items = [] } =
        purpose === "read"
          ? await call("repository.listRepositories", {}, { signal })
          : await call("repository.listWriteRepositories", {}, { signal });
      return items;
    },
    staleTime: connectionsStaleMs,
  });

export const credentialsQuery = (purpose: Purpose) =>
  queryOptions({
    queryKey: ["credentials", purpose],
    queryFn: async ({ signal }) => {
      const { items = [] } =
        purpose === "read"
          ? await call("repoCreds.listRepositoryCredentials", {}, { signal })
          : await call("repoCreds.listWriteRepositoryCredentials", {}, { signal });
      return items;
    },
  });

export const certificatesQuery = queryOptions({
  queryKey: ["certificates"],
  queryFn: async ({ signal }) => (await call("certificate.listCertificates", {}, { signal })).items ?? [],
});

export const signingKeysQuery = queryOptions({
  queryKey: ["signing-keys"],
  queryFn: async ({ signal }) => (await call("gpgKey.list", {}, { signal })).items ?? [],
});

export const clustersQuery = queryOptions({
  queryKey: ["clusters"],
  queryFn: async ({ signal }) => (await call("cluster.list", {}, { signal })).items ?? [],
  staleTime: connectionsStaleMs,
});

export const clusterQuery = (server: string) =>
  queryOptions({
    queryKey: ["clusters", server],
    queryFn: ({ signal }) => call("cluster.get", { id: { type: "server", value: server } }, { signal }),
  });

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }) => (await call("project.list", {}, { signal })).items ?? [],
});

export const projectQuery = (name: string) =>
  queryOptions({
    queryKey: ["projects", name],
    queryFn: ({ signal }) => call("project.get", { name }, { signal }),
  });

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: async ({ signal }) => (await call("account.listAccounts", {}, { signal })).items ?? [],
});

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => call("system.get", {}, { signal }),
  refetchInterval: 15_000,
});

/** What a load balancer is told: the first line is `ok` from a server that is well. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: async ({ signal }) => {
    const response = await reach("healthz", { signal });
    const [first = "", ...notes] = (await response.text()).trim().split("\n");
    return response.ok ? { isWell: true, notes } : { isWell: false, notes: [first, ...notes] };
  },
  refetchInterval: 15_000,
});

/** Applications by what they use, for the questions that come before something is removed. */
export const usersQuery = queryOptions({
  queryKey: ["applications-by-use"],
  queryFn: async ({ signal }) => {
    const fields =
      "items.metadata.name,items.metadata.namespace,items.spec.project,items.spec.destination,items.spec.source.repoURL,items.spec.sources.repoURL";
    return (await call("application.list", {}, { signal, fields })).items ?? [];
  },
  staleTime: 30_000,
});

export type Application = ItemOf<AnswerOf<"application", "list">>;
