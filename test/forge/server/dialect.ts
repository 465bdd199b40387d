import type { ForgeModel, ServedProposal } from "./model.ts";

export type Sent = Readonly<Record<string, unknown>>;
export type Answer = readonly [status: number, body: unknown];

export interface Asked {
  readonly model: ForgeModel;
  readonly url: URL;
  readonly sent: Sent;
  /** What the groups of the route's pattern are. */
  readonly at: Readonly<Record<string, string>>;
}

/** Behind the repository's address. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (asked: Asked) => Answer | Promise<Answer>;
}

export const textOf = (sent: Sent, name: string): string => {
  const value = sent[name];
  return typeof value === "string" ? value : "";
};

/** One page of a list, of no more items than the forge gives at once. */
export function pageOf<T>({ url }: Asked, items: readonly T[], most: number): readonly T[] {
  const asked = Number(url.searchParams.get(most === 50 ? "limit" : "per_page") ?? 30);
  const [page, size] = [Number(url.searchParams.get("page") ?? 1), Math.min(asked, most)];
  return items.slice((page - 1) * size, page * size);
}

export const found = async ({ model, at }: Asked): Promise<ServedProposal> =>
  await model.find(Number(at["number"]));

const maxBody = 65_536;

/** Comments are the same on all three, but for where they are. */
export function commentRoutes(place: {
  readonly all: RegExp;
  readonly one: RegExp;
  readonly change: string;
  readonly pages: number | undefined;
}): readonly Route[] {
  const write = (asked: Asked, done: (body: string) => Answer): Answer => {
    const body = textOf(asked.sent, "body");
    return body.length > maxBody ? [422, { message: "body is too long" }] : done(body);
  };
  const withOne = (asked: Asked, done: (at: number) => Answer): Answer => {
    const at = asked.model.comments.findIndex(({ id }) => id === Number(asked.at["id"]));
    if (at < 0) return [404, { message: "Not Found" }];
    return asked.model.comments[at]?.foreign === true ? [403, { message: "Forbidden" }] : done(at);
  };
  return [
    {
      method: "GET",
      path: place.all,
      answer: (asked) => {
        const own = asked.model.comments.filter(({ on = 7 }) => on === Number(asked.at["number"]));
        return [200, place.pages === undefined ? own : pageOf(asked, own, place.pages)];
      },
    },
    {
      method: "POST",
      path: place.all,
      answer: (asked) =>
        write(asked, (body) => {
          const { comments } = asked.model;
          const id = comments.length + 1_000;
          comments.push({ id, on: Number(asked.at["number"]), body, foreign: false });
          return [201, comments.at(-1)];
        }),
    },
    {
      method: place.change,
      path: place.one,
      answer: (asked) =>
        write(asked, (body) =>
          withOne(asked, (at) => [200, Object.assign(asked.model.comments[at] ?? {}, { body })]),
        ),
    },
    {
      method: "DELETE",
      path: place.one,
      answer: (asked) => withOne(asked, (at) => [200, asked.model.comments.splice(at, 1)[0]]),
    },
  ];
}
