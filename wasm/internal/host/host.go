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

// Limits of one render, in bytes.
type Limits struct {
	MaxOutputBytes int64 `json:"maxOutputBytes"`
	MaxFileBytes   int64 `json:"maxFileBytes"`
	MaxTotalBytes  int64 `json:"maxTotalBytes"`
}

// Host answers questions about the tree. A failure ends the render: it is kept, and the first one wins.
// What was answered once is not asked again: a tree does not change while it is rendered.
type Host struct {
	ask    func(question []byte) ([]byte, error)
	limits Limits
	read   int64
	failed *Error
	known  answers
}

// New makes a host from the function that carries a question to it.
func New(ask func([]byte) ([]byte, error), limits Limits) *Host {
	return &Host{ask: ask, limits: limits, known: newAnswers()}
}

// Failure is the first error that the host gave; libraries may have wrapped or swallowed it.
func (h *Host) Failure() *Error { return h.failed }

// Limits of this render.
func (h *Host) Limits() Limits { return h.limits }

// Fail ends the render with an error that no library may replace.
func (h *Host) Fail(code, format string, args ...any) *Error {
	return h.fail(Errorf(code, format, args...))
}

func (h *Host) fail(err *Error) *Error {
	if h.failed == nil {
		h.failed = err
	}
	return h.failed
}

type question struct {
	Ask    string   `json:"ask"`
	Path   string   `json:"path,omitempty"`
	Paths  []string `json:"paths,omitempty"`
	Source *Source  `json:"source,omitempty"`
}

type answer struct {
	Error   *Error  `json:"error"`
	Missing bool    `json:"missing"`
	Type    string  `json:"type"`
	Path    string  `json:"path"`
	Size    int64   `json:"size"`
	Entries []Entry `json:"entries"`
	Found   []struct {
		Error *Error `json:"error"`
		Type  string `json:"type"`
		Path  string `json:"path"`
		Size  int64  `json:"size"`
	} `json:"found"`
	Files []struct {
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
		return a, nil, h.Fail(CodeInvalid, "%s: %v", q.Path, err)
	}
	body, err := message.Decode(reply, &a)
	if err != nil {
		return a, nil, h.Fail(CodeInvalid, "%s: %v", q.Path, err)
	}
	if a.Error != nil {
		return a, nil, h.fail(a.Error)
	}
	return a, body, nil
}

func (h *Host) count(path string, size int64) error {
	if size > h.limits.MaxFileBytes {
		return h.Fail(CodeTooLarge, "%s: file is larger than the limit of %d bytes", path, h.limits.MaxFileBytes)
	}
	h.read += size
	if h.read > h.limits.MaxTotalBytes {
		return h.Fail(CodeTooLarge, "%s: the files read are together larger than the limit of %d bytes; split the application", path, h.limits.MaxTotalBytes)
	}
	return nil
}
