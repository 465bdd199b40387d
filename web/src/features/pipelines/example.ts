/** An environment on each of three branches: as most begin. */
export const examplePipeline = `apiVersion: mooring.dev/v1alpha1
kind: Pipeline
metadata:
  name: hello-world
  namespace: argocd
spec:
  repoURL: https://github.com/your-org/hello-world-manifests.git
  stages:
    - name: dev
      branch: main
      applications: [hello-world-dev]
    - name: staging
      branch: staging
      applications: [hello-world-staging]
      promote: auto
      gates:
        - soak: 10m
    - name: prod
      branch: prod
      applications: [hello-world-prod]
      gates:
        - approvals: { required: 1 }
`;
