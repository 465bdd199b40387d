package kustomize

import (
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

// tree is the file system that Kustomize sees: what the host has, read when it is needed, with the files over it that an edit or a
// rewrite changed. Absolute paths begin at the root of the repository; relative ones at home.
type tree struct {
	files   *host.Host
	home    string
	written map[string][]byte
	stats   map[string]stat
	lists   map[string][]host.Entry
	// rewrite sees every kustomization file once, before Kustomize does.
	rewrite func(dir, name string, text []byte) ([]byte, error)
	// aliases are directories that stand for a mounted file: Kustomize may load files below its root only.
	aliases map[string]string
}

type stat struct{ kind, real string }

func newTree(files *host.Host, home string) *tree {
	return &tree{
		files:   files,
		home:    home,
		written: map[string][]byte{},
		stats:   map[string]stat{},
		lists:   map[string][]host.Entry{},
		aliases: map[string]string{},
	}
}

// at gives the host's name of a path: relative to the root of the repository.
func (t *tree) at(name string) string {
	if !path.IsAbs(name) {
		name = path.Join("/", t.home, name)
	}
	name = strings.TrimPrefix(path.Clean(name), "/")
	if target, ok := t.aliases[name]; ok {
		return target
	}
	return name
}

func (t *tree) stat(name string) (stat, error) {
	at := t.at(name)
	if known, ok := t.stats[at]; ok {
		return known, nil
	}
	if _, ok := t.written[at]; ok {
		return stat{kind: "file", real: at}, nil
	}
	if at == "" {
		return stat{kind: "directory"}, nil
	}
	kind, real, err := t.files.Stat(at)
	if err != nil {
		return stat{}, err
	}
	found := stat{kind: kind, real: real}
	t.stats[at] = found
	return found, nil
}

func (t *tree) kindOf(name string) string {
	found, err := t.stat(name)
	if err != nil {
		return "missing"
	}
	return found.kind
}

func (t *tree) IsDir(name string) bool { return t.kindOf(name) == "directory" }
func (t *tree) Exists(name string) bool {
	kind := t.kindOf(name)
	return kind == "file" || kind == "directory"
}

// CleanedAbs gives the directory and the name of a path, links followed.
func (t *tree) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	found, err := t.stat(name)
	if err != nil {
		return "", "", err
	}
	shown := path.Join("/", t.lexical(name))
	switch found.kind {
	case "directory":
		return filesys.ConfirmedDir("/" + found.real), "", nil
	case "file":
		if _, ok := t.aliases[t.lexical(name)]; ok {
			return filesys.ConfirmedDir(path.Dir(shown)), path.Base(shown), nil
		}
		return filesys.ConfirmedDir(path.Dir("/" + found.real)), path.Base(found.real), nil
	default:
		return "", "", fmt.Errorf("evalsymlink failure on '%s' : %w", shown, missing("lstat", shown))
	}
}

func (t *tree) lexical(name string) string {
	if !path.IsAbs(name) {
		name = path.Join("/", t.home, name)
	}
	return strings.TrimPrefix(path.Clean(name), "/")
}

func missing(verb, name string) error {
	return &fs.PathError{Op: verb, Path: name, Err: os.ErrNotExist}
}

// ReadFile gives a file's content.
func (t *tree) ReadFile(name string) ([]byte, error) {
	at := t.at(name)
	if text, ok := t.written[at]; ok {
		return text, nil
	}
	if t.kindOf(name) == "directory" {
		return nil, &fs.PathError{Op: "read", Path: "/" + at, Err: fmt.Errorf("is a directory")}
	}
	text, ok, err := t.files.Read(at)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing("open", path.Join("/", at))
	}
	if t.rewrite != nil && isKustomization(path.Base(at)) {
		if text, err = t.rewrite(path.Dir("/" + at)[1:], path.Base(at), text); err != nil {
			return nil, err
		}
		t.written[at] = text
	}
	return text, nil
}

// WriteFile keeps a file for this render.
func (t *tree) WriteFile(name string, data []byte) error {
	at := t.at(name)
	t.written[at] = slices.Clone(data)
	delete(t.stats, at)
	return nil
}

func (t *tree) list(name string) ([]host.Entry, error) {
	at := t.at(name)
	if known, ok := t.lists[at]; ok {
		return known, nil
	}
	found, ok, err := t.files.List(at)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing("open", "/"+at)
	}
	t.lists[at] = found
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
	if found.kind == "missing" {
		return visit(name, nil, missing("lstat", name))
	}
	err = t.walk(name, found.kind == "directory", visit)
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
		err := t.walk(path.Join(name, entry.Name), entry.Type == "directory", visit)
		if err != nil && !(err == filepath.SkipDir && entry.Type == "directory") {
			return err
		}
	}
	return nil
}

var errReadOnly = fmt.Errorf("the source tree is read-only")

func (t *tree) Create(string) (filesys.File, error) { return nil, errReadOnly }
func (t *tree) Mkdir(string) error                  { return errReadOnly }
func (t *tree) MkdirAll(string) error               { return errReadOnly }
func (t *tree) RemoveAll(string) error              { return errReadOnly }
func (t *tree) Open(string) (filesys.File, error)   { return nil, errReadOnly }
