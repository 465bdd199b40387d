package host

import "strings"

const mountsRoot = ".git/mounts/"

// MountOf gives the mount that a path lies in, such as .git/mounts/r.1; the empty string for the render's own tree.
func MountOf(path string) string {
	rest, ok := strings.CutPrefix(path, mountsRoot)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return mountsRoot + name
}
