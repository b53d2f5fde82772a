#!/usr/bin/env bash
# Builds, tests, measures and publishes the app, locally and in CI. Without arguments it prints its commands.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

configuration=Release
localhost=ClockifyFunctions.LocalHost/bin/$configuration/net10.0/ClockifyFunctions.LocalHost
tests=ClockifyFunctions.Tests/bin/$configuration/net10.0/ClockifyFunctions.Tests
simulation_tests=ClockifyFunctions.SimulationTests/bin/$configuration/net10.0/ClockifyFunctions.SimulationTests

usage() {
  cat <<'EOF'
Usage: ./build.sh COMMAND [OPTIONS]

  demo     send sample records through the whole local stack   (--published, --records N|FILE, --json FILE;
           --agency [FOLDER]: import the file of an agency and compare the workspace with the expectation, --times N)
  start    run the local stack until Ctrl+C                    (--published; real services: --service-bus, --storage, --func)
           or one part only                                    (--only-bus [--queue NAME,PROPERTY,...], --only-clockify)
  plan     show what a file would do to a destination           (DESTINATION FILE; --run, --json FILE; KEY and API in the environment)
  test     build with format checks, publish, all tests         (--fast: no publish, and no test that starts a process;
           --filter CATEGORY: the tests of one category, for example security or bench; other options go to the test runner)
  bench    measure NAME, or all of speed and scale             (--json FILE; without a name: list the names)
  publish  package for Azure in out/clockify-functions.zip
  build    compile everything
  feed     check again whether the package feed has the Service Bus trigger (result in out/feed.props)
  locks    write the packages.lock.json files again, after a package changed
  sbom     write the component lists (SBOM) of the package into FOLDER; publish does this too
  format   format the sources
EOF
}

need() {
  command -v "$1" >/dev/null || { echo "build.sh: '$1' is missing: $2" >&2; exit 1; }
}

