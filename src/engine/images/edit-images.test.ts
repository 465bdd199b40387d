import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Image } from "#core/images/index.ts";
import { parseImage } from "#core/images/index.ts";
import { editImages } from "./edit-images.ts";
import type { WantedImages } from "./wanted-images.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

function image(text: string): Image {
  const found = parseImage(text);
  if (found === undefined) throw new Error(`${text} is no image`);
  return found;
}

/** `OLD=NEW` renames. */
function wanted(...texts: readonly string[]): WantedImages {
  const images = texts.map((text) => {
    const [from, to] = text.split("=");
    return to === undefined ? { image: image(text) } : { from, image: image(to) };
  });
  return { images, policies: new Map() };
}

function policies(named: Readonly<Record<string, string>>): WantedImages {
  return { images: [], policies: new Map(Object.entries(named).map(([name, text]) => [name, image(text)])) };
}

describe("containers and values that name an image whole", () => {
  it("get the new tag, and nothing else changes by a byte", () => {
    const before = [
      "# the web team's",
      "spec:",
      "    containers:",
      "    - image:   ghcr.io/acme/web:v1    # pinned",
      "      name: web",
      '    - {name: side, image: "ghcr.io/acme/web:v1"}',
      "    - image: 'ghcr.io/acme/web:v0'",
      "    - image: ghcr.io/acme/web-extra:v1",
      "",
    ].join("\r\n");
    const edited = editImages(before, "a.yaml", wanted("ghcr.io/acme/web:v2"));
    expect(edited.text).toBe(
      before.replaceAll("acme/web:v1", "acme/web:v2").replace("acme/web:v0", "acme/web:v2"),
    );
    expect(edited.edits.map(({ line }) => line)).toEqual([4, 6, 7]);
  });

  it("keep the way in which the name is written, and lose a digest that was of the old tag", () => {
    const before = `image: docker.io/library/nginx:1.27@${digest("a")}\n`;
    expect(editImages(before, "a.yaml", wanted("nginx:1.29")).text).toBe(
      "image: docker.io/library/nginx:1.29\n",
    );
  });

  it("get another name where one is asked for", () => {
    const { text } = editImages("image: web\n", "a.yaml", wanted("web=ghcr.io/acme/web:v2"));
    expect(text).toBe("image: ghcr.io/acme/web:v2\n");
  });

  it("are found in every document of a file, behind a byte order mark too", () => {
    const before = "\uFEFFimage: web:v1\n---\nimage: web:v1\n...\n---\na: [{image: web:v1}]\n";
    expect(editImages(before, "a.yaml", wanted("web:v2")).text).toBe(before.replaceAll(":v1", ":v2"));
  });

  it("count as standing where they are so already", () => {
    const edited = editImages("image: web:v2\n", "a.yaml", wanted("web:v2"));
    expect(edited).toMatchObject({ text: "image: web:v2\n", edits: [], named: new Set(["web"]) });
  });
});

