import { account, admin } from "./account.ts";
import { app } from "./app.ts";
import { cluster, gpg, repo } from "./hub.ts";
import { image } from "./image.ts";
import { proj } from "./proj.ts";
import { pipeline, promote, promotion, rollback } from "./promotion.ts";
import type { Group } from "./tree.ts";

export type { Group, Leaf } from "./tree.ts";
export { isGroup } from "./tree.ts";

export const root: Group = {
  summary: "GitOps for Kubernetes",
  commands: {
    app,
    repo,
    cluster,
    gpg,
    proj,
    account,
    admin,
    audit: {
      summary: "Show who has asked the server for what, and what came of it",
      load: () => import("../commands/audit.ts"),
    },
    trace: {
      summary: "Show where a commit or an image is: in which applications, since when, and what it waits for",
      load: () => import("../commands/trace.ts"),
    },
    dora: {
      summary: "Show lead time, frequency, failure rate and time to restore of applications",
      load: () => import("../commands/dora.ts"),
    },
    system: {
      summary: "Show how the installation itself is",
      load: () => import("../commands/system.ts"),
    },
    image,
    pipeline,
    promote,
    rollback,
    promotion,
    render: {
      summary: "Print what a directory, a repository or an application renders to",
      load: () => import("../commands/render.ts"),
    },
    plan: {
      summary: "Show what an apply of files would do to a cluster, without a control plane",
      load: () => import("../commands/plan.ts"),
    },
    apply: {
      summary: "Apply files to a cluster as the controller would, without a control plane",
      load: () => import("../commands/apply.ts"),
    },
    preview: {
      summary: "Show what a change in Git would change in what applications render to",
      load: () => import("../commands/preview.ts"),
    },
    validate: {
      summary: "Check manifests, and what sources render to, against schemas",
      load: () => import("../commands/validate.ts"),
    },
    install: {
      summary: "Print or apply what a cluster needs to run Mooring",
      load: () => import("../commands/install.ts"),
    },
    up: {
      summary: "Run everything in one process, with a cluster of its own when none is given",
      load: () => import("../commands/up.ts"),
    },
    controller: { summary: "Run the controller", load: () => import("../commands/controller.ts") },
    server: { summary: "Run the API server", load: () => import("../commands/server.ts") },
    login: { summary: "Log in to an API server", load: () => import("../commands/login.ts") },
    relogin: {
      summary: "Log in again where you were logged in",
      load: () => import("../commands/relogin.ts"),
    },
    logout: { summary: "Log out of an API server", load: () => import("../commands/logout.ts") },
    context: {
      summary: "List logins, choose one, or forget one",
      load: () => import("../commands/context.ts"),
    },
    version: { summary: "Show versions", load: () => import("../commands/version.ts") },
    completion: {
      summary: "Print a shell completion script",
      load: () => import("../commands/completion.ts"),
    },
  },
};
