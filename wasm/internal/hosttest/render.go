package hosttest

import (
	"os"
	"path/filepath"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/host"
	"mooring.dev/render/internal/message"
)

// Render is what an engine answers to one request.
type Render struct {
	Body      string
	Documents []host.Document
	// Error is "" or the code and the message.
	Error string
}

// Files writes a tree: contents by path.
func Files(root string, contents map[string]string) error {
	for name, content := range contents {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Ask puts a request to an engine. Limits are wide unless the request has its own.
func Ask(e engine.Engine, request map[string]any, ask func([]byte) ([]byte, error)) (Render, error) {
	if request["limits"] == nil {
		request["limits"] = host.Limits{MaxOutputBytes: 1 << 20, MaxFileBytes: 1 << 20, MaxTotalBytes: 1 << 22}
	}
	text, err := message.Encode(request)
	if err != nil {
		return Render{}, err
	}
	var head struct {
		Documents []host.Document
		Error     *host.Error
	}
	body, err := message.Decode(e.Render(text, ask), &head)
	if err != nil {
		return Render{}, err
	}
	render := Render{Body: string(body), Documents: head.Documents}
	if head.Error != nil {
		render.Error = head.Error.Code + ": " + head.Error.Message
	}
	return render, nil
}
