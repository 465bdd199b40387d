import { get, patch, post, put, type Script } from "./requests.ts";

const deployments = "/apis/apps/v1/namespaces/$ns/deployments";
const web = `${deployments}/web`;

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web" }] } },
  },
};

const scaled = (replicas: number, manager: string) =>
  patch("merge", `${web}/scale?fieldManager=${manager}`, { spec: { replicas } });

/** The scale subresource. */
export const scales: readonly Script[] = [
  {
    title: "who scales owns the replicas, unless there are none",
    steps: [
      post(`${deployments}?fieldManager=maker`, deployment),
      scaled(2, "same"),
      get(web),
      scaled(3, "scaler"),
      get(web),
      scaled(3, "other"),
      get(web),
      scaled(3, "other"),
      get(web),
      scaled(0, "stopper"),
      get(web),
    ],
  },
  {
    title: "a Scale is refused that is none, or another's",
    steps: [
      post(deployments, deployment),
      put(`${web}/scale`, { apiVersion: "autoscaling/v1", kind: "Scale", spec: { replicas: 1 } }),
      put(`${web}/scale`, { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "x" }, spec: {} }),
      scaled(-1, "scaler"),
    ],
  },
];
