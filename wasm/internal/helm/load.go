package helm

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"

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
	rules, err := rulesOf(found)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b host.File) int { return compareWalk(a.Path, b.Path) })
	kept := make([]*archive.BufferedFile, 0, len(found))
	for _, file := range found {
		if isIgnored(rules, file.Path) {
			continue
		}
		kept = append(kept, &archive.BufferedFile{Name: file.Path, Data: bytes.TrimPrefix(file.Data, utf8Bom)})
	}
	return loader.LoadFiles(kept)
}

// compareWalk orders paths as a walk meets them: name by name, so that "a/x" comes before "a-b".
func compareWalk(a, b string) int {
	return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
}

func rulesOf(files []host.File) (*ignore.Rules, error) {
	rules := ignore.Empty()
	for _, file := range files {
		if file.Path != ignore.HelmIgnore {
			continue
		}
		parsed, err := ignore.Parse(bytes.NewReader(file.Data))
		if err != nil {
			return nil, err
		}
		rules = parsed
	}
	rules.AddDefaults()
	return rules, nil
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
