import { describe, expect, it } from "vitest";
import { celOfCondition, parseLinks } from "./index.ts";

describe("a condition of a link", () => {
  it.each([
    ['app.spec.project == "default"', 'app.spec.project == "default"'],
    [
      "not (resource.kind == 'Pod' or resource.kind == 'Job')",
      "!(resource.kind == 'Pod' || resource.kind == 'Job')",
    ],
    ['resource.metadata.labels["a.b/c"] != nil && true', 'resource.metadata.labels["a.b/c"] != null && true'],
    ['app.metadata.name startsWith "web-"', 'app.metadata.name.startsWith("web-")'],
    [
      "app.metadata.name contains project.metadata.name and !false",
      "app.metadata.name.contains(project.metadata.name) && !false",
    ],
    ["resource.metadata.name matches `^a\\.b`", String.raw`resource.metadata.name.matches("^a\\.b")`],
    ['resource.kind in ["Pod", "Job"]', 'resource.kind in["Pod" , "Job"]'],
    ["len(cluster.name) > 3", "size(cluster.name) > 3"],
    ["app.contains.not == 1", "app.contains.not == 1"],
  ])("%s is %s", (condition, expression) => {
    expect(celOfCondition(condition)).toEqual({ ok: true, expression });
  });

  it.each([
    ["any(app.list, {# == 1})", "what stands at character 15 is not understood"],
    ["app.x | upper", "what stands at character 7 is not understood"],
    ["now() > 1", "the function now is not understood"],
    ['app.name startsWith ("a" + "b")', "what stands after startsWith is not understood"],
    ["app.list.all(x, x == 1)", "the method all is not understood"],
    ["  ", "it is empty"],
    ['"open', "what stands at character 1 is not understood"],
  ])("%s is not understood: %s", (condition, problem) => {
    expect(celOfCondition(condition)).toEqual({ ok: false, problem });
  });
});

describe("definitions of links", () => {
  it("have url and title, and may have more", () => {
    expect(
      parseLinks("resource.links", [
        { url: "https://a", title: "A", description: "d", "icon.class": "fa-x", if: "true", other: 1 },
        { url: "https://b", title: "B", if: "" },
      ]),
    ).toEqual({
      links: [
        {
          url: "https://a",
          title: "A",
          description: "d",
          iconClass: "fa-x",
          condition: "true",
          place: "resource.links[0]",
        },
        {
          url: "https://b",
          title: "B",
          description: undefined,
          iconClass: undefined,
          condition: undefined,
          place: "resource.links[1]",
        },
      ],
      problems: [],
    });
  });

  it("that are wrong are named, and the others count", () => {
    const many = Array.from({ length: 101 }, () => ({ url: "u", title: "t" }));
    expect(
      parseLinks("project.links", [1, { title: "t" }, { url: "u" }, { url: "u", title: 5 }]).problems,
    ).toEqual([
      "project.links[0]: is no object; write one with url and title",
      "project.links[1].url: is missing; give it",
      "project.links[2].title: is missing; give it",
      "project.links[3].title: is no text; quote it",
    ]);
    expect(parseLinks("project.links", "x").problems).toEqual([
      "project.links: is no list; write a list of links",
    ]);
    expect(parseLinks("project.links", many)).toMatchObject({
      problems: [expect.stringContaining("has 101 links")],
    });
    expect(parseLinks("project.links", [{ url: "u".repeat(5_000), title: "t" }]).problems).toHaveLength(1);
    expect(parseLinks("project.links", null)).toEqual({ links: [], problems: [] });
  });
});
