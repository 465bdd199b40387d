// Package rest stands in for the connection to a cluster, which the engine has none of.
package rest

// Config of a connection.
type Config struct{}
