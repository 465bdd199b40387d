package host

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
	stats  map[string]stat
	lists  map[string][]Entry
	files  map[string][]byte
	walks  map[string][]File
	mounts map[Source]string
}

func newAnswers() answers {
	return answers{
		stats:  map[string]stat{},
		lists:  map[string][]Entry{},
		files:  map[string][]byte{},
		walks:  map[string][]File{},
		mounts: map[Source]string{},
	}
}

// Stat gives the type (file, directory, missing) and the path without links.
func (h *Host) Stat(path string) (kind, real string, err error) {
	if known, ok := h.known.stats[path]; ok {
		return known.kind, known.real, nil
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
	a, body, err := h.put(question{Ask: "read", Path: path})
	if err != nil {
		return nil, false, err
	}
	if a.Missing {
		h.known.files[path] = nil
		return nil, false, nil
	}
	if err := h.count(path, int64(len(body))); err != nil {
		return nil, false, err
	}
	content := append([]byte{}, body...)
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
