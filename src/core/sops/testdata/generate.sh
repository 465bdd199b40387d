#!/usr/bin/env bash
# Makes every fixture here anew with the real programs: sops, age-keygen, gpg and ssh-keygen must be in PATH.
# The keys are throw-away test keys, published with this repository: never encrypt anything with them.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf keys encrypted decrypted
mkdir -p keys encrypted decrypted
work=$(mktemp -d)
export GNUPGHOME="$work/gnupg" XDG_CONFIG_HOME="$work/config" HOME="$work"
mkdir -m 700 "$GNUPGHOME"
trap 'gpgconf --kill all; rm -rf "$work"' EXIT

for name in one two three; do
  age-keygen -o "keys/$name.agekey" 2>/dev/null
  sed -i '1i # throw-away test key: never encrypt anything with it' "keys/$name.agekey"
done
ssh-keygen -q -t ed25519 -N '' -C throw-away-test-key -f keys/ed25519
ssh-keygen -q -t rsa -b 2048 -N '' -C throw-away-test-key -f keys/rsa
for kind in rsa2048 ed25519; do
  gpg --batch --quiet --passphrase '' --quick-generate-key "throw-away test key $kind" "$kind" default never
  fingerprint=$(gpg --list-keys --with-colons "throw-away test key $kind" | awk -F: '/^fpr/ {print $10; exit}')
  [ "$kind" = rsa2048 ] || gpg --batch --quiet --passphrase '' --quick-add-key "$fingerprint" cv25519 encr never
  [ "$kind" = ed25519 ] || gpg --batch --quiet --passphrase '' --quick-add-key "$fingerprint" rsa2048 encr never
  gpg --batch --armor --export-secret-keys "$fingerprint" >"keys/$kind.asc"
  declare "pgp_$kind=$fingerprint"
done

recipient() { age-keygen -y "keys/$1.agekey"; }
one=$(recipient one) two=$(recipient two) three=$(recipient three)
cat keys/*.agekey >"$work/all.agekey"
export SOPS_AGE_KEY_FILE="$work/all.agekey"

# fixture NAME SOURCE [sops encrypt arguments]
fixture() {
  local name=$1 source=$2
  shift 2
  sops encrypt "$@" "plain/$source" >"encrypted/$name"
  local as=()
  case "$*" in *binary*) as=(--input-type binary --output-type binary) ;; esac
  sops decrypt "${as[@]}" "encrypted/$name" >"decrypted/$name"
}

fixture age.yaml secret.yaml --age "$one"
fixture several-recipients.yaml secret.yaml --age "$one,$two" --pgp "$pgp_rsa2048"
fixture pgp-rsa.yaml secret.yaml --pgp "$pgp_rsa2048"
fixture pgp-ed25519.yaml secret.yaml --pgp "$pgp_ed25519"
SOPS_AGE_SSH_PRIVATE_KEY_FILE=keys/ed25519 fixture ssh-ed25519.yaml secret.yaml --age "$(cat keys/ed25519.pub)"
SOPS_AGE_SSH_PRIVATE_KEY_FILE=keys/rsa fixture ssh-rsa.yaml secret.yaml --age "$(cat keys/rsa.pub)"
fixture encrypted-regex.yaml secret.yaml --age "$one" --encrypted-regex '^(data|stringData)$'
fixture encrypted-regex-flags.yaml secret.yaml --age "$one" --encrypted-regex '(?i)^STRING[[:alpha:]]+$'
fixture unencrypted-regex.yaml secret.yaml --age "$one" --unencrypted-regex '^(apiVersion|kind|metadata)$'
fixture encrypted-suffix.yaml suffixes.yaml --age "$one" --encrypted-suffix _secret
fixture unencrypted-suffix.yaml suffixes.yaml --age "$one" --unencrypted-suffix _open
fixture default-suffix.yaml suffixes.yaml --age "$one"
fixture values.yaml values.yaml --age "$one"
fixture values-unencrypted.yaml values.yaml --age "$one" --encrypted-regex '^nothing$'
fixture documents.yaml documents.yaml --age "$one" --encrypted-regex '^(data|stringData)$'
fixture values.json values.json --age "$one"
fixture settings.env settings.env --age "$one"
fixture picture.bin picture.bin --age "$one" --input-type binary
fixture note.txt note.txt --age "$one" --input-type binary

cat >"$work/.sops.yaml" <<RULES
creation_rules:
  - path_regex: secret\.yaml$
    shamir_threshold: 2
    key_groups:
      - age: [$one]
      - age: [$two]
      - age: [$three]
        pgp: [$pgp_rsa2048]
  - path_regex: comments\.yaml$
    age: $one
    encrypted_comment_regex: sops:encrypt
RULES
SOPS_CONFIG="$work/.sops.yaml" fixture key-groups.yaml secret.yaml
SOPS_CONFIG="$work/.sops.yaml" fixture encrypted-comment-regex.yaml comments.yaml
sed -i 's/encrypted_comment_regex: .*/unencrypted_comment_regex: sops:plain/' "$work/.sops.yaml"
SOPS_CONFIG="$work/.sops.yaml" fixture unencrypted-comment-regex.yaml comments.yaml
cat >"$work/.sops.yaml" <<RULES
creation_rules:
  - age: $one
    encrypted_regex: ^stringData$
    mac_only_encrypted: true
RULES
SOPS_CONFIG="$work/.sops.yaml" fixture mac-only-encrypted.yaml secret.yaml
