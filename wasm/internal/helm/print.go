package helm

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"mooring.dev/render/internal/host"
)

const notesSuffix = "NOTES.txt"

type printer struct {
	out       bytes.Buffer
	documents []host.Document
}

func (p *printer) add(source, content string) {
	fmt.Fprintf(&p.out, "---\n# Source: %s\n", source)
	p.documents = append(p.documents, host.Document{Source: source, Offset: p.out.Len(), Size: len(content)})
	p.out.WriteString(content)
	p.out.WriteString("\n")
}

// print writes CRDs, manifests and hooks as the command does.
func print(loaded *chart.Chart, rendered map[string]string, request Request) ([]byte, []host.Document, error) {
	for name := range rendered {
		if strings.HasSuffix(name, notesSuffix) {
			delete(rendered, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(rendered, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, nil, err
	}
	p := &printer{}
	if request.IncludeCRDs {
		for _, crd := range loaded.CRDObjects() {
			p.add(crd.Filename, string(crd.File.Data))
		}
	}
	for _, manifest := range manifests {
		p.add(manifest.Name, manifest.Content)
	}
	p.trim()
	for _, hook := range hooks {
		if request.SkipHooks || (request.SkipTests && slices.Contains(hook.Events, release.HookTest)) {
			continue
		}
		p.add(hook.Path, hook.Manifest)
	}
	return p.out.Bytes(), p.documents, nil
}

// trim does what the command does with the manifests before it adds the hooks: white space behind them goes, one line break stays.
func (p *printer) trim() {
	p.out.Truncate(len(bytes.TrimSpace(p.out.Bytes())))
	if last := len(p.documents) - 1; last >= 0 {
		document := &p.documents[last]
		document.Offset = min(document.Offset, p.out.Len())
		document.Size = min(document.Size, p.out.Len()-document.Offset)
	}
	p.out.WriteString("\n")
}
