// Package engine renders one request with the files of one host.
package engine

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"

	"mooring.dev/render/internal/heap"
	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
)

// Renderer renders one kind of source.
type Renderer func(request []byte, files *host.Host) ([]byte, []host.Document, error)

// Engine holds its renderers by the name that a request gives.
type Engine map[string]Renderer

type head struct {
	Render string      `json:"render"`
	Limits host.Limits `json:"limits"`
}

type reply struct {
	OK        bool            `json:"ok"`
	Documents []host.Document `json:"documents,omitempty"`
	HeapBytes uint64          `json:"heapBytes,omitempty"`
	Error     *host.Error     `json:"error,omitempty"`
}

// Silence keeps the libraries' warnings out of logs: they quote values, which may be secret.
func Silence() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
}

// Render answers a request message. It never fails: what goes wrong is in the reply.
func (e Engine) Render(request []byte, ask func([]byte) ([]byte, error)) []byte {
	body, documents, err := e.render(request, ask)
	answer := reply{OK: err == nil, Documents: documents}
	if err != nil {
		answer.Documents, answer.Error = nil, errorOf(err)
		body = nil
	}
	answer.HeapBytes = heap.Reserved()
	text, err := message.Encode(answer, body)
	if err != nil {
		panic(err)
	}
	return text
}

func (e Engine) render(request []byte, ask func([]byte) ([]byte, error)) (body []byte, documents []host.Document, err error) {
	var files *host.Host
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("the renderer has a bug: %v", failed)
		}
		if err != nil && files != nil && files.Failure() != nil {
			err = files.Failure()
		}
	}()
	var what head
	if _, err := message.Decode(request, &what); err != nil {
		return nil, nil, err
	}
	renderer, ok := e[what.Render]
	if !ok {
		return nil, nil, host.Errorf(host.CodeUnsupported, "%s is not rendered by this engine", what.Render)
	}
	files = host.New(ask, what.Limits)
	return renderer(request, files)
}

func errorOf(err error) *host.Error {
	var known *host.Error
	if errors.As(err, &known) {
		return &host.Error{Code: known.Code, Message: host.Cut(known.Message)}
	}
	return &host.Error{Code: host.CodeInvalid, Message: host.Cut(err.Error())}
}
