// Command native is the engine as a program: messages on stdin and stdout, each behind its length. It opens nothing itself.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"os"
	"runtime/debug"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/jsonnet"
)

const (
	maxMessageBytes = 1 << 30
	// Recursion that a template does not end would otherwise take a gigabyte of stack.
	maxStackBytes = 256 << 20
)

type noNetwork struct{}

func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the renderer has no network")
}

func main() {
	debug.SetMaxStack(maxStackBytes)
	http.DefaultTransport = noNetwork{}
	os.Clearenv()
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriterSize(os.Stdout, 1<<16)
	renderers := map[string]engine.Renderer{"kustomize": engine.Kustomize, "jsonnet": jsonnet.Render}
	for {
		request, err := read(in)
		if err == io.EOF {
			return
		}
		check(err)
		ask := func(question []byte) ([]byte, error) {
			check(write(out, question))
			return read(in)
		}
		check(write(out, engine.Render(request, ask, renderers)))
	}
}

func read(in io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(size[:])
	if length > maxMessageBytes {
		return nil, errors.New("message is too long")
	}
	text := make([]byte, length)
	_, err := io.ReadFull(in, text)
	return text, err
}

func write(out *bufio.Writer, text []byte) error {
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(len(text)))
	if _, err := out.Write(size[:]); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.Flush()
}

func check(err error) {
	if err == nil {
		return
	}
	os.Stderr.WriteString(err.Error() + "\n")
	os.Exit(1)
}
