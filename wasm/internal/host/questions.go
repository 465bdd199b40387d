package host

import "slices"

// What a path names after links.
const (
	TypeFile      = "file"
	TypeDirectory = "directory"
	TypeMissing   = "missing"
)

// Entry is a name in a directory; links are followed.
type Entry struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// File is one file of a walk, its path as the host gives it.
type File struct {
	Path string
	Data []byte
}

// Source is something outside of the tree.
type Source struct {
	Kind       string `json:"kind"`
	URL        string `json:"url,omitempty"`
	Revision   string `json:"revision,omitempty"`
	Repository string `json:"repository,omitempty"`
	Name       string `json:"name,omitempty"`
	Version    string `json:"version,omitempty"`
}

type stat struct{ kind, real string }

type answers struct {
	stats map[string]stat
	lists map[string][]Entry
	files map[string][]byte
	// opened are contents that nobody has read yet, and refused what the host said instead.
	opened  map[string][]byte
	refused map[string]*Error
	walks   map[string][]File
	mounts  map[Source]string
}

func newAnswers() answers {
	return answers{
		stats:   map[string]stat{},
		lists:   map[string][]Entry{},
		files:   map[string][]byte{},
		opened:  map[string][]byte{},
		refused: map[string]*Error{},
		walks:   map[string][]File{},
		mounts:  map[Source]string{},
	}
}

const (
	// mostOpened and longestOpened bound one question: its paths, and their bytes.
	mostOpened    = 32
	longestOpened = 8 << 10
)

// Open asks for what stands at several paths, contents of files included, as far as that is not known. Each question stops the render until it
// is answered. What goes wrong shows when the path is asked for.
func (h *Host) Open(paths ...string) {
	var asked []string
	size := 0
	for _, path := range paths {
		if h.knows(path) || slices.Contains(asked, path) {
			continue
		}
		if len(asked) == mostOpened || size+len(path) > longestOpened && len(asked) > 0 {
			h.open(asked)
			asked, size = nil, 0
		}
		asked = append(asked, path)
		size += len(path)
	}
	if len(asked) > 0 {
		h.open(asked)
	}
}

func (h *Host) knows(path string) bool {
	_, found := h.known.stats[path]
	return found || h.known.refused[path] != nil
}

func (h *Host) open(paths []string) {
	a, body, err := h.put(question{Ask: "open", Paths: paths})
	if err != nil {
		return
	}
	if len(a.Found) != len(paths) {
		h.Fail(CodeInvalid, "%s: the answer is cut short", paths[0])
		return
	}
	for at, found := range a.Found {
		if found.Error != nil {
			h.known.refused[paths[at]] = found.Error
			continue
		}
		if found.Size < 0 || found.Size > int64(len(body)) {
			h.Fail(CodeInvalid, "%s: the answer is cut short", paths[at])
			return
		}
		h.known.stats[paths[at]] = stat{found.Type, found.Path}
		if found.Type == TypeFile {
			h.known.stats[found.Path] = stat{found.Type, found.Path}
			h.known.opened[found.Path] = body[:found.Size:found.Size]
			body = body[found.Size:]
		}
	}
}

// Stat gives the type (file, directory, missing) and the path without links.
func (h *Host) Stat(path string) (kind, real string, err error) {
	if known, ok := h.known.stats[path]; ok {
		return known.kind, known.real, nil
	}
	if refused := h.known.refused[path]; refused != nil {
		return "", "", h.fail(refused)
	}
	a, _, err := h.put(question{Ask: "stat", Path: path})
	if err != nil {
		return "", "", err
	}
	h.known.stats[path] = stat{a.Type, a.Path}
	return a.Type, a.Path, nil
}

// List gives the entries of a directory; false when it is none.
func (h *Host) List(path string) ([]Entry, bool, error) {
	if known, ok := h.known.lists[path]; ok {
		return known, known != nil, nil
	}
	a, _, err := h.put(question{Ask: "list", Path: path})
	if err != nil {
		return nil, false, err
	}
	var entries []Entry
	if !a.Missing {
		entries = append([]Entry{}, a.Entries...)
	}
	h.known.lists[path] = entries
	return entries, entries != nil, nil
}

// Read gives a file's content, which must not be changed; false when there is none.
func (h *Host) Read(path string) ([]byte, bool, error) {
	if known, ok := h.known.files[path]; ok {
		return known, known != nil, nil
	}
	if content, ok := h.known.opened[path]; ok {
		delete(h.known.opened, path)
		return h.keep(path, content)
	}
	a, body, err := h.put(question{Ask: "read", Path: path})
	if err != nil {
		return nil, false, err
	}
	if a.Missing {
		h.known.files[path] = nil
		return nil, false, nil
	}
	return h.keep(path, append([]byte{}, body...))
}

func (h *Host) keep(path string, content []byte) ([]byte, bool, error) {
	if err := h.count(path, int64(len(content))); err != nil {
		return nil, false, err
	}
	h.known.files[path] = content
	return content, true, nil
}

// Walk gives every file below a directory; false when it is none.
func (h *Host) Walk(path string) ([]File, bool, error) {
	if known, ok := h.known.walks[path]; ok {
		return known, known != nil, nil
	}
	a, body, err := h.put(question{Ask: "walk", Path: path})
	if err != nil {
		return nil, false, err
	}
	if a.Missing {
		h.known.walks[path] = nil
		return nil, false, nil
	}
	files := make([]File, 0, len(a.Files))
	for _, file := range a.Files {
		if file.Size < 0 || file.Size > int64(len(body)) {
			return nil, false, h.Fail(CodeInvalid, "%s: the walk is cut short", path)
		}
		if err := h.count(file.Path, file.Size); err != nil {
			return nil, false, err
		}
		files = append(files, File{Path: file.Path, Data: body[:file.Size:file.Size]})
		body = body[file.Size:]
	}
	h.known.walks[path] = files
	return files, true, nil
}

// Mount brings something from outside into the tree and gives its path; false for a file that its server does not have.
func (h *Host) Mount(source Source) (string, bool, error) {
	if known, ok := h.known.mounts[source]; ok {
		return known, known != "", nil
	}
	a, _, err := h.put(question{Ask: "mount", Source: &source})
	if err != nil {
		return "", false, err
	}
	if a.Path == "" && !a.Missing {
		return "", false, h.Fail(CodeInvalid, "the host does not say where it mounted %s%s", source.URL, source.Name)
	}
	if a.Missing && source.Kind != "file" {
		return "", false, h.Fail(CodeInvalid, "%s %s%s%s is not there", source.Kind, source.URL, source.Repository, withSlash(source.Name))
	}
	h.known.mounts[source] = a.Path
	return a.Path, a.Path != "", nil
}

// Mounted gives what each mounted path stands for, in the words of the user.
func (h *Host) Mounted() map[string]string {
	shown := map[string]string{}
	for source, path := range h.known.mounts {
		if path == "" {
			continue
		}
		switch source.Kind {
		case "chart":
			shown[path] = source.Repository + withSlash(source.Name)
		default:
			shown[path] = source.URL
		}
	}
	return shown
}

func withSlash(name string) string {
	if name == "" {
		return ""
	}
	return "/" + name
}
