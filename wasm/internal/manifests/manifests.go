// Package manifests makes an engine of Helm and Kustomize, which the two build together because Kustomize inflates charts.
package manifests

import (
	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/kustomize"
	"mooring.dev/render/internal/message"
)

// Functions of a render that replace template functions of the same name.
type Functions func(files *host.Host) map[string]any

// Engine renders charts and kustomizations.
func Engine(functions Functions) engine.Engine {
	return engine.Engine{
		"helm": func(request []byte, files *host.Host) ([]byte, []host.Document, error) {
			var wanted helm.Request
			if _, err := message.Decode(request, &wanted); err != nil {
				return nil, nil, err
			}
			return helm.Template(files, wanted, functions(files))
		},
		"kustomize": func(request []byte, files *host.Host) ([]byte, []host.Document, error) {
			var wanted kustomize.Request
			if _, err := message.Decode(request, &wanted); err != nil {
				return nil, nil, err
			}
			charts := func(chart helm.Request) ([]byte, error) {
				text, _, err := helm.Template(files, chart, functions(files))
				return text, err
			}
			return kustomize.Build(files, wanted, charts)
		},
	}
}

// AllFunctions replaces none: the host of a WebAssembly module gives it its clock and its randomness.
func AllFunctions(*host.Host) map[string]any { return nil }
