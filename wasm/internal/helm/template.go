package helm

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"mooring.dev/render/internal/host"
)

const notesSuffix = "NOTES.txt"

// Template gives what `helm template` prints for a chart. Functions replace template functions of the same name.
func Template(files *host.Host, request Request, functions map[string]any) ([]byte, []Document, error) {
	if err := chartutil.ValidateReleaseName(request.ReleaseName); err != nil {
		return nil, nil, fmt.Errorf("release name %q: %w", request.ReleaseName, err)
	}
	values, err := mergeValues(files, request)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := loadChart(files, request.Path)
	if err != nil {
		return nil, nil, err
	}
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return nil, nil, fmt.Errorf("%s charts are not installable", kind)
	}
	if err := addDependencies(files, loaded, request.Path); err != nil {
		return nil, nil, err
	}
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return nil, nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	capabilities, err := capabilitiesOf(request)
	if err != nil {
		return nil, nil, err
	}
	options := common.ReleaseOptions{Name: request.ReleaseName, Namespace: request.Namespace, Revision: 1, IsInstall: true}
	all, err := util.ToRenderValuesWithSchemaValidation(loaded, values, options, capabilities, request.SkipSchemaValidation)
	if err != nil {
		return nil, nil, err
	}
	if wanted := loaded.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return nil, nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, capabilities.KubeVersion.Version)
	}
	templates := engine.Engine{CustomTemplateFuncs: functions}
	rendered, err := templates.Render(loaded, all)
	if err != nil {
		return nil, nil, err
	}
	return print(loaded, rendered, request)
}

func capabilitiesOf(request Request) (*common.Capabilities, error) {
	capabilities := common.DefaultCapabilities.Copy()
	if request.KubeVersion != "" {
		version, err := common.ParseKubeVersion(request.KubeVersion)
		if err != nil {
			return nil, fmt.Errorf("invalid kube version '%s': %w", request.KubeVersion, err)
		}
		capabilities.KubeVersion = *version
	}
	known := slices.Clone(capabilities.APIVersions)
	capabilities.APIVersions = append(known, request.APIVersions...)
	return capabilities, nil
}

type printer struct {
	out       bytes.Buffer
	documents []Document
}

func (p *printer) add(source, content string) {
	fmt.Fprintf(&p.out, "---\n# Source: %s\n", source)
	p.documents = append(p.documents, Document{Source: source, Offset: p.out.Len(), Size: len(content)})
	p.out.WriteString(content)
	p.out.WriteString("\n")
}

func print(loaded *chart.Chart, rendered map[string]string, request Request) ([]byte, []Document, error) {
	for name := range rendered {
		if path.Base(name) == notesSuffix || strings.HasSuffix(name, notesSuffix) {
			delete(rendered, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(rendered, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, nil, fmt.Errorf("%w", err)
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
	trim(p)
	for _, hook := range hooks {
		if request.SkipHooks || (request.SkipTests && slices.Contains(hook.Events, release.HookTest)) {
			continue
		}
		p.add(hook.Path, hook.Manifest)
	}
	return p.out.Bytes(), p.documents, nil
}

// trim does what the command does with the manifests before it adds the hooks: white space around them goes, one line break stays.
func trim(p *printer) {
	text := p.out.String()
	trimmed := strings.TrimSpace(text)
	if last := len(p.documents) - 1; last >= 0 {
		p.documents[last].Size = min(p.documents[last].Size, max(0, len(trimmed)-p.documents[last].Offset))
	}
	p.out.Reset()
	p.out.WriteString(trimmed)
	p.out.WriteString("\n")
}
