package helm

import (
	"bytes"
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"
	"sigs.k8s.io/yaml"

	"mooring.dev/render/internal/host"
)

var utf8Bom = []byte{0xEF, 0xBB, 0xBF}

// loadChart reads a chart's directory as Helm's loader of directories does: .helmignore is heeded, byte order marks are cut.
func loadChart(files *host.Host, dir string) (*chart.Chart, error) {
	found, ok, err := files.Walk(dir)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, host.Errorf(host.CodeInvalid, "%s: there is no chart", shown(dir))
	}
	if err := checkVersion(found, dir); err != nil {
		return nil, err
	}
	rules, err := rulesOf(found, dir)
	if err != nil {
		return nil, err
	}
	sorted := slices.SortedFunc(slices.Values(found), func(a, b host.File) int { return compareWalk(a.Path, b.Path) })
	kept := make([]*archive.BufferedFile, 0, len(sorted))
	for _, file := range sorted {
		if isIgnored(rules, file.Path) {
			continue
		}
		kept = append(kept, &archive.BufferedFile{Name: file.Path, Data: bytes.TrimPrefix(file.Data, utf8Bom)})
	}
	loaded, err := loader.LoadFiles(kept)
	if err != nil {
		return nil, err
	}
	sortDependencies(loaded)
	return loaded, nil
}

// checkVersion reads Chart.yaml before anything else, as Helm does to choose its loader.
func checkVersion(files []host.File, dir string) error {
	at := slices.IndexFunc(files, func(file host.File) bool { return file.Path == "Chart.yaml" })
	if at < 0 {
		return host.Errorf(host.CodeInvalid, "unable to detect chart at %s: Chart.yaml is missing", shown(dir))
	}
	var metadata struct {
		APIVersion string `json:"apiVersion"`
	}
	if err := yaml.Unmarshal(files[at].Data, &metadata); err != nil {
		return host.Errorf(host.CodeInvalid, "cannot load Chart.yaml: %v", err)
	}
	switch metadata.APIVersion {
	case "", chart.APIVersionV1, chart.APIVersionV2:
		return nil
	case "v3":
		return host.Errorf(host.CodeUnsupported, "%s: Chart.yaml: apiVersion v3 is not supported by helm template; use v2", shown(dir))
	default:
		return host.Errorf(host.CodeInvalid, "%s: Chart.yaml: unsupported chart version %q", shown(dir), metadata.APIVersion)
	}
}

// sortDependencies takes away the order in which Helm met the subcharts: it walks a map, and the order of CRDs would change with it.
func sortDependencies(parent *chart.Chart) {
	dependencies := slices.Clone(parent.Dependencies())
	slices.SortStableFunc(dependencies, func(a, b *chart.Chart) int {
		return cmp.Or(strings.Compare(a.Name(), b.Name()), strings.Compare(versionOf(a), versionOf(b)))
	})
	parent.SetDependencies(dependencies...)
	for _, dependency := range dependencies {
		sortDependencies(dependency)
	}
}

func versionOf(loaded *chart.Chart) string {
	if loaded.Metadata == nil {
		return ""
	}
	return loaded.Metadata.Version
}

// compareWalk orders paths as a walk meets them: name by name, so that "a/x" comes before "a-b".
func compareWalk(a, b string) int {
	return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
}

func rulesOf(files []host.File, dir string) (*ignore.Rules, error) {
	rules := ignore.Empty()
	for _, file := range files {
		if file.Path != ignore.HelmIgnore {
			continue
		}
		parsed, err := ignore.Parse(bytes.NewReader(file.Data))
		if err != nil {
			return nil, wrongRule(path.Join(dir, file.Path), file.Data, err)
		}
		rules = parsed
	}
	rules.AddDefaults()
	return rules, nil
}

// wrongRule names the line, which the library does not.
func wrongRule(name string, text []byte, err error) error {
	at := 0
	for line := range bytes.Lines(text) {
		at++
		if _, wrong := ignore.Parse(bytes.NewReader(line)); wrong != nil {
			return host.Errorf(host.CodeInvalid, "%s: line %d: %v; correct the pattern", name, at, wrong)
		}
	}
	return host.Errorf(host.CodeInvalid, "%s: %v; correct the pattern", name, err)
}

// isIgnored is true for a file that a rule names, or that lies in a directory that one names.
func isIgnored(rules *ignore.Rules, name string) bool {
	for at, letter := range name {
		if letter == '/' && rules.Ignore(name[:at], info{name: path.Base(name[:at]), dir: true}) {
			return true
		}
	}
	return rules.Ignore(name, info{name: path.Base(name)})
}

type info struct {
	name string
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return 0 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir
	}
	return 0
}

func shown(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
