import { expect, it } from "vitest";
import { edgePath } from "./edge-path.ts";

const layout = new Map([
  ["a", { x: 0, y: 0 }],
  ["b", { x: 300, y: 0 }],
  ["c", { x: 300, y: 100 }],
]);

it("edgePath leads from the right of one node to the left of the next", () => {
  expect(edgePath([{ from: "a", to: "b" }], layout)).toBe("M236 30H300");
  expect(edgePath([{ from: "a", to: "c" }], layout)).toBe(
    "M236 30H264Q272 30 272 38V122Q272 130 280 130H300",
  );
  expect(edgePath([{ from: "a", to: "gone" }], layout)).toBe("");
});
