package kustomize

import (
	"errors"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"mooring.dev/render/internal/host"
)

// needsHelm is how the generator of charts says that the build has no such option.
const needsHelm = "must specify --enable-helm"

// explain says in an error what the user wrote, not where it was mounted, and gives refusals their code.
func explain(files *host.Host, err error) error {
	if failed := files.Failure(); failed != nil {
		return failed
	}
	text := err.Error()
	for place, shown := range files.Mounted() {
		text = strings.ReplaceAll(text, "/"+place, shown)
	}
	var refused *host.Error
	switch {
	case errors.As(err, &refused):
		return host.Errorf(refused.Code, "%s", text)
	case types.IsErrOnlyBuiltinPluginsAllowed(err):
		return host.Errorf(host.CodeUnsupported, "%s; programs and containers are never run while rendering", text)
	case strings.HasSuffix(text, needsHelm):
		return host.Errorf(host.CodeInvalid, "%s; add it to kustomize.buildOptions of argocd-cm, or to --kustomize-build-options of mooring render", text)
	default:
		return host.Errorf(host.CodeInvalid, "%s", text)
	}
}
