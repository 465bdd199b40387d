package kustomize

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"mooring.dev/render/internal/host"
)

// rewriter puts mounted paths in the place of remote references, and rendered charts in the place of helmCharts, before Kustomize
// reads a kustomization. A kustomization without either is left as it is, byte for byte.
type rewriter struct {
	tree    *tree
	request Request
	charts  Charts
	count   int
	// shown gives back what the user wrote for a path that stands for it.
	shown []string
}

var remoteFields = []string{"resources", "bases", "components", "crds"}

func (r *rewriter) rewriteWritten() error {
	for _, name := range kustomizationNames {
		at := r.tree.at(name)
		text, ok := r.tree.written[at]
		if !ok {
			continue
		}
		changed, err := r.rewrite(r.request.Path, name, text)
		if err != nil {
			return err
		}
		r.tree.written[at] = changed
	}
	return nil
}

func (r *rewriter) rewrite(dir, name string, text []byte) ([]byte, error) {
	var content map[string]any
	if err := yaml.Unmarshal(text, &content); err != nil {
		// Kustomize says it better.
		return text, nil
	}
	changed := false
	for _, field := range remoteFields {
		entries, ok := content[field].([]any)
		if !ok {
			continue
		}
		for index, entry := range entries {
			written, ok := entry.(string)
			if !ok {
				continue
			}
			reference, ok := parseRemote(written)
			if !ok || r.tree.Exists(path.Join("/", dir, written)) {
				continue
			}
			replaced, err := r.mount(dir, written, reference)
			if err != nil {
				return nil, err
			}
			entries[index] = replaced
			changed = true
		}
	}
	inflated, err := r.inflate(dir, name, content)
	if err != nil {
		return nil, err
	}
	if !changed && !inflated {
		return text, nil
	}
	return yaml.Marshal(content)
}

func (r *rewriter) mount(dir, written string, reference remote) (string, error) {
	source := host.Source{Kind: "git", URL: reference.url, Revision: reference.revision}
	if reference.file {
		source = host.Source{Kind: "file", URL: reference.url}
	}
	at, err := r.tree.files.Mount(source)
	if err != nil {
		return "", err
	}
	if reference.file {
		alias := r.alias(dir, path.Base(at))
		r.tree.aliases[path.Join(dir, alias)] = at
		r.shown = append(r.shown, path.Join("/", dir, alias), written, alias, written)
		return alias, nil
	}
	at = path.Join(at, reference.path)
	relative, err := filepath.Rel("/"+dir, "/"+at)
	if err != nil {
		return "", err
	}
	r.shown = append(r.shown, "/"+at, written, relative, written)
	return relative, nil
}

func (r *rewriter) alias(dir, name string) string {
	r.count++
	return fmt.Sprintf(".mooring-%d-%s", r.count, name)
}

// restore says in an error what the user wrote, not where it was mounted; it keeps the host's own errors.
func (r *rewriter) restore(err error) error {
	if failed := r.tree.files.Failure(); failed != nil {
		return failed
	}
	message := err.Error()
	if len(r.shown) > 0 {
		message = strings.NewReplacer(r.shown...).Replace(message)
	}
	return host.Errorf(host.CodeInvalid, "%s", message)
}
