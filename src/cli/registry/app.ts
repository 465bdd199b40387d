import type { Group } from "./tree.ts";

export const app: Group = {
  summary: "Applications",
  commands: {
    create: { summary: "Create an application", load: () => import("../commands/app/create.ts") },
    get: { summary: "Show an application", load: () => import("../commands/app/get.ts") },
    list: { summary: "List applications", load: () => import("../commands/app/list.ts") },
    sync: { summary: "Bring an application to what Git says", load: () => import("../commands/app/sync.ts") },
    wait: {
      summary: "Wait until an application is synced and healthy",
      load: () => import("../commands/app/wait.ts"),
    },
    diff: { summary: "Show what a sync would change", load: () => import("../commands/app/diff.ts") },
    plan: {
      summary: "Show what a sync would do, step by step",
      load: () => import("../commands/app/plan.ts"),
    },
    approve: {
      summary: "Approve an exact plan, which is then carried out",
      load: () => import("../commands/app/approve.ts"),
    },
    dependencies: {
      summary: "Show the applications that an application depends on, and how they are",
      load: () => import("../commands/app/dependencies.ts"),
    },
    manifests: {
      summary: "Print an application's objects",
      load: () => import("../commands/app/manifests.ts"),
    },
    timeline: {
      summary: "Show what was changed in the cluster behind Git's back, and how each revision came to it",
      load: () => import("../commands/app/timeline.ts"),
    },
    logs: {
      summary: "Print the logs of an application's pods",
      load: () => import("../commands/app/logs.ts"),
    },
    "get-resource": {
      summary: "Print objects of an application as they are in its cluster",
      load: () => import("../commands/app/get-resource.ts"),
    },
    "patch-resource": {
      summary: "Patch an object of an application in its cluster",
      load: () => import("../commands/app/patch-resource.ts"),
    },
    "delete-resource": {
      summary: "Delete an object of an application from its cluster",
      load: () => import("../commands/app/delete-resource.ts"),
    },
    resources: {
      summary: "List an application's objects",
      load: () => import("../commands/app/resources.ts"),
    },
    history: { summary: "List what was deployed when", load: () => import("../commands/app/history.ts") },
    resume: {
      summary: "Let automated sync go on after a rollback",
      load: () => import("../commands/app/resume.ts"),
    },
    rollback: {
      summary: "Deploy what was deployed before",
      load: () => import("../commands/app/rollback.ts"),
    },
    set: { summary: "Change an application's spec", load: () => import("../commands/app/set.ts") },
    unset: { summary: "Remove settings of an application", load: () => import("../commands/app/unset.ts") },
    "add-source": {
      summary: "Add a source to an application",
      load: () => import("../commands/app/add-source.ts"),
    },
    "remove-source": {
      summary: "Remove one of an application's sources",
      load: () => import("../commands/app/remove-source.ts"),
    },
    patch: { summary: "Patch an application", load: () => import("../commands/app/patch.ts") },
    delete: { summary: "Delete an application", load: () => import("../commands/app/delete.ts") },
    "terminate-op": {
      summary: "Stop the running operation of an application",
      load: () => import("../commands/app/terminate-op.ts"),
    },
    actions: {
      summary: "What can be done with an application's objects",
      commands: {
        list: {
          summary: "List what can be done with an application's objects",
          load: () => import("../commands/app/actions/list.ts"),
        },
        run: {
          summary: "Do something with an application's objects, such as restart a Deployment",
          load: () => import("../commands/app/actions/run.ts"),
        },
      },
    },
    "confirm-deletion": {
      summary: "Approve deletions that wait for a confirmation",
      load: () => import("../commands/app/confirm-deletion.ts"),
    },
  },
};
