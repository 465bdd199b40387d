import fc from "fast-check";
import { expect, it } from "vitest";
import type { BatchReply } from "./batch-parser.ts";
import { BatchParser } from "./batch-parser.ts";

const oid = "0".repeat(40);

interface Exchange {
  readonly wantsContent: boolean;
  readonly content: string | undefined;
}

function written({ wantsContent, content }: Exchange): Buffer {
  if (content === undefined) return Buffer.from(`${oid} missing\n`);
  const bytes = Buffer.from(content);
  const head = Buffer.from(`${oid} blob ${bytes.length}\n`);
  return wantsContent ? Buffer.concat([head, bytes, Buffer.from("\n")]) : head;
}

function expected({ wantsContent, content }: Exchange): BatchReply {
  if (content === undefined) return { found: false, reason: "missing" };
  const bytes = Buffer.from(content);
  const reply = { found: true, oid, type: "blob", size: bytes.length } as const;
  return wantsContent ? { ...reply, content: bytes } : reply;
}

it("gives the same replies however the bytes are cut into chunks", () => {
  const exchange = fc.record({
    wantsContent: fc.boolean(),
    content: fc.option(fc.string({ unit: fc.constantFrom("\n", " ", "a", "\0", "é") }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(exchange),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (exchanges, cuts) => {
        const replies: BatchReply[] = [];
        const parser = new BatchParser(
          () => exchanges[replies.length]?.wantsContent ?? false,
          (reply) => replies.push(reply),
        );
        const bytes = Buffer.concat(exchanges.map((each) => written(each)));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          parser.push(bytes.subarray(at, at + length));
          at += length;
        }
        expect(replies).toEqual(exchanges.map((each) => expected(each)));
      },
    ),
  );
});

it("throws for what git never writes", () => {
  const parser = () =>
    new BatchParser(
      () => true,
      () => undefined,
    );
  expect(() => parser().push(Buffer.from("fatal: no\n"))).toThrow("unknown header");
  expect(() => parser().push(Buffer.alloc(5_000, 97))).toThrow("without end");
  expect(() => parser().push(Buffer.from(`${oid} blob 1\nab`))).toThrow("more content");
});
