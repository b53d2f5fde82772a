#!/usr/bin/env bash
# Deploys everything with the Azure CLI. Running it again changes only what differs.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'EOF'
Usage: infra/deploy.sh --group NAME [OPTIONS]

  --group NAME         resource group; made if it is not there
  --location REGION    where to make it (default: westeurope)
  --parameters FILE    parameters (default: infra/main.bicepparam)
  --key CREDENTIAL     read this credential's Clockify API key from stdin and put it into the vault
  --package FILE       deploy this zip instead of building one
  --what-if            show what the deployment would change, and stop
  --dry-run            show the commands, and run none

Sign in first with 'az login'. Example:
  infra/deploy.sh --group clockify --key default < key.txt
EOF
}

fail() {
  echo "deploy.sh: $1" >&2
  exit "${2:-1}"
}

group='' location=westeurope parameters=infra/main.bicepparam credential='' package='' what_if=false dry_run=false
while [ $# -gt 0 ]; do
  case $1 in
    --group|--location|--parameters|--key|--package)
      [ -n "${2:-}" ] || fail "$1 needs a value." 2
      case $1 in
        --group) group=$2 ;;
        --location) location=$2 ;;
        --parameters) parameters=$2 ;;
        --key) credential=$2 ;;
        --package) package=$2 ;;
      esac
      shift 2
      ;;
    --what-if) what_if=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    --help|-h) usage; exit ;;
    *) usage >&2; fail "unknown option '$1'." 2 ;;
  esac
done
[ -n "$group" ] || { usage >&2; fail '--group is missing: name the resource group.' 2; }
[ -f "$parameters" ] || fail "--parameters: there is no file '$parameters'." 2
[ -z "$package" ] || [ -f "$package" ] || fail "--package: there is no file '$package'." 2
[[ -z $credential || $credential =~ ^[a-z0-9]{1,64}$ ]] || fail "--key: '$credential' is no credential name; use 1 to 64 of a-z and 0-9." 2
$dry_run || command -v az >/dev/null || fail "'az' is missing: install the Azure CLI."

# Shows a command as it could be typed. In a dry run that is all.
run() {
  { printf '+'; printf ' %q' "$@"; printf '\n'; } >&2
  $dry_run || "$@"
}

# The same for a command whose output the script needs; a dry run takes the second-best, a name in capitals.
ask() {
  local instead=$1
  shift
  run "$@"
  ! $dry_run || echo "$instead"
}

# The key is read before anything is made, so that nobody waits for a deployment that lacks it.
if [ -n "$credential" ] && ! $dry_run; then
  IFS= read -r key || [ -n "${key:-}" ] || fail '--key: nothing came on stdin; pipe the API key in.'
  key=${key%$'\r'}
  [ -n "$key" ] || fail '--key: the first line on stdin is empty; pipe the API key in.'
fi

if [ -z "${KEY_WRITER_OBJECT_ID+set}" ] && [ -n "$credential" ]; then
  KEY_WRITER_OBJECT_ID=$(ask KEY_WRITER_OBJECT_ID az ad signed-in-user show --query id --output tsv)
  export KEY_WRITER_OBJECT_ID
fi

run az group create --name "$group" --location "$location" --output none
if $what_if; then
  run az deployment group what-if --resource-group "$group" --parameters "$parameters"
  exit
fi
run az deployment group create --resource-group "$group" --name clockify --parameters "$parameters" --output none

output() { ask "$2" az deployment group show --resource-group "$group" --name clockify --query "properties.outputs.$1.value" --output tsv; }
app=$(output appName APP_NAME)
vault=$(output vaultName VAULT_NAME)
console=$(output consoleUrl CONSOLE_URL)

if [ -n "$credential" ]; then
  # From a pipe, because a command line can be read by others. A new role takes a minute or two to be known everywhere.
  echo "+ az keyvault secret set --vault-name $vault --name clockify-$credential --file /dev/stdin --output none" >&2
  if ! $dry_run; then
    tries=0
    until printf '%s' "$key" | az keyvault secret set --vault-name "$vault" --name "clockify-$credential" --file /dev/stdin --output none; do
      tries=$((tries + 1))
      [ $tries -lt 10 ] || fail "the key could not be put into '$vault': see the messages above; the role Key Vault Secrets Officer is needed there, and with privateNetworking a machine inside of that network."
      sleep "${DEPLOY_RETRY_SECONDS:-15}"
    done
  fi
fi

if [ -z "$package" ]; then
  run ./build.sh publish
  package=out/clockify-functions.zip
fi
run az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$package" --output none
# A key that has changed is fetched at the next start.
[ -z "$credential" ] || run az functionapp restart --resource-group "$group" --name "$app" --output none

echo "$console"
