#!/usr/bin/env bash
# Deploys all resources and the app with the Azure CLI. A second run changes only what differs.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'EOF'
Usage: infra/deploy.sh --group NAME [OPTIONS]

  --group NAME         resource group; created if it does not exist
  --location REGION    region of a new resource group (default: westeurope)
  --parameters FILE    parameters (default: infra/main.bicepparam)
  --key CREDENTIAL     read this credential's Clockify API key from stdin and put it into the vault
  --package FILE       deploy this zip instead of building one
  --what-if            create the resource group if it is missing, show what the deployment would change, and stop
  --grant OBJECT_ID    give this service principal the rights that this script needs, and stop; an owner runs this once
  --dry-run            show the commands without running them

Sign in first with 'az login'. Example:
  infra/deploy.sh --group clockify --key default < key.txt

Rights: Contributor on the resource group, and Role Based Access Control Administrator under a condition; '--grant ID --dry-run'
shows the commands that assign them. With --key, the script gives its user the right to write secrets and takes it back at its end.
A service principal that uses --key sets DEPLOYER_OBJECT_ID to its object id.
EOF
}

fail() {
  echo "deploy.sh: $1" >&2
  exit "${2:-1}"
}

group='' location=westeurope parameters=infra/main.bicepparam credential='' package='' grantee='' what_if=false dry_run=false
while [ $# -gt 0 ]; do
  case $1 in
    --group|--location|--parameters|--key|--package|--grant)
      [ -n "${2:-}" ] || fail "$1 needs a value." 2
      case $1 in
        --group) group=$2 ;;
        --location) location=$2 ;;
        --parameters) parameters=$2 ;;
        --key) credential=$2 ;;
        --package) package=$2 ;;
        --grant) grantee=$2 ;;
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
[[ -z $credential || $credential =~ ^[a-z0-9]{1,64}$ ]] || fail "--key: '$credential' is not a credential name; use 1 to 64 of a-z and 0-9." 2
[[ -z $grantee || $grantee =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || fail "--grant: '$grantee' is not an object id; 'az ad sp show --id CLIENT_ID --query id' prints it." 2
$dry_run || command -v az >/dev/null || fail "'az' is missing: install the Azure CLI."

show() { { printf '+'; printf ' %q' "$@"; printf '\n'; } >&2; }

# Prints a command in a form that can be typed, and runs it unless this is a dry run.
run() {
  show "$@"
  $dry_run || "$@"
}

# Like run, for a command whose output the script needs. A dry run continues with a placeholder in capitals.
ask() {
  local instead=$1
  shift
  # 'set -e' does not apply inside $(ask ...).
  run "$@" || return
  ! $dry_run || echo "$instead"
}

# Repeats a command, because a new role takes a minute or two to take effect.
repeat() {
  local message=$1 tries=0
  shift
  until "$@"; do
    tries=$((tries + 1))
    [ $tries -lt 10 ] || fail "$message"
    sleep "${DEPLOY_RETRY_SECONDS:-15}"
  done
}

# Ids of built-in roles. The script assigns the first two for the time of a run, and --grant assigns the last two. The deployment assigns the roles in infra/modules/roles.bicep.
secrets_officer=b86a8fe4-44ce-4948-aee5-eccb2c155cd7
blob_contributor=ba92f5b4-2d11-453d-a403-e96b0029c9fe
contributor=b24988ac-6180-42a0-ab88-20f7382dd24c
role_administrator=f58310d9-a9f6-439a-9e8d-f62e7b41a168

if [ -n "$grantee" ]; then
  assignable=$(sed -nE "s/^var [A-Za-z]+ = '([0-9a-f-]{36})'$/\1/p" infra/modules/roles.bicep | paste -sd, | sed 's/,/, /g')
  condition="((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$assignable}))"
  condition+=" AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {$assignable}))"
  # Registering requires a right on the subscription, which the service principal does not have.
  for provider in Microsoft.App Microsoft.Insights Microsoft.KeyVault Microsoft.ManagedIdentity Microsoft.Network Microsoft.OperationalInsights Microsoft.ServiceBus Microsoft.Storage Microsoft.Web; do
    run az provider register --namespace $provider --output none
  done
  run az group create --name "$group" --location "$location" --output none
  scope=$(ask GROUP_ID az group show --name "$group" --query id --output tsv)
  run az role assignment create --role $contributor --assignee-object-id "$grantee" --assignee-principal-type ServicePrincipal --scope "$scope" --output none
  run az role assignment create --role $role_administrator --assignee-object-id "$grantee" --assignee-principal-type ServicePrincipal --scope "$scope" --condition-version 2.0 --condition "$condition" --output none
  exit
fi

# The script reads the key and builds the package before it changes anything in Azure.
if [ -n "$credential" ] && ! $dry_run; then
  IFS= read -r key || [ -n "${key:-}" ] || fail '--key: stdin is empty; pipe the API key to the script.'
  key=${key%$'\r'}
  [ -n "$key" ] || fail '--key: the first line on stdin is empty; pipe the API key to the script.'
fi
if [ -n "$credential" ]; then
  user_type=$(ask user az account show --query user.type --output tsv)
  case $user_type in
    user) deployer_type=User ;;
    *) deployer_type=ServicePrincipal; [ -n "${DEPLOYER_OBJECT_ID:-}" ] || fail "--key: set DEPLOYER_OBJECT_ID to the object id of the service principal that is signed in." ;;
  esac
  deployer=${DEPLOYER_OBJECT_ID:-$(ask DEPLOYER_OBJECT_ID az ad signed-in-user show --query id --output tsv)}