describe("values with repository and tag", () => {
  it("get a tag that stays a string, whatever it looks like", () => {
    const before = "web:\n  image:\n    repository: ghcr.io/acme/web\n    tag: 1.9\n";
    const { text, edits } = editImages(before, "values.yaml", wanted("ghcr.io/acme/web:1.10"));
    expect(text).toBe(before.replace("1.9", '"1.10"'));
    expect(edits).toEqual([{ line: 4, before: "1.9", after: "1.10" }]);
  });

  it("get quotes where the tag that is wanted stands there as a number that is another", () => {
    const before = "repository: web\ntag: 1.10\n";
    expect(editImages(before, "values.yaml", wanted("web:1.10")).text).toBe('repository: web\ntag: "1.10"\n');
    expect(editImages("repository: web\ntag: 1.9\n", "values.yaml", wanted("web:1.9")).edits).toEqual([]);
  });

  it("get quotes around a tag that some readers take for an exponent", () => {
    const { text } = editImages("repository: web\ntag: v1\n", "values.yaml", wanted("web:e0"));
    expect(parse(text, { version: "1.1" })).toEqual({ repository: "web", tag: "e0" });
  });

  it("find the host in registry", () => {
    const before = "image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: v1\n  digest: ''\n";
    expect(editImages(before, "values.yaml", wanted("ghcr.io/acme/web:v2")).text).toBe(
      before.replace("v1", "v2"),
    );
    const moved = editImages(before, "values.yaml", wanted("ghcr.io/acme/web=quay.io/acme/shop:v2")).text;
    expect(moved).toBe(
      before.replace("ghcr.io", "quay.io").replace("acme/web", "acme/shop").replace("v1", "v2"),
    );
  });

  it("lose the digest of the old image, which would be what runs", () => {
    const before = `image:\n  repository: web\n  tag: v1\n  digest: ${digest("a")}\n`;
    const { text } = editImages(before, "values.yaml", wanted("web:v2"));
    expect(parse(text)).toEqual({ image: { repository: "web", tag: "v2", digest: "" } });
    const pinned = editImages(before, "values.yaml", wanted(`web:v2@${digest("b")}`)).text;
    expect(parse(pinned)).toEqual({ image: { repository: "web", tag: "v2", digest: digest("b") } });
  });

  it("get a digest behind the tag where there is no place of its own", () => {
    const { text } = editImages("repository: web\ntag: v1\n", "values.yaml", wanted(`web:v2@${digest("b")}`));
    expect(parse(text)).toEqual({ repository: "web", tag: `v2@${digest("b")}` });
  });

  it("say which file and line has no place for what is asked", () => {
    expect(() =>
      editImages("a: 1\nrepository: web\ntag: v1\n", "values.yaml", wanted(`web@${digest("b")}`)),
    ).toThrow("values.yaml line 2: has no digest beside repository");
  });

  it("are not those of a chart's dependencies", () => {
    const before =
      "dependencies:\n- {name: web, repository: 'https://charts.example.com/web', version: 1.0.0}\n";
    expect(editImages(before, "Chart.yaml", wanted("web:v2"))).toMatchObject({ edits: [], text: before });
  });
});

describe("kustomizations", () => {
  it("get newTag where there is one, and where there is none", () => {
    const before =
      "images:\n  - name: web\n    newTag: v1 # by CI\n  - name: api # no tag yet\nresources: [a.yaml]\n";
    const { text, edits } = editImages(
      before,
      "overlays/prod/kustomization.yaml",
      wanted("web:v2", "api:v3"),
    );
    expect(text).toBe(
      "images:\n  - name: web\n    newTag: v2 # by CI\n  - name: api # no tag yet\n    newTag: v3\nresources: [a.yaml]\n",
    );
    expect(edits).toEqual([
      { line: 3, before: "v1", after: "v2" },
      { line: 5, before: "", after: "newTag: v3" },
    ]);
  });

  it("get a digest in the place of a tag, and a tag in the place of a digest", () => {
    const withTag = "kind: Kustomization\nimages:\n- name: web\n  newTag: v1\n";
    const pinned = editImages(withTag, "k.yaml", wanted(`web@${digest("a")}`)).text;
    expect(pinned).toBe(`kind: Kustomization\nimages:\n- name: web\n  digest: ${digest("a")}\n`);
    expect(editImages(pinned, "k.yaml", wanted("web:v1")).text).toBe(withTag);
  });

  it("are found by the name that an image gets, and get another", () => {
    const before = "images:\n- newName: ghcr.io/acme/web\n  name: web\n  newTag: v1";
    expect(editImages(before, "kustomization.yml", wanted("web:v2")).edits).toEqual([]);
    const moved = editImages(
      before,
      "kustomization.yml",
      wanted("ghcr.io/acme/web=quay.io/acme/web:v2"),
    ).text;
    expect(moved).toBe("images:\n- newName: quay.io/acme/web\n  name: web\n  newTag: v2");
    const added = editImages(
      "images:\n- {name: web}",
      "kustomization.yaml",
      wanted("web=quay.io/acme/web:1.10"),
    ).text;
    expect(parse(added)).toEqual({ images: [{ name: "web", newName: "quay.io/acme/web", newTag: "1.10" }] });
  });

  it("keep carriage returns", () => {
    const { text } = editImages("images:\r\n- name: web\r\n", "kustomization.yaml", wanted("web:v2"));
    expect(text).toBe("images:\r\n- name: web\r\n  newTag: v2\r\n");
  });

  it("say what stands in the way", () => {
    const before = `images:\n- {name: web, digest: "${digest("a")}"}\n`;
    expect(() => editImages(before, "kustomization.yaml", wanted("web:v2"))).toThrow(
      "kustomization.yaml line 2: digest of this image would stay",
    );
  });

  it("of other kinds are none: lists of images have names in all sorts of files", () => {
    const before = "kind: Other\nimages:\n- name: web\n";
    expect(editImages(before, "other.yaml", wanted("web:v2")).text).toBe(before);
  });
});

