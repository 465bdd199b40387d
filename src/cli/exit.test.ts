import { describe, expect, it } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import { exitCodeOf, printError } from "./exit.ts";
import { runCli } from "./main.ts";
import { createTestPorts } from "./testing.ts";

function printed(error: unknown, debug = false): string {
  const ports = createTestPorts();
  printError(ports.stderr, error, { debug });
  return ports.complained();
}

describe("exit codes", () => {
  it.each([
    ["connection", new MooringError("KUBE_UNREACHABLE", "x"), 11],
    ["refused by the API server", new MooringError("KUBE_FORBIDDEN", "x"), 12],
    ["does not exist", new MooringError("APP_NOT_FOUND", "x"), 13],
    ["wrong command line", new MooringError("CLI_USAGE", "x"), 20],
    ["bug", new TypeError("x"), 20],
    ["Ctrl-C", new DOMException("x", "AbortError"), 130],
  ])("tell %s", (_what, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it("are 2 for every error of app diff, whose 1 means a difference", async () => {
    const codes = await Promise.all(
      [
        ["app", "diff"],
        ["app", "diff", "web", "--bogus"],
        ["app", "diff", "web"],
      ].map((argv) => runCli(argv, createTestPorts())),
    );
    expect(codes).toEqual([2, 2, 2]);
  });

  it("are 0 for help and 20 for a group without a command", async () => {
    const codes = [["--help"], ["app", "--help"], ["app", "get", "-h"], ["app"], ["nonsense"]].map((argv) =>
      runCli(argv, createTestPorts()),
    );
    expect(await Promise.all(codes)).toEqual([0, 0, 0, 20, 20]);
  });
});

describe("error messages", () => {
  it("put what to do on a line of its own", () => {
    expect(
      printed(
        new MooringError("APP_INVALID", "Application/argocd/web: spec.project is empty; name a project"),
      ),
    ).toBe("mooring: Application/argocd/web: spec.project is empty\n  name a project\n");
  });

  it("keep the lines of a list of problems", () => {
    expect(printed(new MooringError("APP_INVALID", "a: one; fix it\nb: two; fix it"))).toBe(
      "mooring: a: one; fix it\n  b: two; fix it\n",
    );
  });

  it("say nothing of an interrupt", () => {
    expect(printed(new DOMException("received SIGINT", "AbortError"))).toBe("");
  });

  it("show code and causes when asked for detail", () => {
    const error = new MooringError("GIT_AUTH", "repository x: refused; check the token", {
      cause: new Error("401"),
    });
    const lines = printed(error, true).split("\n");
    expect(lines.filter((line) => !line.startsWith("    at "))).toEqual([
      "mooring: repository x: refused",
      "  check the token",
      "GIT_AUTH MooringError: repository x: refused; check the token",
      "caused by Error: 401",
      "",
    ]);
  });
});
