import { expect, it } from "vitest";
import { readPaths } from "./server-paths.ts";

it.each([
  [{}, { rootPath: "", baseHref: "/" }],
  [{ rootPath: "/" }, { rootPath: "", baseHref: "/" }],
  [{ rootPath: "/mooring" }, { rootPath: "/mooring", baseHref: "/mooring/" }],
  [{ rootPath: "mooring/" }, { rootPath: "/mooring", baseHref: "/mooring/" }],
  [{ rootPath: "//a//b-c.d_e~f/" }, { rootPath: "/a/b-c.d_e~f", baseHref: "/a/b-c.d_e~f/" }],
  // A proxy takes the path away, so that only browsers know of it.
  [{ baseHref: "/mooring" }, { rootPath: "", baseHref: "/mooring/" }],
  [
    { rootPath: "/inner", baseHref: "/outer/inner" },
    { rootPath: "/inner", baseHref: "/outer/inner/" },
  ],
  [
    { rootPath: "/inner", baseHref: "/" },
    { rootPath: "/inner", baseHref: "/" },
  ],
])("reads %j as the paths of the server", (settings, paths) => {
  expect(readPaths(settings)).toEqual(paths);
});

it.each(["/a b", "/a?b", "/a/../b", "/.", "/a;Path=", '/"><script>', "https://example.com", "/ä"])(
  "refuses %j, which is no path",
  (path) => {
    expect(() => readPaths({ rootPath: path })).toThrow(
      `--rootpath is ${JSON.stringify(path)}; write a path`,
    );
    expect(() => readPaths({ baseHref: path })).toThrow(
      `--basehref is ${JSON.stringify(path)}; write a path`,
    );
  },
);
