package manifests

import (
	"fmt"
	"strings"
	"testing"

	"mooring.dev/render/internal/host"
)

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"

func TestARemoteBaseIsMountedAndKeepsItsOrigin(t *testing.T) {
	w := world{
		files: map[string]string{
			"app/kustomization.yaml":                  "resources: [\"https://git.example/org/repo.git//deploy?ref=v1\"]\nbuildMetadata: [originAnnotations]\n",
			".git/mounts/1/deploy/a.yaml":             object,
			".git/mounts/1/deploy/kustomization.yaml": "resources: [a.yaml]\n",
		},
		mounts: map[string]string{"https://git.example/org/repo.git": ".git/mounts/1"},
	}
	got := w.kustomize(t, nil)
	equal(t, got.Body+got.Error, `apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: deploy/a.yaml
      repo: https://git.example/org/repo.git
      ref: v1
  name: a
`)
}

func TestAnErrorInARemoteBaseNamesItsURL(t *testing.T) {
	w := world{
		files: map[string]string{
			"app/kustomization.yaml":                  "resources: [https://git.example/org/repo.git//deploy]\n",
			".git/mounts/1/deploy/kustomization.yaml": "resources: [gone.yaml]\n",
		},
		mounts: map[string]string{"https://git.example/org/repo.git": ".git/mounts/1"},
	}
	contains(t, w.kustomize(t, nil).Error, "https://git.example/org/repo.git/deploy/gone.yaml", "RENDER_INVALID")
}

func TestARemoteFileIsMountedWhereAFileMayStand(t *testing.T) {
	url := "https://files.example/x/a.yaml"
	w := world{
		files:  map[string]string{"app/kustomization.yaml": "resources: [" + url + "]\n", ".git/mounts/2": object},
		mounts: map[string]string{url: ".git/mounts/2"},
	}
	got := w.kustomize(t, nil)
	equal(t, got.Body+got.Error, object)
}

