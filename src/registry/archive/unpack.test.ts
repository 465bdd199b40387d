import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PackedEntry } from "#test/registry-servers/pack.ts";
import { packTar } from "#test/registry-servers/pack.ts";
import type { RegistryLimits } from "../options.ts";
import { resolveRegistryLimits } from "../options.ts";
import type { UnpackOptions } from "./unpack.ts";
import { unpack } from "./unpack.ts";

const { signal } = new AbortController();

async function open(
  archive: Buffer,
  options: Partial<UnpackOptions> & { limits?: never } = {},
  limits: RegistryLimits = {},
) {
  const { tree } = await unpack(archive, {
    compression: "gzip",
    strip: true,
    subject: { text: "chart", key: "chart" },
    revision: "sha256:1",
    signal,
    ...options,
    limits: resolveRegistryLimits(limits),
  });
  return tree;
}

/** What becomes of an archive of these entries: its files, or the error. */
async function outcome(entries: readonly PackedEntry[], limits: RegistryLimits = {}): Promise<unknown> {
  try {
    const tree = await open(gzipSync(packTar(entries)), {}, limits);
    const list = async (path: string): Promise<readonly string[]> => {
      const found = (await tree.list(path, signal)) ?? [];
      const nested = await Promise.all(
        found.map(async ({ name, type }) => {
          const at = path === "" ? name : `${path}/${name}`;
          if (type === "directory") return [`${at}/`, ...(await list(at))];
          const content = await tree.read(at, { maxBytes: 1e6, signal });
          return [`${at}${type === "symlink" ? " →" : ":"} ${Buffer.from(content).toString().slice(0, 20)}`];
        }),
      );
      return nested.flat();
    };
    return await list("");
  } catch (error) {
    return String(error).replace(/^MooringError: chart: (?:the archive cannot be used: )?/, "");
  }
}

const chart: PackedEntry = { path: "web/Chart.yaml", content: "name: web" };
const again = "; package and publish it anew";

describe("an archive", () => {
  it("keeps files, directories, links inside it, hard links and long names", async () => {
    const long = `web/${"d".repeat(90)}/${"f".repeat(90)}`;
    const entries: PackedEntry[] = [
      { path: "pax_global_header", type: "g", content: "10 a=b\n" },
      { path: "./web/", type: "5" },
      { path: "web/empty/", type: "5" },
      { ...chart, path: "./web/Chart.yaml" },
      { path: "web/templates/link", type: "2", link: "../Chart.yaml" },
      { path: "web/hard", type: "1", link: "web/Chart.yaml" },
      { path: "web/twice", content: "first" },
      { path: "web/twice", content: "second" },
      { path: "web/old/", type: "0" },
      { path: long, content: "long" },
    ];
    expect(await outcome(entries)).toEqual([
      "Chart.yaml: name: web",
      `${"d".repeat(90)}/`,
      `${"d".repeat(90)}/${"f".repeat(90)}: long`,
      "empty/",
      "hard: name: web",
      "old/",
      "templates/",
      "templates/link → ../Chart.yaml",
      "twice: second",
    ]);
    expect(await outcome([{ path: "web\\templates\\a.yaml", content: "a" }])).toEqual([
      "templates/",
      "templates/a.yaml: a",
    ]);
  });

  // Class: paths and links.
  it.for([
    ["an absolute path", { path: "/etc/passwd" }, 'the path "/etc/passwd" is absolute'],
    ["a Windows path", { path: "C:\\x" }, 'the path "C:\\\\x" is absolute'],
    ["a path that climbs", { path: "web/../../x" }, 'the path "web/../../x" leads out of it'],
    [
      "a path that climbs with backslashes",
      { path: "web\\..\\..\\x" },
      'the path "web\\\\..\\\\..\\\\x" leads out of it',
    ],
    ["a device", { path: "web/null", type: "3" }, '"web/null" is a device or a pipe'],
    ["a pipe", { path: "web/fifo", type: "6" }, '"web/fifo" is a device or a pipe'],
    ["a link out of it", { path: "web/a/l", type: "2", link: "../../x" }, 'the link "a/l" leads out of it'],
    [
      "an absolute link",
      { path: "web/l", type: "2", link: "/etc" },
      'the link "l" has a target that is absolute or empty',
    ],
    [
      "a hard link to nothing",
      { path: "web/l", type: "1", link: "web/x" },
      'the link "web/l" leads to no file',
    ],
    ["a hard link out of it", { path: "web/l", type: "1", link: "../x" }, 'the path "../x" leads out of it'],
    ["a file below a file", { path: "web/Chart.yaml/x" }, '"Chart.yaml" is a file and a directory'],
    ["a second directory", { path: "other/x" }, 'it has two directories at its top, "web" and "other"'],
    ["a file beside the directory", { path: "x" }, '"x" is beside the chart\'s directory instead of in it'],
    ["an endless nesting", { path: `web/${"d/".repeat(120)}x` }, "is nested too deeply"],
    ["a size that is none", { path: "web/x", size: -1 }, "a header is damaged or not of a tar archive"],
    ["an unknown type", { path: "web/x", type: "Z" }, "a header is damaged or not of a tar archive"],
    [
      "more size than content",
      { path: "web/x", content: "x", size: 5000 },
      "it ends in the middle of a file",
    ],
  ] as const)("with %s is refused", async ([, entry, reason]) => {
    expect(await outcome([chart, entry])).toContain(`${reason}${again}`);
  });

  it("is refused when it has too many entries, too long paths or unpacks to too much", async () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ path: `web/${i}` }));
    expect(await outcome(many, { maxEntries: 10 })).toBe(
      `it has more than the 10 entries that are allowed${again}`,
    );
    expect(await outcome([{ path: "web/abcdefghi" }], { maxPathBytes: 10 })).toBe(
      `the path "web/abcdefghi" is too long${again}`,
    );
    const tooMuch =
      "the archive unpacks to more than the 4096 bytes that are allowed; make it smaller or raise the limit";
    expect(await outcome([{ path: "web/x", content: "x".repeat(5000) }], { maxUnpackedBytes: 4096 })).toBe(
      tooMuch,
    );
    expect(await outcome([{ path: "web/x", size: 2 ** 32 }], { maxUnpackedBytes: 4096 })).toBe(tooMuch);
  });

  it("that is a bomb is stopped at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const work = open(
      Buffer.concat([gzipSync(packTar([chart]).subarray(0, 1024)), bomb]),
      {},
      { maxUnpackedBytes: 1024 * 1024 },
    );
    // Empty blocks end an archive, so what follows is not even looked at.
    expect((await (await work).list("", signal))?.map(({ name }) => name)).toEqual(["Chart.yaml"]);
    const big = packTar([{ path: "web/x", content: Buffer.alloc(64 * 1024 * 1024) }]);
    await expect(open(gzipSync(big), {}, { maxUnpackedBytes: 1024 * 1024 })).rejects.toMatchObject({
      code: "CHART_TOO_LARGE",
    });
  });

  it.for([
    ["nothing", Buffer.alloc(0)],
    ["no gzip", Buffer.from("hello")],
    ["gzip of no tar", gzipSync("hello".repeat(1000))],
    ["half of it", gzipSync(packTar([{ path: "web/x", content: "x".repeat(10_000) }])).subarray(0, 60)],
    ["no files", gzipSync(packTar([]))],
  ] as const)("that is %s is refused", async ([, archive]) => {
    await expect(open(archive)).rejects.toMatchObject({ code: "CHART_INVALID" });
  });

  it("stops when its signal aborts", async () => {
    await expect(open(gzipSync(packTar([chart])), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
