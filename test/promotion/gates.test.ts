import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { Gate, GateSpec, Promotion } from "#core/promotion/index.ts";
import { parsePipeline } from "#core/promotion/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import type { GateContext, GateOutcome, GatePorts } from "#engine/promotion/gates/index.ts";
import { evaluateGate } from "#engine/promotion/gates/index.ts";
import { startCluster } from "#kube/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import { startOutgoingHttp } from "#registry/index.ts";
import { startWebServer } from "../registry-servers/index.ts";

const at = "2026-01-01T00:00:00Z";
const revision = "a".repeat(40);
const { signal } = new AbortController();

const pipeline = parsePipeline({
  apiVersion: "mooring.dev/v1alpha1",
  kind: "Pipeline",
  metadata: { name: "shop", namespace: "default", uid: "u" },
  spec: {
    repoURL: "https://git.example.com/shop.git",
    stages: [{ name: "prod", branch: "prod", applications: ["web"] }],
  },
});

const promotion: Promotion = {
  name: "shop-prod-aaaaaaa",
  namespace: "default",
  uid: "7d4f1c9e-uid",
  resourceVersion: "1",
  createdAt: at,
  spec: {
    pipeline: "shop",
    stage: "prod",
    kind: "Promote",
    cause: "Person",
    revision,
    requestedBy: { username: "ada" },
    requestedAt: at,
  },
  status: { commit: "c".repeat(40), plan: { digest: "sha256:plan", applications: [] } },
};

/** A gate that is looked at again and again, at a time of the test's choosing. */
interface Bench {
  /** The outcome as text; what the gate noted is there at the next look. */
  look(afterMs?: number): Promise<string>;
  readonly last: () => GateOutcome | undefined;
}

function gateOf(kind: Gate["kind"], spec: GateSpec, timeoutMs = 3_600_000): Gate {
  return { name: kind, kind, timeoutMs, spec };
}

function startBench(
  gate: Gate,
  more: Partial<GatePorts> & Partial<Pick<GateContext, "promotion">> = {},
): Bench {
  const http = startOutgoingHttp({ environment: {} });
  onTestFinished(() => http[Symbol.dispose]());
  const { promotion: promoted = promotion, ...ports } = more;
  let nowMs = Date.parse(at);
  let last: GateOutcome | undefined;
  return {
    last: () => last,
    look: async (afterMs = 0) => {
      nowMs += afterMs;
      const before = last && {
        name: gate.name,
        kind: gate.kind,
        state: last.state,
        message: last.message,
        notes: last.notes,
      };
      last = await evaluateGate(gate, {
        pipeline,
        stage: pipeline.stages[0] ?? expect.fail("no stage"),
        promotion: promoted,
        sinceMs: Date.parse(at),
        healthySinceMs: undefined,
        before: before as GateContext["before"],
        clock: { now: () => nowMs },
        signal,
        ports: {
          http,
          secret: async () => await Promise.resolve("hunter2-token"),
          cluster: undefined as unknown as Cluster,
          denyJob: () => undefined,
          ...ports,
        },
      });
      return `${last.state}: ${last.message}`;
    },
  };
}

type Asked = { readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: string };

/** A server that gives these answers one after the other, the last one for ever, and keeps what it was asked. */
async function serve(...answers: readonly (readonly [status: number, body: string])[]) {
  const server = await startWebServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const [status, said] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, ""];
    asked.push({ path: request.url ?? "", headers: request.headers, body });
    response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end(said);
  };
  server.setDefault((request, response) => void answer(request, response));
  return { url: server.url, host: new URL(server.url).host, asked };
}

