// Package errors answers for a client that is never called.
package errors

func IsNotFound(error) bool { return false }
