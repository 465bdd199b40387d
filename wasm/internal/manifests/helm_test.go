package manifests

import (
	"strings"
	"testing"
)

func chart(more map[string]string) world {
	files := map[string]string{"chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n"}
	for name, content := range more {
		files["chart/"+name] = content
	}
	return world{files: files}
}

const configMap = "kind: ConfigMap\nmetadata: {name: a}\n"

func TestDocumentsLieInsideTheBody(t *testing.T) {
	got := chart(map[string]string{
		"templates/b.yaml":     "kind: Service\nmetadata: {name: {{ .Release.Name }}}\n",
		"templates/a.yaml":     configMap,
		"templates/test.yaml":  "kind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
		"templates/NOTES.txt":  "not printed",
		"templates/_help.tpl":  "not printed",
		"templates/.dot.yaml":  "kind: Hidden",
		"templates/empty.yaml": "\n",
	}).helm(t, nil)
	var shown string
	for _, document := range got.Documents {
		shown += document.Source + "\n" + got.Body[document.Offset:document.Offset+document.Size] + "\n"
	}
	equal(t, shown, `shop/templates/a.yaml
kind: ConfigMap
metadata: {name: a}

shop/templates/b.yaml
kind: Service
metadata: {name: demo}
shop/templates/test.yaml
kind: Pod
metadata: {name: t, annotations: {helm.sh/hook: test}}

`)
}

func TestHelmignoreAndByteOrderMarksAreHeeded(t *testing.T) {
	got := chart(map[string]string{
		".helmignore":              "\xEF\xBB\xBFsecret/\n*.bak\n",
		"templates/secret/no.yaml": "kind: No",
		"templates/x.bak":          "kind: No",
		"templates/a.yaml":         "\xEF\xBB\xBF" + configMap,
	}).helm(t, nil)
	equal(t, got.Body+got.Error, "---\n# Source: shop/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: a}\n")
}

func TestCRDsComeInTheOrderOfAWalk(t *testing.T) {
	got := chart(map[string]string{
		"crds/b/x.yaml":        "kind: First",
		"crds/b-a.yaml":        "kind: Second",
		"charts/z/Chart.yaml":  "apiVersion: v2\nname: z\nversion: 1.0.0\n",
		"charts/z/crds/a.yaml": "kind: Fourth",
		"charts/y/Chart.yaml":  "apiVersion: v2\nname: y\nversion: 1.0.0\n",
		"charts/y/crds/a.yaml": "kind: Third",
	}).helm(t, map[string]any{"includeCrds": true})
	var kinds string
	for _, document := range got.Documents {
		kinds += got.Body[document.Offset:document.Offset+document.Size] + "\n"
	}
	equal(t, kinds+got.Error, "kind: First\nkind: Second\nkind: Third\nkind: Fourth\n")
}

func TestValuesComeInTheOrderOfTheCommandLine(t *testing.T) {
	w := chart(map[string]string{
		"values.yaml":      "a: chart\nb: chart\nc: chart\nd: chart\ne: chart\n",
		"templates/a.yaml": "kind: ConfigMap\ndata: {{ .Values | toJson }}\n",
	})
	w.files["more.yaml"], w.files["file.txt"] = "b: file\nc: file\nd: file\ne: file\n", "from the file"
	got := w.helm(t, map[string]any{
		"values":         []any{map[string]any{"path": "more.yaml"}, map[string]any{"text": "c: text\nd: text\ne: text\n"}},
		"parameters":     []any{map[string]any{"name": "e", "value": "1", "forceString": true}, map[string]any{"name": "d", "value": "x,y"}},
		"fileParameters": []any{map[string]any{"name": "f", "path": "file.txt"}},
	})
	equal(t, got.Body+got.Error, `---
# Source: shop/templates/a.yaml
kind: ConfigMap
data: {"a":"chart","b":"file","c":"text","d":"x,y","e":"1","f":"from the file"}
`)
}

