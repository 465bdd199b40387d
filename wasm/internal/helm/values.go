package helm

import (
	"bytes"
	"fmt"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"

	"mooring.dev/render/internal/host"
)

// mergeValues follows the order of the command line: files, then --set, --set-string and --set-file.
func mergeValues(files *host.Host, request Request) (map[string]any, error) {
	base := map[string]any{}
	for _, values := range request.Values {
		text, name, err := textOf(files, values)
		if err != nil {
			return nil, err
		}
		current, err := loader.LoadValues(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("failed to parse %s: %w", name, err)
		}
		base = loader.MergeMaps(base, current)
	}
	for _, one := range request.Parameters {
		if one.ForceString {
			continue
		}
		if err := strvals.ParseInto(one.Name+"="+one.Value, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set data: %w", err)
		}
	}
	for _, one := range request.Parameters {
		if !one.ForceString {
			continue
		}
		if err := strvals.ParseIntoString(one.Name+"="+one.Value, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set-string data: %w", err)
		}
	}
	for _, one := range request.FileParameters {
		read := func(name []rune) (any, error) {
			text, err := mustRead(files, string(name))
			return string(text), err
		}
		if err := strvals.ParseIntoFile(one.Name+"="+one.Path, base, read); err != nil {
			return nil, fmt.Errorf("failed parsing --set-file data: %w", err)
		}
	}
	return base, nil
}

func textOf(files *host.Host, values Values) ([]byte, string, error) {
	if values.Path == nil {
		return []byte(values.Text), "values", nil
	}
	text, err := mustRead(files, *values.Path)
	return text, *values.Path, err
}

func mustRead(files *host.Host, name string) ([]byte, error) {
	text, ok, err := files.Read(name)
	if err == nil && !ok {
		err = host.Errorf(host.CodeInvalid, "%s: file does not exist; correct the path, or set ignoreMissingValueFiles", name)
	}
	return text, err
}
