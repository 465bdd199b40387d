// Package outside is what the patched files of Kustomize call in the place of git, helm and the operating system (wasm/patches).
// Nothing leaves the process: the render that is running answers.
package outside

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// World answers for one render. There is one at a time, as Kustomize keeps global state itself.
type World interface {
	// Clone gives the directory at which a repository stands.
	Clone(repository, revision string) (string, error)
	// Expect says which paths below a directory Kustomize will look at next.
	Expect(dir string, names []string)
	// Helm runs a helm command line for the kustomization in a directory.
	Helm(dir string, arguments []string, files map[string][]byte, stdout io.Writer) error
	// Nodes gives the objects of a text, from parse or from an earlier render.
	Nodes(text []byte, parse func(text []byte) ([]*yaml.RNode, error)) ([]*yaml.RNode, error)
	// Stat says what stands at an absolute path.
	Stat(path string) (fs.FileInfo, error)
}

var (
	current World
	// Temporary files of the Helm generator: values that it merged.
	temporary map[string][]byte
	made      int
)

// Enter makes the world of one render current. The function that it gives ends it.
func Enter(world World) (leave func()) {
	current, temporary, made = world, map[string][]byte{}, 0
	return func() { current, temporary = nil, nil }
}

var errNoWorld = errors.New("nothing outside of a render can be reached")

// Clone gives the directory at which a repository stands.
func Clone(repository, revision string) (string, error) {
	if current == nil {
		return "", errNoWorld
	}
	return current.Clone(repository, revision)
}

// Expect says which paths a kustomization will look at, so that they can be asked for at once.
func Expect(dir string, names []string) {
	if current != nil && len(names) > 0 {
		current.Expect(dir, names)
	}
}

// Stat stands in for os.Stat.
func Stat(path string) (fs.FileInfo, error) {
	if current == nil {
		return nil, errNoWorld
	}
	return current.Stat(path)
}

// MkdirTemp stands in for os.MkdirTemp: a name that no other of this render has.
func MkdirTemp(_, pattern string) (string, error) {
	made++
	return fmt.Sprintf("/tmp/%s%d", pattern, made), nil
}

// WriteFile stands in for os.WriteFile, for temporary files.
func WriteFile(path string, data []byte, _ fs.FileMode) error {
	if current == nil {
		return errNoWorld
	}
	temporary[path] = data
	return nil
}

// RemoveAll stands in for os.RemoveAll: temporary files end with the render.
func RemoveAll(string) error { return nil }

// Environ stands in for os.Environ.
func Environ() []string { return nil }
