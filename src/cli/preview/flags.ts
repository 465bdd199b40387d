import type { Flags, FlagValues } from "../command.ts";
import { toolFlags } from "../source-flags/flags.ts";

export const previewFlags = {
  base: { type: "string", value: "REF", description: "What the change is compared with; it is needed" },
  head: { type: "string", value: "REF", description: "The change; HEAD by default" },
  repo: {
    type: "string",
    value: "DIR",
    description: "A directory in the repository; the current one by default",
  },
  "repo-url": {
    type: "strings",
    value: "URL",
    description: "What Applications call this repository, beside the URLs of its remotes",
  },
  "merge-base": {
    type: "boolean",
    description: "Compare with where the histories part, as a pull request does; true by default",
  },
  "target-revision": {
    type: "strings",
    value: "NAME",
    description: "Applications that follow this branch change, too; HEAD and the branch of --base by default",
  },
  "kube-version": { type: "string", value: "VERSION", description: "Kubernetes version that charts see" },
  "api-versions": { type: "strings", value: "API", description: "API versions that charts see" },
  "kustomize-build-options": {
    type: "string",
    value: "OPTIONS",
    description: "As kustomize.buildOptions of argocd-cm, such as --enable-helm",
  },
  name: {
    type: "string",
    value: "NAME",
    description: "Of PATH: name of the Application; the directory's by default",
  },
  project: {
    type: "string",
    value: "NAME",
    description: "Of PATH: project in build variables; default by default",
  },
  "dest-namespace": {
    type: "string",
    value: "NAME",
    description: "Of PATH: namespace that charts are told; default",
  },
  output: {
    type: "string",
    short: "o",
    choices: ["text", "markdown", "json"],
    description: "Output format: text, markdown or json",
  },
  junit: {
    type: "string",
    value: "FILE",
    description: "Also write a JUnit report, in which what cannot be rendered fails",
  },
  comment: {
    type: "string",
    choices: ["github", "gitlab", "gitea"],
    description:
      "Also keep one comment on the pull request: github, gitlab or gitea (Forgejo, too); the token is taken from the environment",
  },
  "pull-request": {
    type: "integer",
    value: "NUMBER",
    description: "Which one; what the CI system says by default",
  },
  id: {
    type: "string",
    value: "NAME",
    description: "Tells comments of several previews of one change apart",
  },
  "exit-code": { type: "boolean", description: "Exit with 1 for a difference; true by default" },
  ...toolFlags,
} as const satisfies Flags;

export type PreviewValues = FlagValues<typeof previewFlags>;
