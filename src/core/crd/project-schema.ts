import { array, boolean, integer, map, object, openObject, required, string } from "./schema.ts";

const clusterResources = array(
  object({
    group: required(string()),
    kind: required(string()),
    name: string("Glob of names; every name when empty"),
  }),
);

const namespaceResources = array(object({ group: required(string()), kind: required(string()) }));

const jwtTokens = array(
  object({
    iat: required(integer("Issued at, in seconds since 1970")),
    exp: integer("Expires at, in seconds since 1970; never when 0"),
    id: string(),
  }),
);

const syncWindowsSchema = array(
  object({
    kind: string("allow or deny"),
    schedule: string("Start, as a cron expression"),
    duration: string("How long it lasts, such as 1h"),
    timeZone: string("IANA time zone of the schedule; UTC by default"),
    applications: array(string(), "Globs of Application names"),
    namespaces: array(string(), "Globs of destination namespaces"),
    clusters: array(string(), "Globs of cluster names or servers"),
    andOperator: boolean("All of applications, namespaces and clusters must match instead of any"),
    manualSync: boolean("People may sync in spite of it"),
    syncOverrun: boolean("A sync that runs when the window ends may go on"),
    description: string(),
  }),
  "When syncs may run",
);

export const projectSpecSchema = object(
  {
    description: string(undefined, { maxLength: 255 }),
    sourceRepos: array(string(), "Globs of repositories that may be deployed from; ! forbids"),
    sourceNamespaces: array(string(), "Globs of namespaces whose Applications may use the project"),
    destinations: array(
      object({
        server: string("Glob of API server URLs; ! forbids"),
        name: string("Glob of cluster names; ! forbids"),
        namespace: string("Glob of namespaces; ! forbids"),
      }),
      "Where may be deployed to",
    ),
    destinationServiceAccounts: array(
      object({
        server: required(string()),
        namespace: string(),
        defaultServiceAccount: required(string()),
      }),
      "Service accounts to act as, by destination",
    ),
    permitOnlyProjectScopedClusters: boolean("Only clusters that name this project may be deployed to"),
    clusterResourceWhitelist: { ...clusterResources, description: "Cluster-scoped kinds that are permitted" },
    clusterResourceBlacklist: { ...clusterResources, description: "Cluster-scoped kinds that are forbidden" },
    namespaceResourceWhitelist: { ...namespaceResources, description: "Namespaced kinds that are permitted" },
    namespaceResourceBlacklist: { ...namespaceResources, description: "Namespaced kinds that are forbidden" },
    orphanedResources: object(
      {
        warn: boolean("Add a condition to the Application"),
        ignore: array(object({ group: string(), kind: string(), name: string() })),
      },
      "Watch for objects that no Application manages",
    ),
    syncWindows: syncWindowsSchema,
    roles: array(
      object({
        name: required(string()),
        description: string(),
        policies: array(string(), "RBAC policy lines"),
        groups: array(string(), "Groups of the identity provider that have the role"),
        jwtTokens,
      }),
      "Roles inside the project",
    ),
    signatureKeys: array(object({ keyID: required(string()) }), "GPG keys that commits must be signed with"),
    sourceIntegrity: object(
      {
        git: required(
          object({
            policies: required(
              array(
                object({
                  repos: required(array(object({ url: required(string("Glob of repositories")) }))),
                  gpg: required(
                    object({
                      mode: required(string("none, head or strict")),
                      keys: required(array(string())),
                    }),
                  ),
                }),
              ),
            ),
          }),
        ),
      },
      "How sources must prove where they come from",
    ),
  },
  "What the project's Applications may do",
);

export const projectStatusSchema = object({
  jwtTokensByRole: map(object({ items: jwtTokens })),
});

export const projectSchema = openObject({ spec: required(projectSpecSchema), status: projectStatusSchema });