it("writes the images of an Application's kustomization", () => {
  const before =
    "spec:\n  source:\n    kustomize:\n      images:\n      - web=ghcr.io/acme/web:v1\n      - api:v1\n";
  const { text } = editImages(before, "app.yaml", wanted("ghcr.io/acme/web:v2", "api:v2"));
  expect(text).toBe(before.replaceAll(":v1", ":v2"));
});

describe("markers", () => {
  it("of Flux and Fleet say what their scalars hold", () => {
    const before = [
      'image: ghcr.io/acme/web:v1 # {"$imagepolicy": "flux-system:web"}',
      "values:",
      '  tag: "v1" # {"$imagepolicy": "flux-system:web:tag"}',
      `  digest: ${digest("a")} # {"$imagescan": "web:digest"}`,
      '  name: x   # {"$imagepolicy": "flux-system:web:name"}',
      '  other: y  # {"$imagepolicy": "flux-system:other:tag"}',
      '  list: [a, 1.9] # {"$imagepolicy": "flux-system:web:tag"}',
      "",
    ].join("\n");
    const all = policies({
      "flux-system:web": `ghcr.io/acme/web:1.10@${digest("b")}`,
      web: `ghcr.io/acme/web@${digest("c")}`,
    });
    expect(editImages(before, "a.yaml", all).text).toBe(
      [
        `image: ghcr.io/acme/web:1.10@${digest("b")} # {"$imagepolicy": "flux-system:web"}`,
        "values:",
        '  tag: "1.10" # {"$imagepolicy": "flux-system:web:tag"}',
        `  digest: ${digest("c")} # {"$imagescan": "web:digest"}`,
        '  name: ghcr.io/acme/web   # {"$imagepolicy": "flux-system:web:name"}',
        '  other: y  # {"$imagepolicy": "flux-system:other:tag"}',
        '  list: [a, "1.10"] # {"$imagepolicy": "flux-system:web:tag"}',
        "",
      ].join("\n"),
    );
  });

  it("that cannot be read name the file and the line", () => {
    const before = 'a: 1\nimage: web:v1 # {"$imagepolicy": "flux-system:web:version"}\n';
    expect(() => editImages(before, "a.yaml", policies({ "flux-system:web": "web:v2" }))).toThrow(
      'a.yaml line 2: the marker names the part "version"; write :tag, :name or :digest',
    );
  });

  it("that ask for what is not given say so", () => {
    const before = 'digest: x # {"$imagepolicy": "flux-system:web:digest"}\n';
    expect(() => editImages(before, "a.yaml", policies({ "flux-system:web": "web:v2" }))).toThrow(
      "a.yaml line 1: the marker of flux-system:web asks for the digest, which web:v2 does not have",
    );
  });

  it("in what is no YAML stop the work, and in what has none do not", () => {
    const broken = 'a: [\nimage: web:v1 # {"$imagepolicy": "flux-system:web"}\n';
    expect(() => editImages(broken, "a.yaml", policies({ "flux-system:web": "web:v2" }))).toThrow(
      "a.yaml line",
    );
    expect(editImages("image: {{ .web }}\n  a: [", "a.yaml", wanted("web:v2"))).toMatchObject({
      edits: [],
      left: expect.stringContaining("is no YAML") as string,
    });
  });
});

