package kustomize

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"
)

// helmCommand is a helm command line as the generator of charts writes it.
type helmCommand struct {
	verb string
	rest []string

	namespace, nameTemplate, kubeVersion string
	repository, version, untarDirectory  string
	values, apiVersions                  []string
	generateName, includeCRDs, skipTests bool
	noHooks, devel, untar, debug, short  bool
}

// parseCommand knows every flag that Kustomize gives; another one is an error rather than a flag without effect.
func parseCommand(arguments []string) (helmCommand, error) {
	if len(arguments) == 0 {
		return helmCommand{}, errors.New("helm: no command")
	}
	command := helmCommand{verb: arguments[0]}
	flags := pflag.NewFlagSet("helm", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&command.namespace, "namespace", "default", "")
	flags.StringVar(&command.nameTemplate, "name-template", "", "")
	flags.StringVar(&command.kubeVersion, "kube-version", "", "")
	flags.StringVar(&command.repository, "repo", "", "")
	flags.StringVar(&command.version, "version", "", "")
	flags.StringVar(&command.untarDirectory, "untardir", ".", "")
	flags.StringArrayVarP(&command.values, "values", "f", nil, "")
	flags.StringSliceVar(&command.apiVersions, "api-versions", nil, "")
	for name, field := range map[string]*bool{
		"generate-name": &command.generateName,
		"include-crds":  &command.includeCRDs,
		"skip-tests":    &command.skipTests,
		"no-hooks":      &command.noHooks,
		"devel":         &command.devel,
		"untar":         &command.untar,
		"debug":         &command.debug,
		"short":         &command.short,
	} {
		flags.BoolVar(field, name, false, "")
	}
	if err := flags.Parse(arguments[1:]); err != nil {
		return helmCommand{}, fmt.Errorf("helm %s: %w", command.verb, err)
	}
	command.rest = flags.Args()
	return command, nil
}
