package kustomize

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"

	"mooring.dev/render/internal/host"
)

// remoteFiles answers the GET requests of Kustomize's loader with files that the host mounts.
type remoteFiles struct{ files *host.Host }

// RoundTrip gives status 404 for what is a repository, or what its server does not have: Kustomize then tries the URL as a repository.
func (r remoteFiles) RoundTrip(request *http.Request) (*http.Response, error) {
	if isRepository(request) {
		return respond(request, http.StatusNotFound, nil), nil
	}
	source := host.Source{Kind: "file", URL: request.URL.String()}
	at, ok, err := r.files.Mount(source)
	if err != nil {
		return nil, err
	}
	if !ok {
		return respond(request, http.StatusNotFound, nil), nil
	}
	content, ok, err := r.files.Read(at)
	if err != nil {
		return nil, err
	}
	if !ok {
		return respond(request, http.StatusNotFound, nil), nil
	}
	return respond(request, http.StatusOK, content), nil
}

func respond(request *http.Request, status int, content []byte) *http.Response {
	return &http.Response{
		Status:        http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{},
		Body:          io.NopCloser(bytes.NewReader(content)),
		ContentLength: int64(len(content)),
		Request:       request,
	}
}

var repositoryHosts = map[string]bool{"github.com": true, "gitlab.com": true, "bitbucket.org": true}

// isRepository knows the URLs that can only mean a repository. Asking for them as a file would give a page for people at best.
func isRepository(request *http.Request) bool {
	address := request.URL
	query := address.Query()
	if query.Has("ref") || query.Has("version") || query.Has("submodules") || query.Has("timeout") {
		return true
	}
	if strings.Contains(address.Path, "//") || strings.HasSuffix(address.Path, ".git") || strings.Contains(address.Path, ".git/") {
		return true
	}
	return repositoryHosts[address.Hostname()] && path.Ext(address.Path) == ""
}
