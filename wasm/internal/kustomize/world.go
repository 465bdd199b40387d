package kustomize

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
)

// world answers what the patched parts of Kustomize ask of the machine (package outside).
type world struct {
	tree    *tree
	request Request
	charts  Charts
}

// Expect asks for files and directories that a kustomization names.
func (w *world) Expect(dir string, names []string) {
	for at, name := range names {
		if !path.IsAbs(name) {
			names[at] = path.Join(dir, name)
		}
	}
	w.tree.expect(names...)
}

// Clone mounts a repository.
func (w *world) Clone(repository, revision string) (string, error) {
	at, _, err := w.tree.files.Mount(host.Source{Kind: "git", URL: repository, Revision: revision})
	if err != nil {
		return "", err
	}
	return "/" + at, nil
}

// Nodes gives the objects of a text; a request that does not say whose it is leaves nothing behind.
func (w *world) Nodes(text []byte, parse func(text []byte) ([]*yaml.RNode, error)) ([]*yaml.RNode, error) {
	if w.request.Tenant == "" {
		return parse(text)
	}
	return known.read(w.request.Tenant, text, parse)
}

// Stat says what stands at a path of the tree.
func (w *world) Stat(name string) (fs.FileInfo, error) {
	found, err := w.tree.stat(name)
	if err != nil {
		return nil, err
	}
	if found.kind == host.TypeMissing {
		return nil, missing("stat", name)
	}
	return entryInfo{name: path.Base(name), dir: found.kind == host.TypeDirectory}, nil
}

// Helm runs the helm commands that the generator of charts runs.
func (w *world) Helm(dir string, arguments []string, files map[string][]byte, stdout io.Writer) error {
	command, err := parseCommand(arguments)
	if err != nil {
		return err
	}
	switch command.verb {
	case "version":
		_, err := fmt.Fprintln(stdout, helm.Version())
		return err
	case "pull":
		return w.pull(dir, command)
	case "template":
		return w.template(dir, command, files, stdout)
	default:
		return fmt.Errorf("unknown command %q for \"helm\"", command.verb)
	}
}

// pull puts a chart where the generator will look for it.
func (w *world) pull(dir string, command helmCommand) error {
	if len(command.rest) != 1 {
		return errors.New("helm pull: one chart is expected")
	}
	repository, name := command.repository, command.rest[0]
	if strings.HasPrefix(name, "oci://") {
		repository, name = name[:strings.LastIndex(name, "/")], path.Base(name)
	}
	version := command.version
	if version == "" && command.devel {
		version = ">0.0.0-0"
	}
	place := path.Join(command.untarDirectory, name)
	if err := w.checkInside(dir, place); err != nil {
		return err
	}
	at, _, err := w.tree.files.Mount(host.Source{Kind: "chart", Repository: repository, Name: name, Version: version})
	if err != nil {
		return err
	}
	w.tree.pulled[w.tree.lexical(place)] = at
	return nil
}

// checkInside keeps the charts of a kustomization in its repository: Kustomize joins and cleans chartHome and the chart's name, so that
// those of a remote base could lead to the repository that names the base.
func (w *world) checkInside(dir, chart string) error {
	if host.MountOf(w.tree.lexical(dir)) == host.MountOf(w.tree.lexical(chart)) {
		return nil
	}
	return w.tree.files.Fail(host.CodeInvalid, "%s: helmCharts: the chart %s lies outside of the repository of its kustomization; correct chartHome or the name", w.tree.lexical(dir), path.Base(chart))
}

func (w *world) template(dir string, command helmCommand, files map[string][]byte, stdout io.Writer) error {
	release, chart, err := nameAndChart(command)
	if err != nil {
		return err
	}
	if err := w.checkInside(dir, chart); err != nil {
		return err
	}
	request := helm.Request{
		Path:         w.tree.at(chart),
		Clock:        w.request.Clock,
		ReleaseName:  release,
		NameTemplate: command.nameTemplate,
		Namespace:    command.namespace,
		KubeVersion:  command.kubeVersion,
		APIVersions:  command.apiVersions,
		IncludeCRDs:  command.includeCRDs,
		SkipTests:    command.skipTests,
		SkipHooks:    command.noHooks,
	}
	for _, name := range command.values {
		text, err := w.read(name, files)
		if err != nil {
			return err
		}
		request.Values = append(request.Values, helm.Values{Text: string(text), Name: name})
	}
	text, err := w.charts(request)
	if err != nil {
		return err
	}
	_, err = stdout.Write(text)
	return err
}

func (w *world) read(name string, files map[string][]byte) ([]byte, error) {
	if text, ok := files[name]; ok {
		return text, nil
	}
	return w.tree.ReadFile(name)
}

// nameAndChart follows helm template, which has a name of its own before it would generate one.
func nameAndChart(command helmCommand) (release, chart string, err error) {
	switch len(command.rest) {
	case 1:
		return "release-name", command.rest[0], nil
	case 2:
		if command.nameTemplate != "" {
			return "", "", errors.New("cannot set --name-template and also specify a name")
		}
		return command.rest[0], command.rest[1], nil
	default:
		return "", "", fmt.Errorf("helm template: a name and a chart are expected: %s", strings.Join(command.rest, " "))
	}
}
