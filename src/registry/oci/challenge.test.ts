import { expect, it } from "vitest";
import { parseChallenge } from "./challenge.ts";

it.for([
  [
    'Bearer realm="https://auth.example.com/token?a=b,c",service="registry",scope="repository:a/b:pull"',
    {
      scheme: "bearer",
      realm: "https://auth.example.com/token?a=b,c",
      service: "registry",
      scope: "repository:a/b:pull",
    },
  ],
  [
    'bearer service=x , realm="https://a/\\"t\\""',
    { scheme: "bearer", realm: 'https://a/"t"', service: "x", scope: undefined },
  ],
  [
    'Basic realm="Registry", Bearer realm="https://a/t"',
    { scheme: "bearer", realm: "https://a/t", service: undefined, scope: undefined },
  ],
  ["Basic", { scheme: "basic" }],
  ['Negotiate, Basic realm="x", charset="UTF-8"', { scheme: "basic" }],
  ['Bearer service="no realm"', undefined],
  ["", undefined],
  [",,,=", undefined],
] as const)("reads the challenge %s", ([header, expected]) => {
  expect(parseChallenge(header)).toEqual(expected);
});
