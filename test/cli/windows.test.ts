import { describe, expect, it } from "vitest";
import { startCli } from "./run.ts";

describe("mooring proj windows", () => {
  it("adds, lists, changes and deletes the windows of a project, and app get shows what they mean", async () => {
    const cli = await startCli("windows");
    const run = async (...argv: readonly string[]) => {
      const { code, out, err } = await cli.run(...argv);
      return code === 0 ? out : `${code} ${err}`;
    };
    await run("proj", "create", "shop", "-s", "*", "-d", "*,*");
    const app = ["app", "create", "web", "--project", "shop", "--repo", "https://git.example.com/a.git"];
    await run(
      ...app,
      "--path",
      ".",
      "--dest-name",
      "in-cluster",
      "--dest-namespace",
      "shop",
      "--validate=false",
    );
    const stateOf = async () => /^SyncWindow: +(.*)$/mu.exec(await run("app", "get", "web"))?.[1] ?? "";
    expect(await stateOf()).toBe("Sync Allowed");
    const add = ["proj", "windows", "add", "shop"];
    expect(
      await run(
        ...add,
        "-k",
        "deny",
        "--schedule",
        "* * * * *",
        "--duration",
        "1h",
        "--applications",
        "w*,api",
      ),
    ).toBe("window 0 added to project 'shop'\n");
    const allow = [
      "-k",
      "allow",
      "--schedule",
      "0 9 29 feb *",
      "--duration",
      "8h",
      "--time-zone",
      "Europe/Berlin",
    ];
    expect(await run(...add, ...allow, "--clusters", "east", "--sync-overrun", "--use-and-operator")).toBe(
      "window 1 added to project 'shop'\n",
    );
    expect(await run("proj", "windows", "list", "shop")).toBe(
      [
        "ID  STATUS    KIND   SCHEDULE      DURATION  APPLICATIONS  NAMESPACES  CLUSTERS  MANUALSYNC  SYNCOVERRUN  TIMEZONE       USEANDOPERATOR",
        "0   Active    deny   * * * * *     1h        w*,api        -           -         Disabled    Disabled     UTC            Disabled",
        "1   Inactive  allow  0 9 29 feb *  8h        -             -           east      Disabled    Enabled      Europe/Berlin  Enabled",
        "",
      ].join("\n"),
    );
    expect(await stateOf()).toBe("Sync Denied (no opening in sight)");
    expect(await run("proj", "windows", "enable-manual-sync", "shop", "0")).toBe(
      "window 0 of project 'shop': manual-sync enabled\n",
    );
    expect(await stateOf()).toBe("Manual Allowed (no opening in sight)");
    expect(await run("app", "get", "web")).toMatch(/^Assigned Windows: +deny:\* \* \* \* \*:1h$/mu);
    expect(await run("proj", "windows", "update", "shop", "0", "--schedule", "0 0 30 2 *")).toBe(
      `20 mooring: AppProject/${cli.namespace}/shop: spec.syncWindows[0].schedule is "0 0 30 2 *": no month that it names has a day 30, so it never comes\n  correct the day or the month\n`,
    );
    expect(await run("proj", "windows", "delete", "shop", "7")).toMatch(
      /^20 mooring: window "7": there is no window of that ID, there are 0 to 1/u,
    );
    expect(await run("proj", "windows", "update", "shop", "1", "--applications", "other")).toBe(
      "window 1 of project 'shop' updated\n",
    );
    expect(await run("proj", "windows", "delete", "shop", "0")).toBe("window 0 of project 'shop' deleted\n");
    expect(JSON.parse(await run("proj", "windows", "list", "shop", "-o", "json"))).toEqual([
      {
        kind: "allow",
        schedule: "0 9 29 feb *",
        duration: "8h",
        timeZone: "Europe/Berlin",
        applications: ["other"],
        clusters: ["east"],
        syncOverrun: true,
        andOperator: true,
      },
    ]);
    expect(await stateOf()).toBe("Sync Allowed");
  });
});
