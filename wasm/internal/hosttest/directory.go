// Package hosttest answers the engine's questions from a directory: for tests and for comparing with the official programs.
package hosttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
)

type question struct {
	Ask    string      `json:"ask"`
	Path   string      `json:"path"`
	Paths  []string    `json:"paths"`
	Source host.Source `json:"source"`
}

// Directory answers questions about the files below root. Mounts are the directories, relative to root, of sources by their name or URL.
func Directory(root string, mounts map[string]string) func([]byte) ([]byte, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		real = root
	}
	d := directory{root: real, mounts: mounts}
	return func(text []byte) ([]byte, error) {
		var asked question
		if _, err := message.Decode(text, &asked); err != nil {
			return nil, err
		}
		return d.answer(asked)
	}
}

type directory struct {
	root   string
	mounts map[string]string
}

func (d directory) answer(asked question) ([]byte, error) {
	switch asked.Ask {
	case "stat":
		kind, real := d.stat(asked.Path)
		return message.Encode(map[string]any{"type": kind, "path": real})
	case "list":
		return d.list(asked.Path)
	case "read":
		content, err := os.ReadFile(d.at(asked.Path))
		if kind, _ := d.stat(asked.Path); err != nil || kind != host.TypeFile {
			return missing()
		}
		return message.Encode(map[string]any{"size": len(content)}, content)
	case "open":
		return d.open(asked.Paths)
	case "walk":
		return d.walk(asked.Path)
	default:
		return d.mount(asked.Source)
	}
}

func (d directory) open(paths []string) ([]byte, error) {
	type head struct {
		Type string `json:"type"`
		Path string `json:"path"`
		Size int    `json:"size"`
	}
	found, contents := []head{}, [][]byte{}
	for _, name := range paths {
		kind, real := d.stat(name)
		one := head{Type: kind, Path: real}
		if kind == host.TypeFile {
			content, err := os.ReadFile(d.at(real))
			if err != nil {
				return nil, err
			}
			one.Size = len(content)
			contents = append(contents, content)
		}
		found = append(found, one)
	}
	return message.Encode(map[string]any{"found": found}, contents...)
}

func missing() ([]byte, error) { return message.Encode(map[string]any{"missing": true}) }

func (d directory) at(name string) string { return filepath.Join(d.root, filepath.FromSlash(name)) }

func (d directory) stat(name string) (kind, path string) {
	real, err := filepath.EvalSymlinks(d.at(name))
	if err != nil {
		return host.TypeMissing, name
	}
	relative, err := filepath.Rel(d.root, real)
	if err != nil || strings.HasPrefix(relative, "..") {
		return host.TypeMissing, name
	}
	if relative == "." {
		relative = ""
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		return host.TypeMissing, name
	case info.IsDir():
		return host.TypeDirectory, filepath.ToSlash(relative)
	default:
		return host.TypeFile, filepath.ToSlash(relative)
	}
}

func (d directory) entries(name string) []host.Entry {
	read, err := os.ReadDir(d.at(name))
	if err != nil {
		return nil
	}
	found := []host.Entry{}
	for _, entry := range read {
		if kind, _ := d.stat(name + "/" + entry.Name()); kind != host.TypeMissing {
			found = append(found, host.Entry{Name: entry.Name(), Type: kind})
		}
	}
	return found
}

func (d directory) list(name string) ([]byte, error) {
	if kind, _ := d.stat(name); kind != host.TypeDirectory {
		return missing()
	}
	return message.Encode(map[string]any{"entries": d.entries(name)})
}

func (d directory) walk(name string) ([]byte, error) {
	if kind, _ := d.stat(name); kind != host.TypeDirectory {
		return missing()
	}
	names := d.below(name, "")
	slices.Sort(names)
	type head struct {
		Path string `json:"path"`
		Size int    `json:"size"`
	}
	heads, contents := []head{}, [][]byte{}
	for _, file := range names {
		content, err := os.ReadFile(d.at(name + "/" + file))
		if err != nil {
			return nil, err
		}
		heads = append(heads, head{file, len(content)})
		contents = append(contents, content)
	}
	return message.Encode(map[string]any{"files": heads}, contents...)
}

func (d directory) below(root, dir string) []string {
	var names []string
	for _, entry := range d.entries(root + "/" + dir) {
		name := strings.TrimPrefix(dir+"/"+entry.Name, "/")
		if entry.Type == host.TypeDirectory {
			names = append(names, d.below(root, name)...)
		} else {
			names = append(names, name)
		}
	}
	return names
}

func (d directory) mount(source host.Source) ([]byte, error) {
	key, err := json.Marshal(source)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{source.URL, source.Name} {
		if at, ok := d.mounts[name]; ok && name != "" {
			return message.Encode(map[string]any{"path": at})
		}
	}
	return message.Encode(map[string]any{"error": host.Errorf("RENDER_INVALID", "there is no %s", key)})
}
