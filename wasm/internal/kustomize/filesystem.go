package kustomize

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"mooring.dev/render/internal/host"
)

// tree is the file system that Kustomize sees: what the host has, read when it is needed, with the files over it that an edit changed.
// Absolute paths begin at the root of the repository; relative ones at home.
type tree struct {
	files   *host.Host
	home    string
	written map[string][]byte
	// pulled are directories that Kustomize believes to have written: the host's path of the chart that stands there.
	pulled map[string]string
}

type stat struct{ kind, real string }

func newTree(files *host.Host, home string) *tree {
	return &tree{files: files, home: home, written: map[string][]byte{}, pulled: map[string]string{}}
}

// lexical gives the path from the root of the repository.
func (t *tree) lexical(name string) string {
	if !path.IsAbs(name) {
		name = path.Join("/", t.home, name)
	}
	return strings.TrimPrefix(path.Clean(name), "/")
}

// at gives the host's name of a path.
func (t *tree) at(name string) string { return t.mounted(t.lexical(name)) }

func (t *tree) mounted(name string) string {
	for place, mounted := range t.pulled {
		if rest, ok := cutDirectory(name, place); ok {
			return path.Join(mounted, rest)
		}
	}
	return name
}

func cutDirectory(name, dir string) (rest string, ok bool) {
	if name == dir {
		return "", true
	}
	return strings.CutPrefix(name, dir+"/")
}

// stat gives the type of a path, and the path without links as Kustomize may see it.
func (t *tree) stat(name string) (stat, error) {
	if name = t.lexical(name); name == "" {
		return stat{kind: host.TypeDirectory}, nil
	}
	if _, ok := t.written[name]; ok {
		return stat{kind: host.TypeFile, real: name}, nil
	}
	kind, real, err := t.files.Stat(t.mounted(name))
	if err != nil {
		return stat{}, err
	}
	for place, mounted := range t.pulled {
		if rest, ok := cutDirectory(real, mounted); ok {
			real = path.Join(place, rest)
		}
	}
	return stat{kind: kind, real: real}, nil
}

func (t *tree) kindOf(name string) string {
	found, err := t.stat(name)
	if err != nil {
		return host.TypeMissing
	}
	return found.kind
}

func (t *tree) IsDir(name string) bool  { return t.kindOf(name) == host.TypeDirectory }
func (t *tree) Exists(name string) bool { return t.kindOf(name) != host.TypeMissing }

// expect asks for what Kustomize is about to look at, all of it in one question.
func (t *tree) expect(names ...string) {
	paths := make([]string, 0, len(names))
	for _, name := range names {
		shown := t.lexical(name)
		if _, ok := t.written[shown]; !ok && shown != "" {
			paths = append(paths, t.mounted(shown))
		}
	}
	t.files.Open(paths...)
}

// CleanedAbs gives the directory and the name of a path, links followed. Kustomize reads the file next, and looks for all names that its
// own files may have.
func (t *tree) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	if dir, isFirst := strings.CutSuffix(name, "/"+kustomizationNames[0]); isFirst {
		t.expect(name, dir+"/"+kustomizationNames[1], dir+"/"+kustomizationNames[2])
	} else {
		t.expect(name)
	}
	found, err := t.stat(name)
	if err != nil {
		return "", "", err
	}
	switch found.kind {
	case host.TypeDirectory:
		return filesys.ConfirmedDir("/" + found.real), "", nil
	case host.TypeFile:
		return filesys.ConfirmedDir(path.Dir("/" + found.real)), path.Base(found.real), nil
	default:
		shown := "/" + t.lexical(name)
		return "", "", fmt.Errorf("evalsymlink failure on '%s' : %w", shown, missing("lstat", shown))
	}
}

func missing(verb, name string) error {
	return &fs.PathError{Op: verb, Path: name, Err: os.ErrNotExist}
}

// ReadFile gives a file's content.
func (t *tree) ReadFile(name string) ([]byte, error) {
	shown := t.lexical(name)
	if text, ok := t.written[shown]; ok {
		return text, nil
	}
	if t.kindOf(name) == host.TypeDirectory {
		return nil, &fs.PathError{Op: "read", Path: "/" + shown, Err: errors.New("is a directory")}
	}
	text, ok, err := t.files.Read(t.at(name))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing("open", "/"+shown)
	}
	// Kustomize may change what it is given.
	return slices.Clone(text), nil
}

// WriteFile keeps a file for this render.
func (t *tree) WriteFile(name string, data []byte) error {
	t.written[t.lexical(name)] = slices.Clone(data)
	return nil
}

func (t *tree) list(name string) ([]host.Entry, error) {
	found, ok, err := t.files.List(t.at(name))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing("open", "/"+t.lexical(name))
	}
	return found, nil
}

// ReadDir lists names.
func (t *tree) ReadDir(name string) ([]string, error) {
	entries, err := t.list(name)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, entry.Name)
	}
	slices.Sort(names)
	return names, nil
}

// Glob gives the files that match, as filepath.Glob does.
func (t *tree) Glob(pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	if !strings.ContainsAny(pattern, `*?[\`) {
		if t.Exists(pattern) {
			return []string{pattern}, nil
		}
		return nil, nil
	}
	dir, last := path.Split(pattern)
	dirs := []string{strings.TrimSuffix(dir, "/")}
	if strings.ContainsAny(dir, `*?[\`) {
		found, err := t.Glob(strings.TrimSuffix(dir, "/"))
		if err != nil {
			return nil, err
		}
		dirs = found
	}
	var matches []string
	for _, one := range dirs {
		names, err := t.ReadDir(one)
		if err != nil {
			continue
		}
		for _, name := range names {
			if ok, _ := path.Match(last, name); ok {
				matches = append(matches, path.Join(one, name))
			}
		}
	}
	return matches, t.failure()
}

func (t *tree) failure() error {
	if failed := t.files.Failure(); failed != nil {
		return failed
	}
	return nil
}

// Walk visits a path and everything below it in lexical order.
func (t *tree) Walk(name string, visit filepath.WalkFunc) error {
	found, err := t.stat(name)
	if err != nil {
		return err
	}
	if found.kind == host.TypeMissing {
		return visit(name, nil, missing("lstat", name))
	}
	err = t.walk(name, found.kind == host.TypeDirectory, visit)
	if err == filepath.SkipDir {
		return nil
	}
	return err
}

func (t *tree) walk(name string, dir bool, visit filepath.WalkFunc) error {
	if err := visit(name, entryInfo{name: path.Base(name), dir: dir}, nil); err != nil || !dir {
		return err
	}
	entries, err := t.list(name)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		err := t.walk(path.Join(name, entry.Name), entry.Type == host.TypeDirectory, visit)
		if err != nil && !(err == filepath.SkipDir && entry.Type == host.TypeDirectory) {
			return err
		}
	}
	return nil
}

var errReadOnly = errors.New("the source tree is read-only")

func (t *tree) Create(string) (filesys.File, error) { return nil, errReadOnly }
func (t *tree) Mkdir(string) error                  { return errReadOnly }
func (t *tree) MkdirAll(string) error               { return errReadOnly }
func (t *tree) Open(string) (filesys.File, error)   { return nil, errReadOnly }

// RemoveAll leaves everything as it is: Kustomize removes the clones that it made.
func (t *tree) RemoveAll(string) error { return nil }