fi
if [ -z "$package" ] && ! $what_if; then
  run ./build.sh publish
  package=out/clockify-functions.zip
fi

run az group create --name "$group" --location "$location" --output none
if $what_if; then
  run az deployment group what-if --resource-group "$group" --parameters "$parameters"
  exit
fi
run az deployment group create --resource-group "$group" --name clockify --parameters "$parameters" --output none

output() { ask "$2" az deployment group show --resource-group "$group" --name clockify --query "properties.outputs.$1.value" --output tsv; }
app=$(output appName APP_NAME)
console=$(output consoleUrl CONSOLE_URL)
package_account=$(output packageAccountId PACKAGE_ACCOUNT_ID)
package_principal=$(output packagePrincipalId PACKAGE_PRINCIPAL_ID)

lent=()

# Assigns a role to a principal until the end of the script.
lend() {
  local assignment
  assignment=$(ask ASSIGNMENT_ID az role assignment create --role "$1" --assignee-object-id "$2" --assignee-principal-type "$3" --scope "$4" --query id --output tsv)
  lent+=("$assignment")
}

take_back() {
  local status=$?
  if [ ${#lent[@]} -gt 0 ] && ! run az role assignment delete --ids "${lent[@]}"; then
    echo "deploy.sh: these role assignments still exist; remove them: ${lent[*]}" >&2
    [ $status -ne 0 ] || status=1
  fi
  exit $status
}
trap take_back EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "$credential" ]; then
  vault=$(output vaultId VAULT_ID)
  lend $secrets_officer "$deployer" "$deployer_type" "$vault"
  # Pass the key through a pipe, because other users of the machine can read command lines.
  put_key=(az keyvault secret set --vault-name "${vault##*/}" --name "clockify-$credential" --file /dev/stdin --output none)
  show "${put_key[@]}"
  pipe_key() { printf '%s' "$key" | "${put_key[@]}"; }
  $dry_run || repeat "the key was not stored in '${vault##*/}', see the messages above. With privateNetworking, run the script inside the virtual network." pipe_key
fi

# The platform stores an uploaded package with this identity, which can otherwise only read.
lend $blob_contributor "$package_principal" ServicePrincipal "$package_account"
upload=(az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$package" --output none)
show "${upload[@]}"
$dry_run || repeat "the package was not deployed to '$app', see the messages above. With privateNetworking, run the script inside the virtual network." "${upload[@]}"

# The app reads a changed key at its next start.
[ -z "$credential" ] || run az functionapp restart --resource-group "$group" --name "$app" --output none

echo "$console"