describe("a webhook", () => {
  const secretRef = { name: "hook", key: "secret" };

  it("is sent what is promoted, signed, and its answer decides", async () => {
    const server = await serve([200, JSON.stringify({ passed: true, message: "ticket CHG-7" })]);
    const bench = startBench(gateOf("webhook", { webhook: { url: `${server.url}/ask`, secretRef } }));
    expect(await bench.look()).toBe(`Passed: ${server.host} agrees: ticket CHG-7`);
    const [{ path, headers, body } = expect.fail("not asked")] = server.asked;
    expect(path).toBe("/ask");
    expect(JSON.parse(body)).toEqual({
      pipeline: "default/shop",
      stage: "prod",
      promotion: "shop-prod-aaaaaaa",
      revision,
      commit: "c".repeat(40),
      digest: "sha256:plan",
      applications: ["default/web"],
    });
    const mac = createHmac("sha256", "hunter2-token").update(body).digest("hex");
    expect(headers["x-mooring-signature-256"]).toBe(`sha256=${mac}`);
    expect(headers["idempotency-key"]).toBe("7d4f1c9e-uid%2Fwebhook%2Fsha256%3Aplan");
  });

  it("that does not agree, refuses the call or redirects fails the gate", async () => {
    const looks = async (status: number, body: string): Promise<string> => {
      const { url } = await serve([status, body]);
      return await startBench(gateOf("webhook", { webhook: { url } })).look();
    };
    expect(await looks(200, '{"passed":false,"message":"no\\nwindow"}')).toContain(
      "does not agree: no window",
    );
    expect(await looks(403, '{"message":"who are you"}')).toMatch(/^Failed: .* answered 403: who are you/u);
    expect(await looks(302, "")).toMatch(/^Failed: .* redirects are not followed/u);
  });

  it("that fails or has not decided is asked again after growing pauses, with the same key, and not sooner", async () => {
    const server = await serve([503, ""], [202, '{"message":"in review"}'], [200, '{"passed":true}']);
    const bench = startBench(gateOf("webhook", { webhook: { url: server.url } }));
    expect(await bench.look()).toBe(`Waiting: ${server.host} answered 503; it is asked again`);
    expect(await bench.look(1_000)).toBe(`Waiting: ${server.host} answered 503; it is asked again`);
    expect(server.asked).toHaveLength(1);
    expect(await bench.look(4_000)).toBe(
      `Waiting: ${server.host} has not decided yet: in review; it is asked again`,
    );
    expect(bench.last()?.checkAgainMs).toBe(10_000);
    expect(await bench.look(10_000)).toBe(`Passed: ${server.host} agrees`);
    expect(new Set(server.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  });

  it("that says the secret or very much shows neither", async () => {
    const said = JSON.stringify({ passed: false, message: `hunter2-token ${"x".repeat(5_000)}` });
    const loud = await serve([200, said]);
    const message = await startBench(gateOf("webhook", { webhook: { url: loud.url, secretRef } })).look();
    expect(message).not.toContain("hunter2");
    expect(message.length).toBeLessThan(500);
    const huge = await serve([200, `{"passed":true,"x":"${"x".repeat(100_000)}"}`]);
    expect(await startBench(gateOf("webhook", { webhook: { url: huge.url } })).look()).toContain("in 64 KiB");
  });

  // Class: requests to inside.
  it("is never asked where machines keep their secrets, and waits for one that nobody serves until the gate ends", async () => {
    const metadata = startBench(gateOf("webhook", { webhook: { url: "http://169.254.169.254/latest" } }));
    expect(await metadata.look()).toMatch(/^Failed: 169\.254\.169\.254: .* no request may go to/u);
    const { url } = await serve([503, ""]);
    const bench = startBench(gateOf("webhook", { webhook: { url } }, 60_000));
    expect(await bench.look()).toContain("Waiting");
    const ended = await bench.look(60_000);
    expect(ended).toMatch(
      /^Failed: gate webhook waited since 2026-01-01T00:00:00Z, longer than its timeout of 1m: /u,
    );
    expect(ended).toContain("promote aaaaaaa again");
  });
});

describe("Prometheus", () => {
  const vector = (...values: readonly string[]): readonly [number, string] => [
    200,
    JSON.stringify({
      status: "success",
      data: {
        resultType: "vector",
        result: values.map((value, i) => ({ metric: { pod: `p${i}` }, value: [1, value] })),
      },
    }),
  ];

  async function measure(
    settings: Partial<NonNullable<GateSpec["prometheus"]>>,
    ...answers: readonly (readonly [number, string])[]
  ) {
    const server = await serve(...answers);
    const prometheus = { url: `${server.url}/prom/`, query: "up", condition: "result < 0.01", ...settings };
    return { server, bench: startBench(gateOf("prometheus", { prometheus })) };
  }

  it("is asked with the promotion's own words and the token, and its value is judged", async () => {
    const query = 'rate(errors{revision="$revision",stage="$stage",pipeline="$pipeline",other="$other"}[5m])';
    const { server, bench } = await measure(
      { query, tokenSecretRef: { name: "prom", key: "token" } },
      vector("0.001"),
    );
    expect(await bench.look()).toBe('Passed: result 0.001 meets "result < 0.01"');
    const [asked = expect.fail("not asked")] = server.asked;
    expect(asked.path).toBe("/prom/api/v1/query");
    expect(asked.headers.authorization).toBe("Bearer hunter2-token");
    expect(new URLSearchParams(asked.body).get("query")).toBe(
      `rate(errors{revision="${revision}",stage="prod",pipeline="shop",other="$other"}[5m])`,
    );
  });

  it("reads a scalar, compares with whole numbers, and fails where the condition is not met", async () => {
    const scalar = [
      200,
      JSON.stringify({ status: "success", data: { resultType: "scalar", result: [1, "3"] } }),
    ] as const;
    expect(
      await (await measure({ condition: "result <= 3 && result != 2.0" }, scalar)).bench.look(),
    ).toContain("Passed");
    expect(await (await measure({ condition: "result > 3.5" }, scalar)).bench.look()).toBe(
      'Failed: result 3 does not meet "result > 3.5"',
    );
  });

  it("has to agree so many times one after another, at the interval, and may disagree so often", async () => {
    const settings = { count: 2, failures: 1, interval: "10s" };
    const { server, bench } = await measure(settings, vector("0"), vector("1"), vector("0"), vector("0"));
    expect(await bench.look()).toContain("1 of 2 measurements agree, 0 of 1 allowed failures");
    expect(await bench.look(9_000)).toContain("1 of 2 measurements agree");
    expect(server.asked).toHaveLength(1);
    expect(await bench.look(1_000)).toContain("0 of 2 measurements agree, 1 of 1 allowed failures");
    expect(await bench.look(10_000)).toContain("1 of 2 measurements agree, 1 of 1 allowed failures");
    expect(await bench.look(10_000)).toBe('Passed: result 0 meets "result < 0.01", 2 times in a row');
    const bad = await measure(settings, vector("1"));
    expect(await bad.bench.look()).toContain("Waiting");
    expect(await bad.bench.look(10_000)).toContain('Failed: result 1 does not meet "result < 0.01"');
  });

  it("that measures nothing is neither good nor bad, and breaks the row", async () => {
    const { bench } = await measure({ count: 2, interval: "1s" }, vector("0"), vector("NaN"), vector(), [
      503,
      "",
    ]);
    await bench.look();
    expect(await bench.look(1_000)).toContain(
      "Waiting: Prometheus gave NaN, perhaps of nothing divided by nothing; 0 of 2",
    );
    expect(await bench.look(1_000)).toContain("Waiting: Prometheus gave no sample; 0 of 2");
    expect(await bench.look(1_000)).toContain("Waiting: Prometheus answered 503; 0 of 2");
  });

  it("says what is wrong with the query, the condition or the address", async () => {
    const look = async (answer: readonly [number, string], condition = "result < 1.0"): Promise<string> =>
      await (await measure({ condition }, answer)).bench.look();
    expect(await look(vector("1", "2", "3"))).toBe(
      'Failed: Prometheus gave 3 samples, such as {pod="p0"} and {pod="p1"}; aggregate them, with sum(…) or max(…)',
    );
    expect(await look([400, '{"status":"error","error":"parse error: unexpected <eof>"}'])).toContain(
      "Failed: Prometheus answered 400: parse error: unexpected <eof>; correct the query",
    );
    expect(await look([401, ""])).toContain("name a token that may query in tokenSecretRef");
    expect(await look([200, "<html>"])).toContain("answered something else than Prometheus does");
    expect(await look(vector("1"), "results < 1.0")).toMatch(
      /^Failed: condition "results < 1\.0" cannot be evaluated: /u,
    );
    expect(await look(vector("1"), "result == 1")).toContain(
      "result is no whole number to CEL: write 2.0 for 2",
    );
    expect(await look(vector("1"), "result + 1.0")).toContain("it gives neither true nor false");
  });
});

describe("a commit status", () => {
  type Statuses = Awaited<ReturnType<NonNullable<GatePorts["forge"]>["statuses"]>>;
  const look = async (statuses: () => Statuses): Promise<string> => {
    const forge = { statuses: async () => await Promise.resolve(statuses()) };
    return await startBench(gateOf("commitStatus", { commitStatus: { context: "ci/e2e" } }), {
      forge,
    }).look();
  };

  it("passes with success, fails with failure, and is waited for while it is missing or pending", async () => {
    expect(await look(() => [{ context: "ci/e2e", state: "success" }])).toBe(
      "Passed: status ci/e2e of aaaaaaa is success",
    );
    expect(await look(() => [{ context: "ci/e2e", state: "failure", description: "3 of 9" }])).toBe(
      "Failed: status ci/e2e of aaaaaaa is failure (3 of 9); mend it and promote again",
    );
    expect(await look(() => [{ context: "ci/e2e", state: "error" }])).toContain("Failed");
    expect(await look(() => [{ context: "ci/e2e", state: "pending" }])).toContain("Waiting");
    expect(await look(() => [{ context: "ci/unit", state: "success" }])).toContain(
      "which nobody has reported; there are ci/unit",
    );
  });

  it("is waited for while the forge is down, and fails where there is none", async () => {
    const down = () => {
      throw new MooringError("FORGE_UNREACHABLE", "github at x: answered 502");
    };
    expect(await look(down)).toContain(
      "Waiting: waits for status ci/e2e of aaaaaaa: github at x: answered 502",
    );
    const bench = startBench(gateOf("commitStatus", { commitStatus: { context: "ci/e2e" } }));
    expect(await bench.look()).toContain("set spec.forge of the Pipeline");
  });
});

describe("a Job", () => {
  const named = { namespaced: true, version: "v1", verbs: [], shortNames: [] } as const;
  const jobs: ResourceType = { ...named, group: "batch", kind: "Job", plural: "jobs" };
  const pods: ResourceType = { ...named, group: "", kind: "Pod", plural: "pods" };
  const container = {
    name: "main",
    image: "registry.example/smoke:1",
    env: [{ name: "MOORING_STAGE", value: "mine" }],
  };
  const spec = { backoffLimit: 0, template: { spec: { containers: [container] } } };
  const write = { fieldManager: "test", signal };

  async function startHub(): Promise<Cluster> {
    const stack = new AsyncDisposableStack();
    onTestFinished(() => stack.disposeAsync());
    const failures: unknown[] = [];
    const embedded = stack.use(
      await startEmbeddedCluster({ isAlone: true, onFailure: (error) => void failures.push(error), signal }),
    );
    stack.defer(() => expect(failures).toEqual([]));
    return stack.use(startCluster(embedded.connection));
  }

  const setStatus = async (cluster: Cluster, name: string, status: JsonObject): Promise<void> => {
    await cluster.mergePatch(
      { type: jobs, namespace: "default", name },
      { status },
      { ...write, subresource: "status" },
    );
  };

  async function onlyJob(cluster: Cluster) {
    const found = await cluster.list(jobs, { namespace: "default", signal });
    expect(found).toHaveLength(1);
    return found[0] ?? expect.fail("no Job");
  }

  it("is made once, knows what is promoted, belongs to the Promotion, and passes when it is complete", async () => {
    const cluster = await startHub();
    const gate = gateOf("job", { job: { spec } });
    const bench = startBench(gate, { cluster });
    expect(await bench.look()).toMatch(
      /^Waiting: Job default\/shop-prod-aaaaaaa-[0-9a-f]{10} has not begun$/u,
    );
    // Another process that knows nothing of it finds the same Job.
    await startBench(gate, { cluster }).look();
    const job = await onlyJob(cluster);
    expect(job.metadata.ownerReferences?.[0]).toMatchObject({
      kind: "Promotion",
      name: promotion.name,
      uid: promotion.uid,
    });
    const env = viewArray(viewArray(job["spec"], "template", "spec", "containers")[0], "env");
    expect(env.map((one) => `${viewString(one, "name")}=${viewString(one, "value")}`).toSorted()).toEqual([
      "MOORING_PIPELINE=shop",
      "MOORING_PROMOTION=shop-prod-aaaaaaa",
      `MOORING_REVISION=${revision}`,
      "MOORING_STAGE=prod",
    ]);
    const name = job.metadata.name ?? "";
    await setStatus(cluster, name, {
      startTime: at,
      completionTime: at,
      succeeded: 1,
      conditions: ["SuccessCriteriaMet", "Complete"].map((type) => ({ type, status: "True" })),
    });
    expect(await bench.look()).toBe(`Passed: Job default/${name} is complete`);
  });

  it("that failed says what its pod ended with", async () => {
    const cluster = await startHub();
    const bench = startBench(gateOf("job", { job: { spec } }), { cluster });
    await bench.look();
    const name = (await onlyJob(cluster)).metadata.name ?? "";
    const labels = { "batch.kubernetes.io/job-name": name };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default", labels },
      spec: { containers: [{ name: "main", image: "x" }] },
    };
    await cluster.create(pods, pod, write);
    const terminated = { exitCode: 3, message: "cart is empty", reason: "Error" };
    const containerStatuses = [
      { name: "main", image: "x", imageID: "", ready: false, restartCount: 0, state: { terminated } },
    ];
    await cluster.mergePatch(
      { type: pods, namespace: "default", name: "p" },
      { status: { containerStatuses } },
      { ...write, subresource: "status" },
    );
    await setStatus(cluster, name, {
      startTime: at,
      failed: 1,
      conditions: ["FailureTarget", "Failed"].map((type) => ({
        type,
        status: "True",
        message: "backoff limit reached",
      })),
    });
    expect(await bench.look()).toBe(
      `Failed: Job default/${name} failed: backoff limit reached: container main ended with 3: cart is empty; see its log with: kubectl logs -n default job/${name}`,
    );
  });

  it("that somebody deletes is made again, once", async () => {
    const cluster = await startHub();
    const bench = startBench(gateOf("job", { job: { spec } }), { cluster });
    const removeAll = async (): Promise<void> => {
      const job = await onlyJob(cluster);
      await cluster.remove(
        { type: jobs, namespace: "default", name: job.metadata.name ?? "" },
        { propagation: "Background", signal },
      );
    };
    await bench.look();
    await removeAll();
    expect(await bench.look()).toContain("made again because the first one was deleted");
    await removeAll();
    expect(await bench.look()).toContain("Failed: its Job was deleted 2 times");
  });

  it("is not made where the project deploys nothing", async () => {
    const cluster = await startHub();
    const denyJob = (namespace: string): string => `project shop does not permit namespace ${namespace}`;
    const bench = startBench(gateOf("job", { job: { namespace: "kube-system", spec } }), {
      cluster,
      denyJob,
    });
    expect(await bench.look()).toBe("Failed: project shop does not permit namespace kube-system");
    expect(await cluster.list(jobs, { signal })).toEqual([]);
  });
});