azurite() {
  need node 'install Node.js 20 or later.'
  local folder=ClockifyFunctions.LocalHost
  if [ ! -d "$folder/node_modules" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    echo "Installing Azurite ..."
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
}

# Builds the page of the console, which the app embeds, if a source is newer than the output.
console() {
  need node 'install Node.js 20 or later.'
  local folder=ClockifyFunctions/WebConsole
  if [ ! -d "$folder/node_modules" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
  if [ ! -e "$folder/dist/index.html.br" ] || [ -n "$(find "$folder" -path "$folder/node_modules" -prune -o -path "$folder/dist" -prune -o -type f -newer "$folder/dist/index.html.br" ! -name '*.cs' -print -quit)" ]; then
    (cd "$folder" && npm run --silent build)
  fi
}

# Installs a Debian package for a program that only some tests or measurements need. Without the program they are skipped with a message.
optional() { # program, package, reason
  if ! command -v "$1" >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the Debian package $2: $3" >&2
    # Do not start services that the package contains.
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 timeout 300 apt-get install -y -qq --no-install-recommends "$2" >/dev/null; } || true
  fi
}

# The browser tests run in Debian's chromium; without it they are skipped with a message.
browser() {
  optional chromium chromium 'the browser tests of the console run in it.'
  local folder=ClockifyFunctions.Tests/Browser/driver
  if [ ! -d "$folder/node_modules" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
}

# Finds out whether the package feed has the official Service Bus trigger, and writes the answer to out/feed.props, which every build reads.
feed() {
  [ ! -e out/feed.props ] || return 0
  local trigger=package log
  mkdir -p out/feed
  cat >out/feed/feed.csproj <<'EOF'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><RestorePackagesWithLockFile>false</RestorePackagesWithLockFile></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.ServiceBus" /></ItemGroup>
</Project>
EOF
  log=$(dotnet restore out/feed/feed.csproj --verbosity quiet 2>&1) || trigger=fallback
  # NU1101: no source has the package. NU1102: none has this version. Any other error means that the feed failed, so it is unknown whether it has the package.
  if [ $trigger = fallback ] && ! grep -qE 'NU110[12].*Extensions\.ServiceBus' <<<"$log"; then
    printf '%s\n' "$log" "build.sh: the package feed cannot be read." >&2
    exit 1
  fi
  printf '<Project>\n  <PropertyGroup>\n    <ServiceBusTrigger>%s</ServiceBusTrigger>\n  </PropertyGroup>\n</Project>\n' $trigger >out/feed.props
  if [ $trigger = package ]; then
    echo "Service Bus trigger: the official package."
  else
    echo "Service Bus trigger: the stand-in in ClockifyFunctions.ServiceBusFallback, because the package feed does not have the official package."
  fi
}

build() {
  need dotnet 'install the .NET SDK 10.'
  console
  feed
  dotnet build --configuration $configuration --verbosity quiet
}

# Writes the lists of components (CycloneDX) of a published folder: the NuGet packages of the app, and the npm packages of the console, with the build tools marked.
sbom() {
  mkdir -p "$1/sbom"
  dotnet tool restore --verbosity quiet >/dev/null
  # The publish has created project.assets.json, which lists exactly the published packages.
  dotnet tool run dotnet-CycloneDX ClockifyFunctions/ClockifyFunctions.csproj --disable-package-restore --output "$1/sbom" --filename app.cdx.json --output-format Json >/dev/null
  (cd ClockifyFunctions/WebConsole && npm sbom --sbom-format cyclonedx --package-lock-only) >"$1/sbom/console.cdx.json"
}

# Publishes the app into out/publish in the form that runs in Azure (compiled ahead of time for linux-x64, framework-dependent). Tests and benchmarks use it too.
# The arguments are further options of dotnet publish.
publish_folder() {
  need dotnet 'install the .NET SDK 10.'
  console
  feed
  rm -rf out/publish
  dotnet publish ClockifyFunctions --configuration $configuration --runtime linux-x64 --output out/publish --verbosity quiet "$@"
  rm -f out/publish/*.pdb out/publish/.azurefunctions/*.pdb
}

# Creates the package for Azure. The Functions host needs its part of the Service Bus extension, which only the official package contains.
publish() {
  need dotnet 'install the .NET SDK 10.'
  local zip=out/clockify-functions.zip
  rm -f $zip
  feed
  if ! grep -q '>package<' out/feed.props; then
    cat >&2 <<'EOF'
build.sh: there is no package for Azure, because the package Microsoft.Azure.Functions.Worker.Extensions.ServiceBus is missing from the package feed.
  With the stand-in the app runs locally, but the Functions host in Azure would not know the trigger 'serviceBusTrigger' and would not call the functions.
  Add a feed that has the package, run './build.sh feed', then './build.sh publish'.
EOF
    exit 1
  fi
  publish_folder
  if ! grep -q 'ServiceBus' out/publish/extensions.json; then
    echo "build.sh: out/publish/extensions.json does not contain the host part of the Service Bus extension." >&2
    exit 1
  fi
  sbom out/publish
  dotnet msbuild ClockifyFunctions -target:ZipPackage -property:PackageFolder="$PWD/out/publish" -property:ZipFile="$PWD/$zip" -verbosity:quiet
  echo "$zip: $(du -h $zip | cut -f1), unpacked $(du -sh out/publish | cut -f1)"
}

# The build checks the layout of C# (IDE0055). This checks the rest: the order of imports, line ends and character sets. It runs beside the build.
check_format() {
  dotnet format whitespace . --folder --verify-no-changes --exclude '**/node_modules/**' '**/bin/**' '**/obj/**' out/
  dotnet format style --diagnostics IMPORTS --severity error --verify-no-changes --no-restore
}

build_and_check() {
  local log status=0
  log=$(mktemp)
  dotnet restore --verbosity quiet
  check_format >"$log" 2>&1 &
  local checking=$!
  build
  wait $checking || status=$?
  cat "$log"
  rm -f "$log"
  return $status
}

# Runs the tests that the arguments select, and ends with the line "N passed, N failed, N skipped".
run_tests() {
  local logs status=0
  logs=$(mktemp -d)
  # Most code of tests, and of the processes that they start, runs too briefly to gain from profiles. Without them it needs a third less processor time.
  export DOTNET_TieredPGO=0
  # The simulation tests use one processor and need no other process, so they run beside the publish and the other tests.
  "$simulation_tests" -noColor "$@" >"$logs/simulation-tests" 2>&1 &
  local simulating=$!
  # The build has already run the analyzers.
  [ -n "$fast" ] || publish_folder --property:RunAnalyzers=false
  # Tests that start processes mostly wait for them, so run more tests in parallel than there are processors.
  "$tests" -noColor -maxThreads 4 "$@" | tee "$logs/tests" || status=$?
  wait $simulating || status=$?
  cat "$logs/simulation-tests"
  # Print the names of failed tests directly above the last line, so that an excerpt of the output shows them.
  grep -ah ' \[FAIL\]$' "$logs"/* || true
  sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$logs"/* | awk '
    { summaries++; passed += $1 - $2 - $3 - $4 - $5; failed += $2 + $3; skipped += $4 }
    END {
      if (summaries != 2) { print "build.sh: a test run printed no summary" > "/dev/stderr"; exit 1 }
      print passed " passed, " failed " failed, " skipped " skipped"
    }' || status=1
  rm -rf "$logs"
  return $status
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  demo|start)
    case " $* " in *' --only-'*|*' --storage '*) ;; *) azurite ;; esac
    case " $* " in *' --published '*) publish_folder ;; esac
    build
    exec "$localhost" "$command" "$@"
    ;;
  plan)
    build
    exec "$localhost" plan "$@"
    ;;
  test)
    options=() fast=
    while [ $# -gt 0 ]; do
      case $1 in
        --fast) fast=yes options+=(-trait- Category=process) ;;
        --filter)
          [ $# -gt 1 ] || { echo "build.sh: --filter needs a category, for example security" >&2; exit 2; }
          options+=(-trait "Category=$2")
          # Benchmarks run only on request.
          [ "$2" != bench ] || options+=(-explicit on)
          shift
          ;;
        *) options+=("$1") ;;
      esac
      shift
    done
    feed
    [ -n "$fast" ] || { azurite && browser; }
    if command -v shellcheck >/dev/null; then shellcheck build.sh infra/deploy.sh; fi
    if [ -n "$fast" ]; then build; else build_and_check; fi
    run_tests "${options[@]}"
    ;;
  bench)
    azurite
    # For processes with different clocks. Without it the benchmark reports that the row was not run.
    optional faketime faketime 'one measurement runs two processes with different clocks.'
    build
    publish_folder
    case ${1:-} in coldstart|all) dotnet publish ClockifyFunctions.Benchmarks/ColdStart/TemplateWorker --configuration $configuration --runtime linux-x64 --output out/template-worker --verbosity quiet ;; esac
    exec ClockifyFunctions.Benchmarks/bin/$configuration/net10.0/ClockifyFunctions.Benchmarks "$@"
    ;;
  publish) publish ;;
  feed)
    need dotnet 'install the .NET SDK 10.'
    rm -f out/feed.props
    feed
    ;;
  build) build ;;
  sbom) sbom "${1:?build.sh: sbom needs a folder}" ;;
  locks) need dotnet 'install the .NET SDK 10.' && dotnet restore --force-evaluate ;;
  format) dotnet format ;;
  *)
    usage
    [ -z "$command" ] || { echo "build.sh: unknown command '$command'" >&2; exit 2; }
    ;;
esac
