package helm

import (
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"

	"mooring.dev/render/internal/host"
)

// Version of the library, as `helm version --short` shows it.
func Version() string { return common.DefaultCapabilities.HelmVersion.Version }

// Template gives what `helm template` prints for a chart, and fails in the order in which the command would. Functions replace
// template functions of the same name.
func Template(files *host.Host, request Request, functions map[string]any) ([]byte, []host.Document, error) {
	if request.NameTemplate != "" {
		name, err := releaseName(request, functions)
		if err != nil {
			return nil, nil, err
		}
		request.ReleaseName = name
	}
	capabilities, err := capabilitiesOf(request)
	if err != nil {
		return nil, nil, err
	}
	values, err := mergeValues(files, request)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := loadInstallable(files, request.Path)
	if err != nil {
		return nil, nil, err
	}
	if err := chartutil.ValidateReleaseName(request.ReleaseName); err != nil {
		return nil, nil, fmt.Errorf("release name check failed: release name %q: %w", request.ReleaseName, err)
	}
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return nil, nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	util.Outside = func(url string) ([]byte, error) { return readSchema(files, url) }
	defer func() { util.Outside = nil }()
	options := common.ReleaseOptions{Name: request.ReleaseName, Namespace: request.Namespace, Revision: 1, IsInstall: true}
	all, err := util.ToRenderValuesWithSchemaValidation(loaded, values, options, capabilities, request.SkipSchemaValidation)
	if err != nil {
		return nil, nil, err
	}
	if wanted := loaded.Metadata.KubeVersion; wanted != "" && !chartutil.IsCompatibleRange(wanted, capabilities.KubeVersion.String()) {
		return nil, nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", wanted, capabilities.KubeVersion.Version)
	}
	rendered, err := engine.Engine{CustomTemplateFuncs: repeatable(request, functions)}.Render(loaded, all)
	if err != nil {
		return nil, nil, err
	}
	if err := checkSize(rendered, files.Limits().MaxOutputBytes); err != nil {
		return nil, nil, err
	}
	return print(loaded, rendered, request)
}

// readSchema asks the host for what a schema refers to: the library would open files and connections of its own.
func readSchema(files *host.Host, url string) ([]byte, error) {
	at, ok, err := files.Mount(host.Source{Kind: "file", URL: url})
	if err != nil {
		return nil, err
	}
	if ok {
		var text []byte
		if text, ok, err = files.Read(at); err != nil || ok {
			return text, err
		}
	}
	return nil, fmt.Errorf("its server has no such file")
}

func loadInstallable(files *host.Host, dir string) (*chart.Chart, error) {
	loaded, err := loadChart(files, dir)
	if err != nil {
		return nil, err
	}
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return nil, fmt.Errorf("%s charts are not installable", kind)
	}
	if err := addDependencies(files, loaded, dir); err != nil {
		return nil, err
	}
	return loaded, nil
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
	capabilities.APIVersions = append(slices.Clone(capabilities.APIVersions), request.APIVersions...)
	return capabilities, nil
}

// checkSize refuses what is too large before it is parsed and sorted. Notes are rendered too, but not printed.
func checkSize(rendered map[string]string, limit int64) error {
	var size int64
	for name, text := range rendered {
		if !strings.HasSuffix(name, notesSuffix) {
			size += int64(len(text))
		}
	}
	if size > limit {
		return host.Errorf(host.CodeTooLarge, "the rendered manifests take more than the limit of %d bytes; split the application", limit)
	}
	return nil
}
