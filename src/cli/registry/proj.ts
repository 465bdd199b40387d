import type { Group } from "./tree.ts";

const windows: Group = {
  summary: "Sync windows of a project: when syncs may run",
  commands: {
    list: {
      summary: "List a project's sync windows",
      load: () => import("../commands/proj/windows/list.ts"),
    },
    add: { summary: "Add a sync window to a project", load: () => import("../commands/proj/windows/add.ts") },
    update: {
      summary: "Change a sync window of a project",
      load: () => import("../commands/proj/windows/update.ts"),
    },
    delete: {
      summary: "Delete a sync window of a project",
      load: () => import("../commands/proj/windows/delete.ts"),
    },
    "enable-manual-sync": {
      summary: "Let people sync in spite of a sync window",
      load: () => import("../commands/proj/windows/enable-manual-sync.ts"),
    },
    "disable-manual-sync": {
      summary: "Let nobody sync in spite of a sync window",
      load: () => import("../commands/proj/windows/disable-manual-sync.ts"),
    },
    "enable-sync-overrun": {
      summary: "Let syncs that run go on when a sync window turns",
      load: () => import("../commands/proj/windows/enable-sync-overrun.ts"),
    },
    "disable-sync-overrun": {
      summary: "Hold syncs that run when a sync window turns",
      load: () => import("../commands/proj/windows/disable-sync-overrun.ts"),
    },
  },
};

const sourceIntegrity: Group = {
  summary: "How the sources of a project must be signed",
  commands: {
    git: {
      summary: "How commits must be signed",
      commands: {
        policies: {
          summary: "Rules about signatures",
          commands: {
            list: {
              summary: "List a project's rules about signatures",
              load: () => import("../commands/proj/source-integrity/list.ts"),
            },
            add: {
              summary: "Add a rule about signatures to a project",
              load: () => import("../commands/proj/source-integrity/add.ts"),
            },
            update: {
              summary: "Change a rule about signatures of a project",
              load: () => import("../commands/proj/source-integrity/update.ts"),
            },
            delete: {
              summary: "Delete rules about signatures from a project",
              load: () => import("../commands/proj/source-integrity/delete.ts"),
            },
          },
        },
      },
    },
  },
};

export const proj: Group = {
  summary: "Projects: what applications may do",
  commands: {
    create: { summary: "Create a project", load: () => import("../commands/proj/create.ts") },
    get: { summary: "Show a project", load: () => import("../commands/proj/get.ts") },
    list: { summary: "List projects", load: () => import("../commands/proj/list.ts") },
    set: { summary: "Change a project's spec", load: () => import("../commands/proj/set.ts") },
    delete: { summary: "Delete a project", load: () => import("../commands/proj/delete.ts") },
    "add-source": {
      summary: "Add a repository to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).source.add }),
    },
    "remove-source": {
      summary: "Remove a repository from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).source.remove }),
    },
    "add-source-namespace": {
      summary: "Add a source namespace to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).sourceNamespace.add }),
    },
    "remove-source-namespace": {
      summary: "Remove a source namespace from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).sourceNamespace.remove }),
    },
    "add-destination": {
      summary: "Add a destination to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).destination.add }),
    },
    "remove-destination": {
      summary: "Remove a destination from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).destination.remove }),
    },
    "add-destination-service-account": {
      summary: "Add a service account to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).serviceAccount.add }),
    },
    "remove-destination-service-account": {
      summary: "Remove a service account from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).serviceAccount.remove }),
    },
    "add-orphaned-ignore": {
      summary: "Add a kind that may be orphaned to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).orphanedIgnore.add }),
    },
    "remove-orphaned-ignore": {
      summary: "Remove a kind that may be orphaned from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).orphanedIgnore.remove }),
    },
    "add-signature-key": {
      summary: "Add a key for signatures to a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).signatureKey.add }),
    },
    "remove-signature-key": {
      summary: "Remove a key for signatures from a project",
      load: async () => ({ command: (await import("../commands/proj/entries.ts")).signatureKey.remove }),
    },
    "allow-cluster-resource": {
      summary: "Permit a cluster-scoped kind in a project",
      load: async () => ({ command: (await import("../commands/proj/kinds.ts")).allowClusterResource }),
    },
    "allow-namespace-resource": {
      summary: "Permit a namespaced kind in a project",
      load: async () => ({ command: (await import("../commands/proj/kinds.ts")).allowNamespaceResource }),
    },
    "deny-cluster-resource": {
      summary: "Forbid a cluster-scoped kind in a project",
      load: async () => ({ command: (await import("../commands/proj/kinds.ts")).denyClusterResource }),
    },
    "deny-namespace-resource": {
      summary: "Forbid a namespaced kind in a project",
      load: async () => ({ command: (await import("../commands/proj/kinds.ts")).denyNamespaceResource }),
    },
    "source-integrity": sourceIntegrity,
    windows,
  },
};