func TestKeysAndValuesOfADictComeInOneOrder(t *testing.T) {
	got := chart(map[string]string{
		"values.yaml":      "d: {q: 1, b: 2, z: 3, a: 4}\n",
		"templates/a.yaml": "kind: ConfigMap\nkeys: {{ keys .Values.d | toJson }}\nvalues: {{ values .Values.d | toJson }}\n",
	}).helm(t, nil)
	contains(t, got.Body+got.Error, `keys: ["a","b","q","z"]`, "values: [4,2,1,3]")
}

func TestADependencyThatIsMissingIsMounted(t *testing.T) {
	w := chart(map[string]string{"templates/a.yaml": configMap})
	w.files["chart/Chart.yaml"] += "dependencies:\n- {name: lib, version: ^1.0.0, repository: https://charts.example, alias: db}\n"
	w.files[".git/mounts/1/Chart.yaml"] = "apiVersion: v2\nname: lib\nversion: 1.2.0\n"
	w.files[".git/mounts/1/templates/l.yaml"] = "kind: {{ .Values.kind }}\n"
	w.mounts = map[string]string{"lib": ".git/mounts/1"}
	got := w.helm(t, map[string]any{"values": []any{map[string]any{"text": "db: {kind: Service}"}}})
	contains(t, got.Body+got.Error, "# Source: shop/charts/db/templates/l.yaml\nkind: Service\n")
}

func TestASchemaReachesNothingButWhatTheHostMounts(t *testing.T) {
	url := "https://schemas.example/number.json"
	schema := func(ref string) map[string]string {
		return map[string]string{
			"values.schema.json": `{"properties": {"a": {"$ref": "` + ref + `"}}}`,
			"values.yaml":        "a: text\n",
		}
	}
	for ref, message := range map[string]string{
		url:                           "got string, want number",
		"file:///etc/passwd":          "file:///etc/passwd",
		"http://127.0.0.1:1/x":        "there is no",
		"https://schemas.example/two": "there is no",
	} {
		w := chart(schema(ref))
		w.files[".git/mounts/1/number.json"] = `{"type": "number"}`
		w.mounts = map[string]string{url: ".git/mounts/1/number.json"}
		got := w.helm(t, nil)
		equal(t, got.Body, "")
		contains(t, got.Error, "RENDER_INVALID", message)
		if strings.Contains(got.Error, "invalid character") || strings.Contains(got.Error, "dial") {
			t.Errorf("something of the machine was read: %s", got.Error)
		}
	}
}

func TestALocalDependencyMustSatisfyItsRange(t *testing.T) {
	w := chart(nil)
	w.files["chart/Chart.yaml"] += "dependencies:\n- {name: lib, version: ^2.0.0, repository: 'file://../lib'}\n"
	w.files["lib/Chart.yaml"] = "apiVersion: v2\nname: lib\nversion: 1.2.0\n"
	equal(t, w.helm(t, nil).Error, "RENDER_INVALID: chart: dependency lib: repository file://../lib has version 1.2.0, which does not satisfy ^2.0.0")
}

func TestALockForOtherDependenciesIsRefused(t *testing.T) {
	w := chart(map[string]string{"Chart.lock": "dependencies:\n- {name: lib, version: 1.0.0, repository: https://charts.example}\ndigest: sha256:0\n"})
	w.files["chart/Chart.yaml"] += "dependencies:\n- {name: lib, version: ^1.0.0, repository: https://charts.example}\n"
	contains(t, w.helm(t, nil).Error, "RENDER_INVALID: the lock file (Chart.lock) is out of sync")
}

