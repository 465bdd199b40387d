// Package version passes on upstream's package.
package version

import "upstream.invalid/apimachinery/pkg/version"

type Info = version.Info
