// Package version passes on upstream's package.
package version

import "upstream.invalid/apimachinery/pkg/util/version"

type Version = version.Version

var ParseGeneric = version.ParseGeneric