describe("what would be read otherwise than it was asked for", () => {
  it("is written at all of more places than a call takes arguments", () => {
    const before = "- image: web:v1\n".repeat(150_000);
    const { text, edits } = editImages(before, "a.yaml", wanted("web:v2"));
    expect(edits).toHaveLength(150_000);
    expect(text).toBe(before.replaceAll("v1", "v2"));
  });

  it("gets quotes for a host that begins like a list", () => {
    const { text } = editImages(
      "- image: web:v1\n- {image: web:v1}\n",
      "a.yaml",
      wanted("web=[::1]:5000/web:v2"),
    );
    expect(parse(text)).toEqual([{ image: "[::1]:5000/web:v2" }, { image: "[::1]:5000/web:v2" }]);
  });

  it("keeps quotes and line ends that stand before an image in a list", () => {
    const before = `images: ['it''s=web:v1', "a\\"\\nb=web:v1", x=web:v1]\n`;
    const { text } = editImages(before, "a.yaml", wanted("web:v2"));
    expect(text).toBe(before.replaceAll("v1", "v2"));
  });

  it("stays JSON where a kustomization is written as JSON", () => {
    const before = '{"kind": "Kustomization", "images": [{"name": "web"}]}';
    const { text } = editImages(before, "kustomization.yaml", wanted("web:v2"));
    expect(JSON.parse(text)).toEqual({ kind: "Kustomization", images: [{ name: "web", newTag: "v2" }] });
  });

  it("does not tear a line apart of which a marker keeps one half and the new tag takes all", () => {
    const before = `kind: Kustomization\nimages:\n- name: web\n  newTag: v1\n  digest: ${digest("a")} # {"$imagepolicy": "apps:web:digest"}\n`;
    const both = {
      ...wanted("web:v2"),
      policies: policies({ "apps:web": `web:v2@${digest("b")}` }).policies,
    };
    expect(editImages(before, "kustomization.yaml", both).text).toBe(
      before.replace("v1", "v2").replace(digest("a"), digest("b")),
    );
  });

  it("writes the tag beside an image that has none of its own, and not a second one into it", () => {
    const before = "image: web\ntag: v1\n";
    expect(editImages(before, "values.yaml", wanted("web:v2")).text).toBe("image: web\ntag: v2\n");
    expect(editImages(before, "values.yaml", wanted("web=ghcr.io/acme/web:v2")).text).toBe(
      "image: ghcr.io/acme/web\ntag: v2\n",
    );
  });

  it("leaves a digest alone that is null, since there is none", () => {
    const before = "repository: web\ntag: v1\ndigest: null\n";
    expect(editImages(before, "values.yaml", wanted("web:v2")).text).toBe(before.replace("v1", "v2"));
    expect(editImages(before, "values.yaml", wanted(`web@${digest("b")}`)).text).toBe(
      before.replace("null", `"${digest("b")}"`),
    );
  });
});

it("what is written twice is written once, and reads as the string that was asked for", () => {
  const tag = fc
    .string({
      unit: fc.constantFrom(...Array.from("0123456789.eExX_-abcnotrueysl")),
      minLength: 1,
      maxLength: 12,
    })
    .filter((text) => parseImage(`web:${text}`) !== undefined);
  const style = fc.constantFrom("v1", "'v1'", '"v1"', "1.9", "0x10", "true");
  fc.assert(
    fc.property(tag, style, (text, old) => {
      const before = `a:\n  repository: web\n  tag: ${old} # note\nb: 1\n`;
      const edited = editImages(before, "values.yaml", wanted(`web:${text}`));
      for (const version of ["1.1", "1.2"] as const) {
        const read = parse(edited.text, { version }) as unknown;
        // What stands already stands as it is written: 1.9 for the tag 1.9.
        if (edited.edits.length > 0) expect(read).toEqual({ a: { repository: "web", tag: text }, b: 1 });
      }
      expect(editImages(edited.text, "values.yaml", wanted(`web:${text}`)).edits).toEqual([]);
      expect(edited.text.replace(/tag: .* # note/u, "")).toBe(before.replace(/tag: .* # note/u, ""));
    }),
  );
});

// Class: authorisation.
it("a tag alone is not written where the image must be signed: it may be led to one that is not", () => {
  const web = `ghcr.io/acme/web:v2@${digest("b")}`;
  const signed = { ...policies({ "apps:web": web }), verified: new Set(["apps:web"]) };
  const tag = `tag: v1 # {"$imagepolicy": "apps:web:tag"}\n`;
  const other = `digest: ${digest("a")} # {"$imagepolicy": "apps:web:digest"}\n`;
  const refusal =
    "a.yaml line 2: the marker of apps:web asks for the tag alone, which may be led to an image that nobody signed";
  expect(() => editImages(`a: 1\n${tag}`, "a.yaml", signed)).toThrow(refusal);
  expect(() => editImages(`image:\n  ${tag}${other}`, "a.yaml", signed)).toThrow(refusal);
  expect(() => editImages(`image:\n- v1 # {"$imagepolicy": "apps:web:tag"}\n`, "a.yaml", signed)).toThrow(
    refusal,
  );
  expect(editImages(`${tag}${other}`, "a.yaml", signed).text).toBe(
    tag.replace("v1", "v2") + other.replace(digest("a"), digest("b")),
  );
  expect(editImages(tag, "a.yaml", policies({ "apps:web": web })).text).toBe(tag.replace("v1", "v2"));
});