func TestRefusals(t *testing.T) {
	dependency := func(repository string) world {
		w := chart(nil)
		w.files["chart/Chart.yaml"] += "dependencies:\n- {name: lib, version: 1.0.0, repository: '" + repository + "'}\n"
		return w
	}
	v9 := chart(nil)
	v9.files["chart/Chart.yaml"] = "apiVersion: v9\nname: shop\nversion: 1.0.0\n"
	for name, one := range map[string]struct {
		world world
		more  map[string]any
		want  string
	}{
		"a chart of an unknown apiVersion": {v9, nil, `RENDER_INVALID: chart: Chart.yaml: unsupported chart version "v9"`},
		"no chart":                         {world{}, nil, "RENDER_INVALID: chart: there is no chart"},
		"a repository that is an alias": {dependency("@mine"), nil,
			"RENDER_INVALID: chart: dependency lib: repository @mine is a name of somebody's own Helm configuration; write its URL"},
		"a repository outside of the tree": {dependency("file://../../lib"), nil,
			"RENDER_INVALID: chart: dependency lib: repository file://../../lib lies outside of the repository; write it relative to the chart"},
		"a values file that is missing": {chart(nil), map[string]any{"values": []any{map[string]any{"path": "gone.yaml"}}},
			"RENDER_INVALID: gone.yaml: file does not exist; correct the path, or set ignoreMissingValueFiles"},
		"too much output": {chart(map[string]string{"templates/a.yaml": configMap}),
			map[string]any{"limits": map[string]int{"maxOutputBytes": 9, "maxFileBytes": 999, "maxTotalBytes": 999}},
			"RENDER_TOO_LARGE: the rendered manifests take more than the limit of 9 bytes; split the application"},
		"too large a file": {chart(map[string]string{"templates/a.yaml": configMap}),
			map[string]any{"limits": map[string]int{"maxOutputBytes": 999, "maxFileBytes": 9, "maxTotalBytes": 999}},
			"RENDER_TOO_LARGE: Chart.yaml: file is larger than the limit of 9 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, one.world.helm(t, one.more).Error, one.want)
		})
	}
}

func TestTheDefaultAPIVersionsAreUpstreamsInItsOrder(t *testing.T) {
	got := chart(map[string]string{
		"templates/a.yaml": "kind: ConfigMap\nfirst: {{ index .Capabilities.APIVersions 0 }} {{ index .Capabilities.APIVersions 1 }}\nlast: {{ .Capabilities.APIVersions | last }}\n",
	}).helm(t, map[string]any{"apiVersions": []string{"example.org/v1"}})
	contains(t, got.Body+got.Error, "first: v1 admissionregistration.k8s.io/v1\n", "last: example.org/v1")
}

func TestAPatternOfHelmignoreThatIsWrongIsNamedWithItsLine(t *testing.T) {
	w := world{files: map[string]string{"chart/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "chart/.helmignore": "*.bak\na/**\n"}}
	contains(t, w.helm(t, nil).Error, "RENDER_INVALID: chart/.helmignore: line 2: double-star (**) syntax is not supported; correct the pattern")
}

func TestAValueThatHoldsItselfIsRefusedAtOnce(t *testing.T) {
	for _, use := range []string{"deepCopy", "mustDeepCopy", "toToml", "mustToToml"} {
		template := "{{ $d := dict }}{{ $_ := set $d \"l\" (list $d) }}{{ " + use + " $d }}"
		w := world{files: map[string]string{"chart/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "chart/templates/a.yaml": template}}
		contains(t, w.helm(t, nil).Error, "RENDER_INVALID", "a/templates/a.yaml", use, "the value holds itself")
	}
}

func TestAValueThatIsUsedTwiceIsNoCycle(t *testing.T) {
	template := "kind: A\nvalue: {{ $d := dict \"x\" 1 }}{{ deepCopy (dict \"a\" $d \"b\" (list $d $d)) | toJson }}\ntext: {{ dict \"a\" $d \"b\" $d | toToml | quote }}\n"
	w := world{files: map[string]string{"chart/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "chart/templates/a.yaml": template}}
	got := w.helm(t, nil)
	contains(t, got.Body+got.Error, `value: {"a":{"x":1},"b":[{"x":1},{"x":1}]}`)
}
