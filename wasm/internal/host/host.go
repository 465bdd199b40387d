// Package host asks the other side for files: the engine itself opens nothing.
package host

import (
	"fmt"

	"mooring.dev/render/internal/message"
)

// Error codes of the product's catalogue that the engine itself gives.
const (
	CodeInvalid     = "RENDER_INVALID"
	CodeTooLarge    = "RENDER_TOO_LARGE"
	CodeUnsupported = "RENDER_UNSUPPORTED"
	// CodeNotHere means that only the WebAssembly build can render this: it needs a clock or keys that a native process cannot fix.
	CodeNotHere = "RENDER_ENGINE_FALLBACK"
)

// Error ends a render. One that the host gave goes back to it unchanged.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an error of the engine's own.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Entry is a name in a directory; links are followed.
type Entry struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// File is one file of a walk, its path relative to the directory that was walked.
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

// Limits of one render.
type Limits struct {
	MaxOutputBytes int64 `json:"maxOutputBytes"`
	MaxFileBytes   int64 `json:"maxFileBytes"`
	MaxTotalBytes  int64 `json:"maxTotalBytes"`
}

// Host answers questions about the tree. A failure ends the render: it is kept, and the first one wins.
type Host struct {
	ask    func(question []byte) ([]byte, error)
	limits Limits
	read   int64
	failed *Error
	links  map[string]string
}

// New makes a host from the function that carries a question to it.
func New(ask func([]byte) ([]byte, error), limits Limits) *Host {
	return &Host{ask: ask, limits: limits, links: map[string]string{}}
}

// Failure is the first error that the host gave; libraries may have wrapped or swallowed it.
func (h *Host) Failure() *Error { return h.failed }

// Limits of this render.
func (h *Host) Limits() Limits { return h.limits }

type question struct {
	Ask    string  `json:"ask"`
	Path   string  `json:"path"`
	Source *Source `json:"source,omitempty"`
}

type answer struct {
	Error   *Error  `json:"error"`
	Missing bool    `json:"missing"`
	Type    string  `json:"type"`
	Path    string  `json:"path"`
	Size    int64   `json:"size"`
	Entries []Entry `json:"entries"`
	Files   []struct {
		Path string `json:"path"`
		Size int64  `json:"size"`
	} `json:"files"`
}

func (h *Host) put(q question) (answer, []byte, error) {
	var a answer
	if h.failed != nil {
		return a, nil, h.failed
	}
	text, err := message.Encode(q)
	if err != nil {
		return a, nil, err
	}
	reply, err := h.ask(text)
	if err != nil {
		return a, nil, h.fail(Errorf(CodeInvalid, "%s: %v", q.Path, err))
	}
	body, err := message.Decode(reply, &a)
	if err != nil {
		return a, nil, h.fail(Errorf(CodeInvalid, "%s: %v", q.Path, err))
	}
	if a.Error != nil {
		return a, nil, h.fail(a.Error)
	}
	return a, body, nil
}

func (h *Host) fail(err *Error) *Error {
	if h.failed == nil {
		h.failed = err
	}
	return h.failed
}

func (h *Host) count(path string, size int64) error {
	if size > h.limits.MaxFileBytes {
		return h.fail(Errorf(CodeTooLarge, "%s: file is larger than the limit of %d bytes", path, h.limits.MaxFileBytes))
	}
	h.read += size
	if h.read > h.limits.MaxTotalBytes {
		return h.fail(Errorf(CodeTooLarge, "%s: the files read are together larger than the limit of %d bytes; split the application", path, h.limits.MaxTotalBytes))
	}
	return nil
}

// Stat gives the type (file, directory, missing) and the path without links.
func (h *Host) Stat(path string) (kind, real string, err error) {
	a, _, err := h.put(question{Ask: "stat", Path: path})
	return a.Type, a.Path, err
}

// List gives the entries of a directory; false when it is none.
func (h *Host) List(path string) ([]Entry, bool, error) {
	a, _, err := h.put(question{Ask: "list", Path: path})
	return a.Entries, !a.Missing, err
}

// Read gives a file's content; false when there is none.
func (h *Host) Read(path string) ([]byte, bool, error) {
	a, body, err := h.put(question{Ask: "read", Path: path})
	if err != nil || a.Missing {
		return nil, false, err
	}
	if err := h.count(path, int64(len(body))); err != nil {
		return nil, false, err
	}
	return append([]byte(nil), body...), true, nil
}

// Walk gives every file below a directory; false when it is none.
func (h *Host) Walk(path string) ([]File, bool, error) {
	a, body, err := h.put(question{Ask: "walk", Path: path})
	if err != nil || a.Missing {
		return nil, false, err
	}
	body = append([]byte(nil), body...)
	files := make([]File, 0, len(a.Files))
	for _, file := range a.Files {
		if file.Size < 0 || file.Size > int64(len(body)) {
			return nil, false, h.fail(Errorf(CodeInvalid, "%s: the walk is cut short", path))
		}
		if err := h.count(file.Path, file.Size); err != nil {
			return nil, false, err
		}
		files = append(files, File{Path: file.Path, Data: body[:file.Size:file.Size]})
		body = body[file.Size:]
	}
	return files, true, nil
}

// Mount brings something from outside into the tree and gives its path.
func (h *Host) Mount(source Source) (string, error) {
	a, _, err := h.put(question{Ask: "mount", Source: &source})
	return a.Path, err
}
