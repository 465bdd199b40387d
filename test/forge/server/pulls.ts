import type { MergeMethod } from "#ports/forge.ts";
import type { Asked, Route, Sent } from "./dialect.ts";
import { commentRoutes, found, pageOf, textOf } from "./dialect.ts";
import type { ServedProposal } from "./model.ts";

/** What GitHub and Gitea say alike; `most` is how much a page has. */
interface Kind {
  readonly most: 100 | 50;
  readonly reviewStates: Readonly<Record<string, string>>;
  readonly statusField: "state" | "status";
}

const repository = { full_name: "shop/deploy" };

async function pull({ model }: Asked, one: ServedProposal, kind: Kind): Promise<object> {
  const why = one.state === "open" ? await model.blockedBy(one) : undefined;
  return {
    ...listed(one),
    mergeable: why !== "conflict",
    ...(kind.most === 100
      ? { mergeable_state: why === "conflict" ? "dirty" : why === "checks" ? "blocked" : "clean" }
      : { draft: false }),
  };
}

/** What a list has of it. */
function listed(one: ServedProposal): object {
  return {
    number: one.number,
    title: one.title,
    body: one.body || null,
    html_url: `https://forge/${one.number}`,
    state: one.state === "open" ? "open" : "closed",
    merged: one.state === "merged",
    merge_commit_sha: one.mergeCommit ?? null,
    merged_by: one.state === "merged" ? { login: "mooring" } : null,
    head: { ref: one.from, sha: one.head, repo: repository },
    base: { ref: one.into, repo: repository },
    labels: one.labels.map((name) => ({ name })),
  };
}

const isNarrow = ({ url }: Asked, { from, into }: ServedProposal): boolean => {
  const [head, base] = [url.searchParams.get("head"), url.searchParams.get("base")];
  return (head === null || head === `shop:${from}`) && (base === null || base === into);
};

function proposalRoutes(kind: Kind): readonly Route[] {
  return [
    {
      method: "GET",
      path: /^\/pulls$/u,
      answer: async (asked) => {
        const open = (await asked.model.list()).filter((one) => isNarrow(asked, one));
        const page = pageOf(asked, open, kind.most);
        return [200, page.map((one) => listed(one))];
      },
    },
    {
      method: "POST",
      path: /^\/pulls$/u,
      answer: async (asked) => {
        const { sent } = asked;
        const made = await asked.model.begin({
          from: textOf(sent, "head"),
          into: textOf(sent, "base"),
          title: textOf(sent, "title"),
          body: textOf(sent, "body"),
        });
        return [201, await pull(asked, made, kind)];
      },
    },
    {
      method: "GET",
      path: /^\/pulls\/(?<number>\d+)$/u,
      answer: async (asked) => [200, await pull(asked, await found(asked), kind)],
    },
    {
      method: "PATCH",
      path: /^\/pulls\/(?<number>\d+)$/u,
      answer: async (asked) => {
        const one = await found(asked);
        const { title, body, state } = asked.sent;
        if (typeof title === "string") one.title = title;
        if (typeof body === "string") one.body = body;
        if (state === "closed") one.state = "closed";
        return [200, await pull(asked, one, kind)];
      },
    },
  ];
}

function talkRoutes(kind: Kind): readonly Route[] {
  return [
    {
      method: "POST",
      path: /^\/issues\/(?<number>\d+)\/labels$/u,
      answer: async (asked) => {
        const { labels } = asked.sent;
        (await found(asked)).labels.push(...(Array.isArray(labels) ? labels.map(String) : []));
        return [200, []];
      },
    },
    {
      method: "GET",
      path: /^\/pulls\/(?<number>\d+)\/reviews$/u,
      answer: (asked) => {
        const own = asked.model.reviews.filter(({ on }) => on === Number(asked.at["number"]));
        const told = own.map(({ by, said, commit }) => ({
          user: { login: by },
          state: kind.reviewStates[said],
          dismissed: said === "dismissed",
          commit_id: commit,
        }));
        return [200, pageOf(asked, told, kind.most)];
      },
    },
  ];
}

