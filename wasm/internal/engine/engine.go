// Package engine renders one request with the files of one host.
package engine

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"mooring.dev/render/internal/helm"
	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/kustomize"
	"mooring.dev/render/internal/message"
)

const maxMessageBytes = 4096

type head struct {
	Render string      `json:"render"`
	Limits host.Limits `json:"limits"`
}

type reply struct {
	OK        bool            `json:"ok"`
	Documents []helm.Document `json:"documents,omitempty"`
	HeapBytes uint64          `json:"heapBytes,omitempty"`
	Error     *host.Error     `json:"error,omitempty"`
}

// Renderer renders further kinds of sources, by name.
type Renderer func(request []byte, files *host.Host) ([]byte, error)

// Render answers a request message. It never fails: what goes wrong is in the reply.
func Render(request []byte, ask func([]byte) ([]byte, error), renderers map[string]Renderer) []byte {
	body, documents, err := render(request, ask, renderers)
	answer := reply{OK: err == nil, Documents: documents}
	if err != nil {
		answer.Error = errorOf(err)
		body = nil
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	answer.HeapBytes = memory.Sys
	text, err := message.Encode(answer, body)
	if err != nil {
		panic(err)
	}
	return text
}

func render(request []byte, ask func([]byte) ([]byte, error), renderers map[string]Renderer) (body []byte, documents []helm.Document, err error) {
	var files *host.Host
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("the renderer has a bug: %v", failed)
		}
		if err == nil || files == nil || files.Failure() == nil {
			return
		}
		err = files.Failure()
	}()
	var what head
	if _, err := message.Decode(request, &what); err != nil {
		return nil, nil, err
	}
	files = host.New(ask, what.Limits)
	if what.Render == "helm" {
		return renderHelm(request, files)
	}
	renderer, ok := renderers[what.Render]
	if !ok {
		return nil, nil, host.Errorf(host.CodeUnsupported, "%s is not rendered by this engine", what.Render)
	}
	body, err = renderer(request, files)
	return body, nil, err
}

func renderHelm(request []byte, files *host.Host) ([]byte, []helm.Document, error) {
	var wanted helm.Request
	if _, err := message.Decode(request, &wanted); err != nil {
		return nil, nil, err
	}
	body, documents, err := helm.Template(files, wanted, templateFunctions())
	if err == nil && int64(len(body)) > files.Limits().MaxOutputBytes {
		err = host.Errorf(host.CodeTooLarge, "the rendered manifests take more than the limit of %d bytes; split the application", files.Limits().MaxOutputBytes)
	}
	return body, documents, err
}

// Kustomize is the renderer of kustomizations.
func Kustomize(request []byte, files *host.Host) ([]byte, error) {
	var wanted kustomize.Request
	if _, err := message.Decode(request, &wanted); err != nil {
		return nil, err
	}
	charts := func(chart helm.Request) ([]byte, error) {
		body, _, err := helm.Template(files, chart, templateFunctions())
		return body, err
	}
	return kustomize.Build(files, wanted, charts)
}

func errorOf(err error) *host.Error {
	var known *host.Error
	if errors.As(err, &known) {
		return known
	}
	text := err.Error()
	if len(text) > maxMessageBytes {
		text = strings.ToValidUTF8(text[:maxMessageBytes], "") + "…"
	}
	return &host.Error{Code: host.CodeInvalid, Message: text}
}
