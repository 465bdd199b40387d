import { expect, it } from "vitest";
import { parseMarker } from "./marker.ts";

it.each([
  [' {"$imagepolicy": "flux-system:web"}', { policy: "flux-system:web", part: "image" }],
  [' {"$imagepolicy":"flux-system:web:tag"} ', { policy: "flux-system:web", part: "tag" }],
  [' {"$imagepolicy": "flux-system:web:name"}', { policy: "flux-system:web", part: "name" }],
  [' {"$imagescan": "web"}', { policy: "web", part: "image" }],
  [' {"$imagescan": "web:digest"}', { policy: "web", part: "digest" }],
])("reads the marker%s", (comment, marker) => {
  expect(parseMarker(comment)).toEqual(marker);
});

it("takes an ordinary comment for none", () => {
  expect(parseMarker(" the image policy of the team")).toBeUndefined();
  expect(parseMarker(' {"other": "a:b"}')).toBeUndefined();
});

it.each([
  [' {"$imagepolicy": "flux-system:web"', "is no marker"],
  [' {"$imagepolicy": "web"}', "NAMESPACE:NAME"],
  [' {"$imagepolicy": "a:b:c:d"}', "NAMESPACE:NAME"],
  [' {"$imagepolicy": "flux-system:web:version"}', 'the part "version"'],
  [' {"$imagepolicy": ":web"}', "NAMESPACE:NAME"],
  [' {"$imagescan": ""}', "is no marker"],
])("says what is wrong with the marker%s", (comment, problem) => {
  expect(parseMarker(comment)).toEqual({ problem: expect.stringContaining(problem) as string });
});
