// Package kubernetes is empty: the engine talks to no cluster.
package kubernetes
