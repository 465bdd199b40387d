//go:build !wasip1

package engine

import "mooring.dev/render/internal/host"

// Needs a clock or random numbers, which a native process takes from the system: the same inputs would give other bytes each time.
var impure = []string{
	"now", "ago", "date", "dateInZone", "date_in_zone", "htmlDate", "htmlDateInZone",
	"randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "shuffle", "uuidv4", "bcrypt", "htpasswd",
	"genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
	"encryptAES",
}

// templateFunctions hands templates that are not pure to the WebAssembly build, whose clock and randomness the host decides.
func templateFunctions() map[string]any {
	all := map[string]any{}
	for _, name := range impure {
		all[name] = func(...any) (string, error) {
			return "", host.Errorf(host.CodeNotHere, "template function %s is not pure", name)
		}
	}
	return all
}