function statusRoutes({ most, statusField }: Kind): readonly Route[] {
  return [
    {
      method: "POST",
      path: /^\/statuses\/(?<commit>[\da-f]{40})$/u,
      answer: ({ model, at, sent }) => {
        if (textOf(sent, "description").length > 140) return [422, { message: "description is too long" }];
        model.statuses.push({
          commit: at["commit"] ?? "",
          context: textOf(sent, "context"),
          state: textOf(sent, "state"),
          description: textOf(sent, "description"),
          target_url: textOf(sent, "target_url") || null,
        });
        return [201, {}];
      },
    },
    {
      method: "GET",
      path: /^\/commits\/(?<commit>[\da-f]{40})\/status$/u,
      answer: (asked) => {
        const latest = asked.model.latest(asked.at["commit"] ?? "");
        const page = pageOf(asked, latest, most).map(({ state, ...rest }) => ({
          ...rest,
          [statusField]: state,
        }));
        return [200, { statuses: page.length === 0 && most === 50 ? null : page }];
      },
    },
  ];
}

function mergeRoute(method: string, read: (sent: Sent) => { readonly head: string; readonly how: string }) {
  const answer: Route["answer"] = async ({ model, at, sent }) => {
    const { head, how } = read(sent);
    await model.merge(Number(at["number"]), { head, how: how as MergeMethod });
    return [200, { merged: true }];
  };
  return { method, path: /^\/pulls\/(?<number>\d+)\/merge$/u, answer };
}

const comments = (pages: number | undefined) =>
  commentRoutes({
    all: /^\/issues\/(?<number>\d+)\/comments$/u,
    one: /^\/issues\/comments\/(?<id>\d+)$/u,
    change: "PATCH",
    pages,
  });

const github: Kind = {
  most: 100,
  reviewStates: {
    approved: "APPROVED",
    changes: "CHANGES_REQUESTED",
    comment: "COMMENTED",
    dismissed: "DISMISSED",
  },
  statusField: "state",
};

export const githubRoutes: readonly Route[] = [
  ...proposalRoutes(github),
  ...talkRoutes(github),
  ...statusRoutes(github),
  ...comments(100),
  mergeRoute("PUT", (sent) => ({ head: textOf(sent, "sha"), how: textOf(sent, "merge_method") })),
  {
    method: "PATCH",
    path: /^\/git\/refs\/heads\/(?<branch>.+)$/u,
    answer: async ({ model, at, sent }) => {
      await model.forward(at["branch"] ?? "", textOf(sent, "sha"));
      return [200, {}];
    },
  },
  {
    method: "GET",
    path: /^\/commits\/(?<commit>[\da-f]{40})\/check-runs$/u,
    answer: (asked) => {
      const own = asked.model.checkRuns.filter(({ commit }) => commit === asked.at["commit"]);
      const runs = own.map(({ name, conclusion }) => ({
        name,
        conclusion,
        status: conclusion === null ? "in_progress" : "completed",
      }));
      return [200, { total_count: own.length, check_runs: pageOf(asked, runs, 100) }];
    },
  },
  {
    method: "GET",
    path: /^\/branches\/(?<branch>.+)$/u,
    answer: ({ model, at }) => [200, { protected: model.isProtected(at["branch"] ?? "") }],
  },
  {
    method: "GET",
    path: /^\/rules\/branches\/(?<branch>.+)$/u,
    answer: ({ model, at }) => [200, model.isProtected(at["branch"] ?? "") ? [{ type: "pull_request" }] : []],
  },
];

const gitea: Kind = {
  most: 50,
  reviewStates: {
    approved: "APPROVED",
    changes: "REQUEST_CHANGES",
    comment: "COMMENT",
    dismissed: "APPROVED",
  },
  statusField: "status",
};

export const giteaRoutes: readonly Route[] = [
  ...proposalRoutes(gitea),
  ...talkRoutes(gitea),
  ...statusRoutes(gitea),
  ...comments(undefined),
  mergeRoute("POST", (sent) => ({
    head: textOf(sent, "head_commit_id"),
    how: textOf(sent, "Do").replace("-only", ""),
  })),
  {
    method: "GET",
    path: /^\/branches\/(?<branch>.+)$/u,
    answer: ({ model, at }) => [200, { user_can_push: !model.isProtected(at["branch"] ?? "") }],
  },
];
