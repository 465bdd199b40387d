package kustomize

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"sigs.k8s.io/kustomize/api/kv"
	loader "sigs.k8s.io/kustomize/api/pkg/loader"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/edit/add"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/edit/set"
	"sigs.k8s.io/yaml"
)

// Replica is a number of replicas for a workload.
type Replica struct {
	Name  string `json:"name"`
	Count any    `json:"count"`
}

// Edits are what is written into the kustomization before it is built, as `kustomize edit` would.
type Edits struct {
	NamePrefix              string            `json:"namePrefix"`
	NameSuffix              string            `json:"nameSuffix"`
	Namespace               string            `json:"namespace"`
	Images                  []string          `json:"images"`
	Replicas                []Replica         `json:"replicas"`
	CommonLabels            map[string]string `json:"commonLabels"`
	CommonAnnotations       map[string]string `json:"commonAnnotations"`
	ForceCommonLabels       bool              `json:"forceCommonLabels"`
	ForceCommonAnnotations  bool              `json:"forceCommonAnnotations"`
	LabelWithoutSelector    bool              `json:"labelWithoutSelector"`
	LabelIncludeTemplates   bool              `json:"labelIncludeTemplates"`
	Components              []string          `json:"components"`
	IgnoreMissingComponents bool              `json:"ignoreMissingComponents"`
	Patches                 []map[string]any  `json:"patches"`
}

// apply runs the official edit commands on the kustomization at home, in the order in which Argo CD runs them.
func (e Edits) apply(t *tree) error {
	for _, arguments := range e.commands() {
		if err := run(t, arguments); err != nil {
			return err
		}
	}
	if err := e.addPatches(t); err != nil {
		return err
	}
	return e.addComponents(t)
}

func (e Edits) commands() [][]string {
	var all [][]string
	if e.NamePrefix != "" {
		all = append(all, []string{"set", "nameprefix", "--", e.NamePrefix})
	}
	if e.NameSuffix != "" {
		all = append(all, []string{"set", "namesuffix", "--", e.NameSuffix})
	}
	if len(e.Images) > 0 {
		all = append(all, append([]string{"set", "image", "--"}, e.Images...))
	}
	if len(e.Replicas) > 0 {
		one := []string{"set", "replicas", "--"}
		for _, replica := range e.Replicas {
			one = append(one, fmt.Sprintf("%s=%s", replica.Name, number(replica.Count)))
		}
		all = append(all, one)
	}
	if len(e.CommonLabels) > 0 {
		one := []string{"add", "label"}
		if e.ForceCommonLabels {
			one = append(one, "--force")
		}
		if e.LabelWithoutSelector {
			one = append(one, "--without-selector")
		}
		if e.LabelIncludeTemplates {
			one = append(one, "--include-templates")
		}
		all = append(all, append(append(one, "--"), pairs(e.CommonLabels)...))
	}
	if len(e.CommonAnnotations) > 0 {
		one := []string{"add", "annotation"}
		if e.ForceCommonAnnotations {
			one = append(one, "--force")
		}
		all = append(all, append(append(one, "--"), pairs(e.CommonAnnotations)...))
	}
	if e.Namespace != "" {
		all = append(all, []string{"set", "namespace", "--", e.Namespace})
	}
	return all
}

func number(count any) string {
	if value, ok := count.(float64); ok {
		return fmt.Sprintf("%.0f", value)
	}
	return fmt.Sprint(count)
}

func pairs(all map[string]string) []string {
	out := make([]string, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		out = append(out, key+":"+all[key])
	}
	return out
}

func run(t *tree, arguments []string) error {
	depProvider := provider.NewDefaultDepProvider()
	resources, validator := depProvider.GetResourceFactory(), depProvider.GetFieldValidator()
	values := kv.NewLoader(loader.NewFileLoaderAtCwd(t), validator)
	command := &cobra.Command{Use: "edit", SilenceUsage: true, SilenceErrors: true}
	command.AddCommand(add.NewCmdAdd(t, values, resources), set.NewCmdSet(t, values, validator, resources))
	command.SetArgs(arguments)
	command.SetOut(io.Discard)
	command.SetErr(io.Discard)
	if err := command.Execute(); err != nil {
		return fmt.Errorf("kustomize edit %s %s: %w", arguments[0], arguments[1], err)
	}
	return nil
}

// addPatches appends to the list of patches, which no edit command does with options.
func (e Edits) addPatches(t *tree) error {
	if len(e.Patches) == 0 {
		return nil
	}
	name, content, err := t.kustomization()
	if err != nil {
		return err
	}
	known, ok := content["patches"].([]any)
	if content["patches"] != nil && !ok {
		return fmt.Errorf("%s: patches must be a list", name)
	}
	for _, patch := range e.Patches {
		known = append(known, patch)
	}
	content["patches"] = known
	text, err := yaml.Marshal(content)
	if err != nil {
		return err
	}
	return t.WriteFile(name, text)
}

func (e Edits) addComponents(t *tree) error {
	var found []string
	for _, component := range e.Components {
		if e.IgnoreMissingComponents && !t.IsDir(component) {
			continue
		}
		found = append(found, component)
	}
	if len(found) == 0 {
		return nil
	}
	return run(t, append([]string{"add", "component", "--"}, found...))
}

// kustomization gives the name and the content of the kustomization file at home.
func (t *tree) kustomization() (string, map[string]any, error) {
	for _, name := range kustomizationNames {
		if t.kindOf(name) != "file" {
			continue
		}
		text, err := t.ReadFile(name)
		if err != nil {
			return "", nil, err
		}
		content := map[string]any{}
		return name, content, yaml.Unmarshal(text, &content)
	}
	return "", nil, fmt.Errorf("missing kustomization file 'kustomization.yaml'")
}
