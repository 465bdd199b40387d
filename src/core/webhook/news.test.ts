import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { applyMergePatch } from "#core/object/index.ts";
import type { News } from "./news.ts";
import { maxNews, newsObject, parseNews, planNews } from "./news.ts";

const news = (revision: string, second: number): News => ({
  repoURL: "https://github.com/acme/shop",
  revision,
  at: new Date(second * 1_000).toISOString(),
});

function patched(object: KubeObject, added: ReadonlyMap<string, News>): KubeObject {
  return applyMergePatch(object, { data: planNews(object, added) }) as unknown as KubeObject;
}

describe("news of sources", () => {
  it("are read as they were written", () => {
    const added = new Map([["a", news("main", 1)]]);
    expect(parseNews(newsObject("argocd", planNews(undefined, added)))).toEqual(added);
  });

  it("replace what was said of the same source, and leave the others", () => {
    const first = newsObject(
      "argocd",
      planNews(
        undefined,
        new Map([
          ["a", news("main", 1)],
          ["b", news("prod", 1)],
        ]),
      ),
    );
    const second = patched(first, new Map([["a", news("main", 2)]]));
    expect([...parseNews(second)]).toEqual([
      ["a", news("main", 2)],
      ["b", news("prod", 1)],
    ]);
  });

  it("do not grow without bound: the oldest leave, and what somebody else wrote", () => {
    const many = new Map(Array.from({ length: maxNews }, (_, i) => [`k${i}`, news(`r${i}`, i)]));
    const full = newsObject("argocd", { ...planNews(undefined, many), note: "by hand", broken: "{}" });
    const after = parseNews(
      patched(
        full,
        new Map([
          ["new", news("main", 9_999)],
          ["newer", news("x", 9_999)],
        ]),
      ),
    );
    expect(after.size).toBe(maxNews);
    expect(["k0", "k1", "k2", "new"].map((key) => after.has(key))).toEqual([false, false, true, true]);
    expect(Object.keys(patched(full, new Map())["data"] as object)).toHaveLength(maxNews);
  });

  it("take half of what a ConfigMap may hold at the most, whatever was written there before", () => {
    const long = (i: number): News => ({ ...news("é".repeat(900), i), repoURL: `https://a.invalid/${i}` });
    const many = new Map(Array.from({ length: 400 }, (_, i) => [`k${i}`, long(i)]));
    const huge = { ...news("x".repeat(900_000), 5_000) };
    const full = newsObject("argocd", planNews(undefined, new Map([...many, ["huge", huge]])));
    const after = patched(full, new Map([["new", news("main", 9_999)]]));
    expect(JSON.stringify(after["data"]).length).toBeLessThan(512 * 1024);
    const keys = [...parseNews(after).keys()];
    expect([keys.includes("huge"), keys.includes("new"), keys.includes("k399")]).toEqual([false, true, true]);
  });

  it("are none where the ConfigMap is missing or holds anything else", () => {
    expect(parseNews(undefined).size).toBe(0);
    const wrong = ["null", "[]", "7", "{", '{"repoURL":1,"revision":"a","at":"b"}'];
    const data = Object.fromEntries(wrong.map((text, i) => [`k${i}`, text]));
    expect(parseNews(newsObject("argocd", data)).size).toBe(0);
  });
});
