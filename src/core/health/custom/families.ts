import { argoRows } from "./argo.ts";
import { batchRows } from "./batch.ts";
import { certificateRows } from "./certificates.ts";
import { cloudRows } from "./cloud.ts";
import { clusterApiRows } from "./cluster-api.ts";
import { computeRows } from "./compute.ts";
import { databaseRows } from "./databases.ts";
import { fleetRows } from "./fleet.ts";
import { fluxRows } from "./flux.ts";
import { knativeRows } from "./knative.ts";
import { messagingRows } from "./messaging.ts";
import { observabilityRows } from "./observability.ts";
import { openshiftRows } from "./openshift.ts";
import { policyRows } from "./policy.ts";
import type { Row } from "./rule.ts";
import { searchRows } from "./search.ts";
import { secretRows } from "./secrets.ts";
import { storageRows } from "./storage.ts";
import { trafficRows } from "./traffic.ts";

/** Rows that belong together, under the title that the documentation has for them. */
export interface Family {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The whole table. */
export const families: readonly Family[] = [
  { title: "Argo, Kargo", rows: argoRows },
  { title: "Flux", rows: fluxRows },
  { title: "Certificates", rows: certificateRows },
  { title: "Secrets and identity", rows: secretRows },
  { title: "Clouds: Crossplane, AWS, Azure, Google, SAP, Pulumi, kro", rows: cloudRows },
  { title: "Cluster API", rows: clusterApiRows },
  { title: "Many clusters", rows: fleetRows },
  { title: "Gateways, meshes, network", rows: trafficRows },
  { title: "Functions and events", rows: knativeRows },
  { title: "Messaging", rows: messagingRows },
  { title: "Databases", rows: databaseRows },
  { title: "Search and analytics", rows: searchRows },
  { title: "Observability", rows: observabilityRows },
  { title: "Pipelines, batch, machine learning", rows: batchRows },
  { title: "Workloads, machines, nodes", rows: computeRows },
  { title: "Storage and backup", rows: storageRows },
  { title: "Policy and tenants", rows: policyRows },
  { title: "OpenShift", rows: openshiftRows },
];
