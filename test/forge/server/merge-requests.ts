import type { Asked, Route } from "./dialect.ts";
import { commentRoutes, found, pageOf, textOf } from "./dialect.ts";
import type { ServedProposal } from "./model.ts";

const states = { open: "opened", merged: "merged", closed: "closed" } as const;
const reasons = { conflict: "conflict", checks: "ci_must_pass" } as const;

async function mergeRequest({ model }: Asked, one: ServedProposal): Promise<object> {
  const why = one.state === "open" ? await model.blockedBy(one) : undefined;
  return {
    iid: one.number,
    title: one.title,
    description: one.body,
    web_url: `https://forge/${one.number}`,
    state: states[one.state],
    source_branch: one.from,
    target_branch: one.into,
    source_project_id: 42,
    target_project_id: 42,
    sha: one.head,
    merge_commit_sha: one.mergeCommit ?? null,
    merge_user: one.state === "merged" ? { username: "mooring" } : null,
    labels: one.labels,
    detailed_merge_status: why === undefined ? "mergeable" : reasons[why],
  };
}

const one = /^\/merge_requests\/(?<number>\d+)$/u;

/** Who approves is a list of people: one who takes it back is no more in it. */
function approvers({ model, at }: Asked): readonly string[] {
  const by = new Map<string, boolean>();
  for (const review of model.reviews)
    if (review.on === Number(at["number"]) && review.said !== "comment")
      by.set(review.by, review.said === "approved");
  return [...by].filter(([, approves]) => approves).map(([name]) => name);
}

/** GitLab's project 42, below its address. */
export const gitlabRoutes: readonly Route[] = [
  { method: "GET", path: /^$/u, answer: ({ model }) => [200, { id: 42, merge_method: model.mergeMethod }] },
  {
    method: "GET",
    path: /^\/merge_requests$/u,
    answer: async (asked) => {
      const { searchParams } = asked.url;
      const open = (await asked.model.list()).filter(
        ({ from, into }) =>
          from === searchParams.get("source_branch") && into === searchParams.get("target_branch"),
      );
      const page = pageOf(asked, open, 100);
      return [200, await Promise.all(page.map(async (each) => await mergeRequest(asked, each)))];
    },
  },
  {
    method: "POST",
    path: /^\/merge_requests$/u,
    answer: async (asked) => {
      const made = await asked.model.begin({
        from: textOf(asked.sent, "source_branch"),
        into: textOf(asked.sent, "target_branch"),
        title: textOf(asked.sent, "title"),
        body: textOf(asked.sent, "description"),
      });
      return [201, await mergeRequest(asked, made)];
    },
  },
  {
    method: "GET",
    path: one,
    answer: async (asked) => [200, await mergeRequest(asked, await found(asked))],
  },
  {
    method: "PUT",
    path: one,
    answer: async (asked) => {
      const proposal = await found(asked);
      const { title, description, state_event: event, add_labels: labels } = asked.sent;
      if (typeof title === "string") proposal.title = title;
      if (typeof description === "string") proposal.body = description;
      if (typeof labels === "string") proposal.labels.push(...labels.split(","));
      if (event === "close") proposal.state = "closed";
      return [200, await mergeRequest(asked, proposal)];
    },
  },
  {
    method: "PUT",
    path: /^\/merge_requests\/(?<number>\d+)\/merge$/u,
    answer: async (asked) => {
      const { model, at, sent } = asked;
      const how = sent["squash"] === true ? "squash" : model.mergeMethod === "ff" ? "fast-forward" : "merge";
      await model.merge(Number(at["number"]), { head: textOf(sent, "sha"), how });
      return [200, await mergeRequest(asked, await found(asked))];
    },
  },
  {
    method: "GET",
    path: /^\/merge_requests\/(?<number>\d+)\/approvals$/u,
    answer: (asked) => [200, { approved_by: approvers(asked).map((username) => ({ user: { username } })) }],
  },
  {
    method: "POST",
    path: /^\/statuses\/(?<commit>[\da-f]{40})$/u,
    answer: ({ model, at, sent }) => {
      const commit = at["commit"] ?? "";
      const [context, state] = [textOf(sent, "context"), textOf(sent, "state")];
      if (model.latest(commit).some((each) => each.context === context && each.state === state))
        return [400, { message: `Cannot transition status via :run from :${state}` }];
      model.statuses.push({
        commit,
        context,
        state,
        description: textOf(sent, "description"),
        target_url: textOf(sent, "target_url") || null,
      });
      return [201, {}];
    },
  },
  {
    method: "GET",
    path: /^\/repository\/commits\/(?<commit>[\da-f]{40})\/statuses$/u,
    answer: (asked) => {
      const latest = asked.model.latest(asked.at["commit"] ?? "");
      const told = latest.map(({ context, state, ...rest }) => ({ ...rest, name: context, status: state }));
      return [200, pageOf(asked, told, 100)];
    },
  },
  {
    method: "GET",
    path: /^\/repository\/branches\/(?<branch>.+)$/u,
    answer: ({ model, at }) => [200, { can_push: !model.isProtected(at["branch"] ?? "") }],
  },
  ...commentRoutes({
    all: /^\/merge_requests\/(?<number>\d+)\/notes$/u,
    one: /^\/merge_requests\/\d+\/notes\/(?<id>\d+)$/u,
    change: "PUT",
    pages: 100,
  }),
];
