import type { Group } from "./tree.ts";

export const repo: Group = {
  summary: "Repositories and their credentials",
  commands: {
    add: { summary: "Add a repository", load: () => import("../commands/repo/add.ts") },
    list: { summary: "List repositories", load: () => import("../commands/repo/list.ts") },
    get: { summary: "Show a repository", load: () => import("../commands/repo/get.ts") },
    rm: { summary: "Remove a repository", load: () => import("../commands/repo/rm.ts") },
  },
};

export const cluster: Group = {
  summary: "Clusters that applications are deployed to",
  commands: {
    add: {
      summary: "Add a cluster by its kubeconfig context",
      load: () => import("../commands/cluster/add.ts"),
    },
    list: { summary: "List clusters", load: () => import("../commands/cluster/list.ts") },
    get: { summary: "Show a cluster", load: () => import("../commands/cluster/get.ts") },
    rm: { summary: "Remove a cluster", load: () => import("../commands/cluster/rm.ts") },
  },
};

export const gpg: Group = {
  summary: "Public keys for signatures of commits",
  commands: {
    add: { summary: "Add public keys", load: () => import("../commands/gpg/add.ts") },
    get: { summary: "Show a public key", load: () => import("../commands/gpg/get.ts") },
    list: { summary: "List public keys", load: () => import("../commands/gpg/list.ts") },
    rm: { summary: "Remove a public key", load: () => import("../commands/gpg/rm.ts") },
  },
};
