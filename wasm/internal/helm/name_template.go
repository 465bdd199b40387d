package helm

import (
	"fmt"
	"maps"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// releaseName gives what the request's name template makes, as --name-template does. The environment and the network are nobody's input,
// so that the functions that read them are not defined.
func releaseName(request Request, replaced map[string]any) (string, error) {
	functions := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
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
