import { describe, expect, it } from "vitest";
import { bareKubeVersion, substituteVariables } from "./build-environment.ts";
import { sampleEnvironment } from "./testing.ts";

describe("build variables", () => {
  it("are those of Argo CD", () => {
    expect(Object.fromEntries(sampleEnvironment)).toEqual({
      ARGOCD_APP_NAME: "web",
      ARGOCD_APP_NAMESPACE: "shop",
      ARGOCD_APP_PROJECT_NAME: "team",
      ARGOCD_APP_REVISION: "f913b6cbf58aa5ae5ca1f8a2b149477aebcbd9d8",
      ARGOCD_APP_REVISION_SHORT: "f913b6c",
      ARGOCD_APP_REVISION_SHORT_8: "f913b6cb",
      ARGOCD_APP_SOURCE_PATH: "charts/web",
      ARGOCD_APP_SOURCE_REPO_URL: "https://git.example.com/shop.git",
      ARGOCD_APP_SOURCE_TARGET_REVISION: "main",
      KUBE_VERSION: "1.37.2",
      KUBE_API_VERSIONS: "v1,v1/Pod",
    });
  });

  it.each([
    ["$ARGOCD_APP_NAME", "web"],
    ["${ARGOCD_APP_NAME}-x", "web-x"],
    ["a/$ARGOCD_APP_NAME/b", "a/web/b"],
    ["$ARGOCD_APP_NAME.yaml", "web.yaml"],
    ["$ARGOCD_APP_NAMEx", ""],
    ["$$ARGOCD_APP_NAME", "$ARGOCD_APP_NAME"],
    ["$${ARGOCD_APP_NAME}", "${ARGOCD_APP_NAME}"],
    ["$$$$", "$$"],
    ["pa$$word", "pa$word"],
    ["pa$word", "pa"],
    ["$UNKNOWN|${UNKNOWN}|", "||"],
    ["costs 5$", "costs 5$"],
    ["a $ b", "a $ b"],
    ["$1abc", "abc"],
    ["${}x", "x"],
    ["${ARGOCD_APP_NAME", "ARGOCD_APP_NAME"],
    ["${$}", "$"],
    ["nothing", "nothing"],
  ])("turn %s into %s", (text, expected) => {
    expect(substituteVariables(text, sampleEnvironment)).toBe(expected);
  });

  it("never appear in what another variable holds", () => {
    const environment = new Map([["A", "$B"]]).set("B", "secret");
    expect(substituteVariables("$A", environment)).toBe("$B");
  });
});

describe("the version of the cluster", () => {
  it.each([
    ["v1.37.2", "1.37.2"],
    ["v1.37.2+k3s1", "1.37.2"],
    ["v1.37.2-gke.100", "1.37.2"],
    ["1.37", "1.37"],
    ["", ""],
  ])("%s is %s to charts", (version, expected) => {
    expect(bareKubeVersion(version)).toBe(expected);
  });
});
