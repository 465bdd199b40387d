import { expect, it } from "vitest";
import { identityOf } from "./pusher.ts";

it("whoever applies is named with the job that does it, and no two are the same", () => {
  const github = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ID: "42",
    HOSTNAME: "runner",
  };
  const of = (env: Readonly<Record<string, string>>) => identityOf({ env, userName: "ada" });
  expect(of(github)).toMatch(/^ada \(https:\/\/github\.com\/acme\/shop\/actions\/runs\/42\) #[a-z0-9]{5}$/u);
  expect(of({ CI_JOB_URL: "https://gitlab.example/1" })).toMatch(/^ada \(https:\/\/gitlab\.example\/1\) /u);
  expect(of({ HOSTNAME: "laptop" })).toMatch(/^ada \(laptop\) /u);
  expect(of({})).toMatch(/^ada #/u);
  expect(of(github)).not.toBe(of(github));
});
