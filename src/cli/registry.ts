import type { Command } from "./command.ts";

/** A command in the tree; its module is loaded when it runs, so that `mooring version` loads nothing else. */
export interface Leaf {
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

export interface Group {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Leaf | Group>>;
}

export function isGroup(node: Leaf | Group): node is Group {
  return "commands" in node;
}

const app: Group = {
  summary: "Applications",
  commands: {
    create: { summary: "Create an application", load: () => import("./commands/app/create.ts") },
    get: { summary: "Show an application", load: () => import("./commands/app/get.ts") },
    list: { summary: "List applications", load: () => import("./commands/app/list.ts") },
    sync: { summary: "Bring an application to what Git says", load: () => import("./commands/app/sync.ts") },
    wait: {
      summary: "Wait until an application is synced and healthy",
      load: () => import("./commands/app/wait.ts"),
    },
    diff: { summary: "Show what a sync would change", load: () => import("./commands/app/diff.ts") },
    plan: {
      summary: "Show what a sync would do, step by step",
      load: () => import("./commands/app/plan.ts"),
    },
    manifests: {
      summary: "Print an application's objects",
      load: () => import("./commands/app/manifests.ts"),
    },
    resources: {
      summary: "List an application's objects",
      load: () => import("./commands/app/resources.ts"),
    },
    history: { summary: "List what was deployed when", load: () => import("./commands/app/history.ts") },
    rollback: {
      summary: "Deploy what was deployed before",
      load: () => import("./commands/app/rollback.ts"),
    },
    set: { summary: "Change an application's spec", load: () => import("./commands/app/set.ts") },
    unset: { summary: "Remove settings of an application", load: () => import("./commands/app/unset.ts") },
    "add-source": {
      summary: "Add a source to an application",
      load: () => import("./commands/app/add-source.ts"),
    },
    "remove-source": {
      summary: "Remove one of an application's sources",
      load: () => import("./commands/app/remove-source.ts"),
    },
    patch: { summary: "Patch an application", load: () => import("./commands/app/patch.ts") },
    delete: { summary: "Delete an application", load: () => import("./commands/app/delete.ts") },
    "terminate-op": {
      summary: "Stop the running operation of an application",
      load: () => import("./commands/app/terminate-op.ts"),
    },
    "confirm-deletion": {
      summary: "Approve deletions that wait for a confirmation",
      load: () => import("./commands/app/confirm-deletion.ts"),
    },
  },
};

const repo: Group = {
  summary: "Repositories and their credentials",
  commands: {
    add: { summary: "Add a repository", load: () => import("./commands/repo/add.ts") },
    list: { summary: "List repositories", load: () => import("./commands/repo/list.ts") },
    rm: { summary: "Remove a repository", load: () => import("./commands/repo/rm.ts") },
  },
};

const cluster: Group = {
  summary: "Clusters that applications are deployed to",
  commands: {
    add: {
      summary: "Add a cluster by its kubeconfig context",
      load: () => import("./commands/cluster/add.ts"),
    },
    list: { summary: "List clusters", load: () => import("./commands/cluster/list.ts") },
    rm: { summary: "Remove a cluster", load: () => import("./commands/cluster/rm.ts") },
  },
};

const proj: Group = {
  summary: "Projects: what applications may do",
  commands: {
    create: { summary: "Create a project", load: () => import("./commands/proj/create.ts") },
    get: { summary: "Show a project", load: () => import("./commands/proj/get.ts") },
    list: { summary: "List projects", load: () => import("./commands/proj/list.ts") },
    delete: { summary: "Delete a project", load: () => import("./commands/proj/delete.ts") },
  },
};

export const root: Group = {
  summary: "GitOps for Kubernetes",
  commands: {
    app,
    repo,
    cluster,
    proj,
    render: {
      summary: "Print what a directory, a repository or an application renders to",
      load: () => import("./commands/render.ts"),
    },
    install: {
      summary: "Print or apply what a cluster needs to run Mooring",
      load: () => import("./commands/install.ts"),
    },
    up: {
      summary: "Run everything in one process, with a cluster of its own when none is given",
      load: () => import("./commands/up.ts"),
    },
    controller: { summary: "Run the controller", load: () => import("./commands/controller.ts") },
    version: { summary: "Show versions", load: () => import("./commands/version.ts") },
    completion: {
      summary: "Print a shell completion script",
      load: () => import("./commands/completion.ts"),
    },
  },
};
