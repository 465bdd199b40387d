import { parentPort } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { findChart } from "../helm/find-chart.ts";
import type { IndexAnswer, IndexJob } from "../helm/index-reader.ts";

function answer({ id, packed, name, maxBytes }: IndexJob): IndexAnswer {
  return { id, found: findChart(gunzipSync(packed, { maxOutputLength: maxBytes }), name) };
}

parentPort?.on("message", (job: IndexJob) => parentPort?.postMessage(answer(job)));
