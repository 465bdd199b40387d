package kustomize

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// remote is a reference to something outside of the tree.
type remote struct {
	file     bool
	url      string
	revision string
	path     string
}

var scpLike = regexp.MustCompile(`^[a-zA-Z0-9_.-]+@[a-zA-Z0-9.-]+[:/]`)

// parseRemote reads a resource entry as Kustomize does: a Git URL with `//` or a well-known host's two path segments before the
// directory, and `?ref=`; or a file over HTTP. False for a path of the tree.
func parseRemote(entry string) (remote, bool) {
	text := strings.TrimPrefix(entry, "git::")
	isHTTP := strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
	isSSH := strings.HasPrefix(text, "ssh://") || scpLike.MatchString(text)
	known := strings.HasPrefix(text, "github.com/") || strings.HasPrefix(text, "github.com:")
	if !isHTTP && !isSSH && !known && !strings.HasPrefix(text, "file://") && text == entry {
		return remote{}, false
	}
	bare, query, _ := strings.Cut(text, "?")
	revision, isGit := revisionOf(query)
	if isHTTP && !isGit && !strings.Contains(afterScheme(bare), "//") && !strings.Contains(bare, ".git") && hasManifestSuffix(bare) {
		return remote{file: true, url: text}, true
	}
	if known {
		bare = "https://" + strings.Replace(bare, "github.com:", "github.com/", 1)
	}
	repository, dir := splitRepository(bare)
	return remote{url: repository, revision: revision, path: dir}, true
}

func revisionOf(query string) (string, bool) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", false
	}
	for _, name := range []string{"ref", "version"} {
		if values.Has(name) {
			return values.Get(name), true
		}
	}
	return "", values.Has("timeout") || values.Has("submodules")
}

func hasManifestSuffix(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

func afterScheme(text string) string {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		return text
	}
	return rest
}

// splitRepository parts the URL of a repository from the directory inside of it.
func splitRepository(text string) (repository, dir string) {
	scheme := ""
	rest := text
	if before, after, found := strings.Cut(text, "://"); found {
		scheme, rest = before+"://", after
	}
	if before, after, found := strings.Cut(rest, "//"); found {
		return scheme + strings.TrimSuffix(before, "/"), after
	}
	if at := strings.Index(rest, ".git/"); at >= 0 {
		return scheme + rest[:at+len(".git")], rest[at+len(".git/"):]
	}
	if strings.HasSuffix(rest, ".git") || scheme == "file://" {
		return scheme + rest, ""
	}
	parts := strings.SplitN(rest, "/", 4)
	if scheme == "" {
		// user@host:org/repository/dir
		parts = strings.SplitN(rest, "/", 3)
		if len(parts) < 3 {
			return rest, ""
		}
		return parts[0] + "/" + parts[1], parts[2]
	}
	if len(parts) < 4 {
		return scheme + rest, ""
	}
	return scheme + strings.Join(parts[:3], "/"), parts[3]
}
