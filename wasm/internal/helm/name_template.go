package helm

import (
	"fmt"
	"maps"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// releaseName gives what the request's name template makes, as --name-template does. The environment is nobody's input, so that the functions
// that read it are not defined, as in a chart's templates.
func releaseName(request Request, replaced map[string]any) (string, error) {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	maps.Copy(functions, repeatable(request, replaced))
	parsed, err := template.New("name-template").Funcs(functions).Parse(request.NameTemplate)
	if err != nil {
		return "", fmt.Errorf("name template: %w", err)
	}
	var name strings.Builder
	if err := parsed.Execute(&name, nil); err != nil {
		return "", fmt.Errorf("name template: %w", err)
	}
	return name.String(), nil
}