func TestAHostsRefusalIsTheReply(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yaml": "resources: [https://git.example/org/repo.git]\n"}}
	equal(t, w.kustomize(t, nil).Error, `RENDER_INVALID: there is no {"kind":"git","url":"https://git.example/org/repo.git"}`)
}

func TestAChartOfARepositoryIsInflatedBehindTheOtherGenerators(t *testing.T) {
	w := world{
		files: map[string]string{
			"app/kustomization.yaml": `resources: [a.yaml]
sortOptions: {order: fifo}
configMapGenerator: [{name: g, literals: [x=y], options: {disableNameSuffixHash: true}}]
helmCharts: [{name: shop, repo: https://charts.example, version: 1.0.0, releaseName: r, valuesInline: {one: inline}}]
`,
			"app/a.yaml":                     object,
			".git/mounts/3/Chart.yaml":       "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
			".git/mounts/3/values.yaml":      "one: own\ntwo: kept\n",
			".git/mounts/3/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.one }}-{{ .Values.two }}-{{ .Release.Name }}}\n",
		},
		mounts: map[string]string{"shop": ".git/mounts/3"},
	}
	inflated := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: inline-kept-r\n"
	got := w.kustomize(t, map[string]any{"buildOptions": map[string]any{"enableHelm": true}})
	equal(t, got.Body+got.Error, object+"---\napiVersion: v1\ndata:\n  x: \"y\"\nkind: ConfigMap\nmetadata:\n  name: g\n---\n"+inflated)
	equal(t, got.Body[got.Documents[2].Offset:][:got.Documents[2].Size], inflated)
}

func TestMessagesDoNotQuoteWhatGeneratorsAndReplacementsRead(t *testing.T) {
	for kustomization, message := range map[string]string{
		"secretGenerator: [{name: a, literals: [\"hidden], value\"]}]\n": "invalid literal source …, expected key=value",
		"secretGenerator: [{name: a, envs: [bad.env]}]\n":                "has invalid utf8 bytes : …",
		"resources: [s.yaml]\nreplacements:\n- source: {kind: Secret, fieldPath: stringData.p, options: {delimiter: '/', index: 9}}\n" +
			"  targets: [{select: {kind: Secret}, fieldPaths: [stringData.q]}]\n": "is out of bounds for value …",
	} {
		w := world{files: map[string]string{
			"app/kustomization.yaml": kustomization,
			"app/bad.env":            "hidden=\xff\n",
			"app/s.yaml":             "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: hidden, q: x}\n",
		}}
		got := w.kustomize(t, nil)
		contains(t, got.Error, "RENDER_INVALID", message)
		if strings.Contains(got.Error, "hidden") {
			t.Errorf("a value is in: %s", got.Error)
		}
	}
}

func TestARemoteBaseHasNoChartsOfTheRepositoryThatNamesIt(t *testing.T) {
	const own = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
	for _, kustomization := range []string{
		"helmGlobals: {chartHome: ../../..}\nhelmCharts: [{name: shop, releaseName: r, valuesFile: v.yaml}]\n",
		"helmGlobals: {chartHome: /}\nhelmCharts: [{name: shop, releaseName: r, valuesFile: v.yaml}]\n",
		"helmCharts: [{name: ../../../../shop, releaseName: r, valuesFile: v.yaml}]\n",
		"helmGlobals: {chartHome: /app}\nhelmCharts: [{name: pulled, repo: https://charts.example, version: 1.0.0, releaseName: r, valuesFile: v.yaml}]\n",
		"helmCharts: [{name: local, releaseName: r}]\n",
	} {
		w := world{
			files: map[string]string{
				"app/kustomization.yaml":                 "resources: [\"https://git.example/org/repo.git\"]\n",
				"shop/Chart.yaml":                        own,
				"shop/templates/a.yaml":                  object,
				".git/mounts/1/kustomization.yaml":       kustomization,
				".git/mounts/1/v.yaml":                   "",
				".git/mounts/1/charts/local/Chart.yaml":  "apiVersion: v2\nname: local\nversion: 1.0.0\ndependencies: [{name: shop, version: 1.0.0, repository: \"file://../../../../../shop\"}]\n",
				".git/mounts/1/charts/local/values.yaml": "",
				".git/mounts/2/Chart.yaml":               own,
			},
			mounts: map[string]string{"https://git.example/org/repo.git": ".git/mounts/1", "pulled": ".git/mounts/2"},
		}
		got := w.kustomize(t, map[string]any{"buildOptions": map[string]any{"enableHelm": true}})
		equal(t, got.Body, "")
		contains(t, got.Error, "RENDER_INVALID", "outside of the repository")
	}
}

func TestProgramsAndContainersAreRefusedByName(t *testing.T) {
	w := world{files: map[string]string{
		"app/kustomization.yaml": "generators: [g.yaml]\n",
		"app/g.yaml":             "apiVersion: example.org/v1\nkind: Sorcery\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: example.org/sorcery}\n",
	}}
	for _, alpha := range []bool{false, true} {
		got := w.kustomize(t, map[string]any{"buildOptions": map[string]any{"enableAlphaPlugins": alpha}})
		contains(t, got.Error, "RENDER_UNSUPPORTED", "Sorcery", "programs and containers are never run while rendering")
	}
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec: {template: {spec: {containers: [{name: one, image: i}]}}}
`

func patched(more string) map[string]string {
	return map[string]string{
		"app/a.yaml":      deployment,
		"app/schema.json": `{"definitions": {}}`,
		"app/kustomization.yaml": "resources: [a.yaml]\npatches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: a}\n" +
			"    spec: {template: {spec: {containers: [{name: two, image: j}]}}}\n" + more,
	}
}

func TestASchemaOfOneBuildNeitherMeetsNorLeavesAnother(t *testing.T) {
	merged, replaced := world{files: patched("")}, world{files: patched("openapi: {path: schema.json}\n")}
	first := merged.kustomize(t, nil).Body
	contains(t, first, "name: one", "name: two")
	for range 2 {
		own := replaced.kustomize(t, nil)
		equal(t, own.Body+own.Error, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n      containers:\n      - image: j\n        name: two\n")
		equal(t, merged.kustomize(t, nil).Body, first)
	}
}

func TestASchemaThatCannotBeUsedIsNamedAndForgotten(t *testing.T) {
	merged := world{files: patched("")}
	first := merged.kustomize(t, nil).Body
	for _, schema := range []string{"", `{"definitions": 5}`, `{"definitions": {"A": {"x-kubernetes-group-version-kind": [{"group": 1}]}}}`} {
		broken := world{files: patched("openapi: {path: schema.json}\n")}
		broken.files["app/schema.json"] = schema
		contains(t, broken.kustomize(t, nil).Error, "RENDER_INVALID: openapi: the schema cannot be used", "openapi.path")
		equal(t, merged.kustomize(t, nil).Body, first)
	}
}

func TestEditsAreThoseOfTheCommand(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yml": "resources: [a.yaml]\n", "app/a.yaml": deployment, "app/comp/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nlabels: [{pairs: {c: x}}]\n"}}
	got := w.kustomize(t, map[string]any{"edits": map[string]any{
		"namePrefix": "p-", "nameSuffix": "-s", "namespace": "team", "images": []string{"i=other:2"},
		"replicas":     []any{map[string]any{"name": "a", "count": 3}},
		"commonLabels": map[string]string{"l": "1"}, "labelWithoutSelector": true, "commonAnnotations": map[string]string{"n": "2"},
		"components": []string{"comp", "gone"}, "ignoreMissingComponents": true,
		"patches": []any{map[string]any{"patch": "- {op: add, path: /spec/paused, value: true}", "target": map[string]string{"kind": "Deployment"}}},
	}})
	equal(t, got.Body+got.Error, `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    "n": "2"
  labels:
    c: x
    l: "1"
  name: p-a-s
  namespace: team
spec:
  paused: true
  replicas: 3
  template:
    metadata:
      annotations:
        "n": "2"
    spec:
      containers:
      - image: other:2
        name: one
`)
}

func TestTwoKustomizationFilesAreKustomizesOwnError(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yml": "namePrefix: a", "app/kustomization.yaml": "namePrefix: b"}}
	contains(t, w.kustomize(t, nil).Error, "RENDER_INVALID: Found multiple kustomization files under: /app: kustomization.yaml, kustomization.yml; keep one of them")
}

func TestAKustomizationWithoutAnythingInItIsNamed(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yaml": "resources: [../base]\n", "base/kustomization.yml": "kind: Kustomization\n"}}
	contains(t, w.kustomize(t, nil).Error, "RENDER_INVALID", "/base/kustomization.yml: kustomization.yaml is empty; name resources, generators or components in it")
}

func TestAliasesThatBlowUpAreRefusedAtOnce(t *testing.T) {
	bomb := "d0: &d0 {x: y}\n"
	for at := range 40 {
		bomb += fmt.Sprintf("d%d: &d%d [%s]\n", at+1, at+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*d%d,", at), 9), ","))
	}
	for text, message := range map[string]string{
		object + "data: {a: &a [x, *a]}\n": `anchor "a" holds an alias of itself; write out what is meant`,
		object + bomb:                      "document contains excessive aliasing; write out what its aliases repeat",
	} {
		w := world{files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": text}}
		contains(t, w.kustomize(t, nil).Error, "RENDER_INVALID", "a.yaml", message)
	}
}

func TestAliasesWithinReasonAreWrittenOut(t *testing.T) {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: &l {x: one}, annotations: *l}\n"
	w := world{files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": text}}
	got := w.kustomize(t, nil)
	equal(t, got.Body+got.Error, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    x: one\n  labels:\n    x: one\n  name: a\n")
}

func TestEditsOfADirectoryThatIsMissingEndWithKustomizesError(t *testing.T) {
	got := world{}.kustomize(t, map[string]any{"edits": map[string]any{"namePrefix": "p-"}})
	contains(t, got.Error, "RENDER_INVALID: must build at directory: not a valid directory")
}

func TestABuildStopsAtTheOutputLimit(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": object}}
	got := w.kustomize(t, map[string]any{"limits": host.Limits{MaxOutputBytes: 9, MaxFileBytes: 999, MaxTotalBytes: 999}})
	equal(t, got.Error, "RENDER_TOO_LARGE: the built manifests take more than the limit of 9 bytes; split the application")
}

func TestAChartWithoutTheOptionForItSaysWhereToSetIt(t *testing.T) {
	w := world{files: map[string]string{"app/kustomization.yaml": "helmCharts: [{name: web}]\n"}}
	contains(t, w.kustomize(t, nil).Error, "RENDER_INVALID", "must specify --enable-helm; add it to kustomize.buildOptions of argocd-cm")
}
