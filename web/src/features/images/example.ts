/** One image of one branch, by a range of versions. */
export const exampleAutomation = `apiVersion: mooring.dev/v1alpha1
kind: ImageAutomation
metadata:
  name: hello-world
  namespace: argocd
spec:
  project: default
  git:
    repoURL: https://github.com/your-org/hello-world-manifests.git
    branch: main
    paths: [overlays/dev]
  images:
    - image: ghcr.io/your-org/hello-world
      semver: ">=1.2 <2"
`;
