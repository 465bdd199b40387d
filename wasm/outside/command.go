package outside

import (
	"errors"
	"io"
)

var errExit = errors.New("exit status 1")

// Cmd stands in for exec.Cmd of a helm command.
type Cmd struct {
	Stdout io.Writer
	Stderr io.Writer
	Env    []string
	// Dir is the kustomization's directory.
	Dir string

	arguments []string
}

// Command stands in for exec.Command; every program is helm, because nothing else is ever run.
func Command(_ string, arguments ...string) *Cmd {
	return &Cmd{arguments: arguments}
}

// Run writes what the command says of a failure to Stderr, as a process would.
func (c *Cmd) Run() error {
	if current == nil {
		return errNoWorld
	}
	err := current.Helm(c.Dir, c.arguments, temporary, c.Stdout)
	if err != nil {
		_, _ = io.WriteString(c.Stderr, "Error: "+err.Error()+"\n")
		return errExit
	}
	return nil
}
