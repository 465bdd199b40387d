// Package runtime has the one type that Helm's release record names.
package runtime

type Object interface{}
