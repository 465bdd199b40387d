import { parentPort } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { findChart, listCharts } from "../helm/find-chart.ts";
import type { IndexAnswer, IndexJob } from "../helm/index-reader.ts";

function answer({ id, packed, name, maxBytes }: IndexJob): IndexAnswer {
  const index = gunzipSync(packed, { maxOutputLength: maxBytes });
  return { id, found: name === undefined ? listCharts(index) : findChart(index, name) };
}

parentPort?.on("message", (job: IndexJob) => parentPort?.postMessage(answer(job)));
