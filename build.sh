#!/usr/bin/env bash
# The one command, locally and in CI. Without arguments it says what it can do.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

configuration=Release
localhost=ClockifyFunctions.LocalHost/bin/$configuration/net10.0/ClockifyFunctions.LocalHost
tests=ClockifyFunctions.Tests/bin/$configuration/net10.0/ClockifyFunctions.Tests

usage() {
  cat <<'EOF'
Usage: ./build.sh COMMAND [OPTIONS]

  demo     send sample records through the whole local stack   (--aot, --records N|FILE, --json FILE)
  start    run the local stack until Ctrl+C                    (--aot; real parts: --service-bus, --storage, --func)
           or one part alone                                   (--only-bus [--queue NAME,PROPERTY,...], --only-clockify)
  test     format check, build, publish, all tests             (--fast: no publish, and no test that starts a process;
           --filter CATEGORY: the tests of one category, for example security or bench; other options go to the test runner)
  bench    measure NAME, or all of speed and scale             (--json FILE; without a name: what there is)
  publish  package for Azure in out/clockify-functions.zip     (--portable: needs .NET 10 where it runs)
  build    compile everything
  locks    write the packages.lock.json files anew, after a package changed
  sbom     write the lists of the package's components into FOLDER; publish does this
  format   bring the sources into shape
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

# The console page, which the app embeds; built when a source is newer than the output.
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

# Installs a Debian package for a program that only some tests or measurements need. Without the program they are skipped, and they say so.
optional() { # program, package, what needs it
  if ! command -v "$1" >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the Debian package $2: $3" >&2
    # Without starting services that come with it.
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 timeout 300 apt-get install -y -qq --no-install-recommends "$2" >/dev/null; } || true
  fi
}

# The browser tests run in Debian's chromium; without it they are skipped, and say so.
browser() {
  optional chromium chromium 'the browser tests of the console run in it.'
  local folder=ClockifyFunctions.Tests/Browser/driver
  if [ ! -d "$folder/node_modules" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  fi
}

build() {
  need dotnet 'install the .NET SDK 10.'
  console
  dotnet build --configuration $configuration --verbosity quiet
}

# Native AOT links with the platform's C compiler and zlib.
linker() {
  if ! command -v clang >/dev/null && ! command -v gcc >/dev/null || [ ! -e /usr/include/zlib.h ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo 'Installing the Debian packages gcc and zlib1g-dev: Native AOT links with a C compiler and zlib.' >&2
      apt-get update -qq && apt-get install -y -qq gcc zlib1g-dev >/dev/null
    else
      echo "build.sh: Native AOT needs a C compiler and zlib: install gcc and zlib1g-dev (Debian's names)." >&2
      exit 1
    fi
  fi
}

# Writes the lists of components (CycloneDX) of a published folder: the NuGet packages of the app, and the npm packages of the console, build tools included and marked.
sbom() {
  mkdir -p "$1/sbom"
  dotnet tool restore --verbosity quiet >/dev/null
  # The publish just made project.assets.json; it names exactly what was published.
  dotnet tool run dotnet-CycloneDX ClockifyFunctions/ClockifyFunctions.csproj --disable-package-restore --output "$1/sbom" --filename app.cdx.json --output-format Json >/dev/null
  (cd ClockifyFunctions/WebConsole && npm sbom --sbom-format cyclonedx --package-lock-only) >"$1/sbom/console.cdx.json"
}

# --portable makes the framework-dependent variant: any platform, but dotnet must be there and it starts more slowly.
publish() {
  need dotnet 'install the .NET SDK 10.'
  console
  local folder=out/publish zip=out/clockify-functions.zip
  [ "${1:-}" != --portable ] || { folder=out/portable zip=out/clockify-functions-portable.zip; }
  rm -rf $folder $zip
  if [ "${1:-}" = --portable ]; then
    dotnet build ClockifyFunctions --configuration $configuration --verbosity quiet
    dotnet publish ClockifyFunctions --configuration $configuration --no-build --output $folder --verbosity quiet -p:PublishAot=false -p:UseAppHost=false
    sed -i 's|"defaultExecutablePath": "ClockifyFunctions"|"defaultExecutablePath": "dotnet", "arguments": [ "ClockifyFunctions.dll" ]|' $folder/host.json
  else
    linker
    dotnet publish ClockifyFunctions --configuration $configuration --runtime linux-x64 --output $folder --verbosity quiet
  fi
  rm -f $folder/*.dbg $folder/*.pdb $folder/web.config
  sbom $folder
  dotnet msbuild ClockifyFunctions -target:ZipScriptRoot -property:ScriptRoot="$PWD/$folder" -property:ZipFile="$PWD/$zip" -verbosity:quiet
  echo "$zip: $(du -h $zip | cut -f1), unpacked $(du -sh $folder | cut -f1), first answer $(startup $folder) ms after its start"
}

# Milliseconds from the start of the process to its first answer, the best of five; './build.sh bench coldstart' measures properly.
startup() {
  local best='' port started answer took pid program=(./ClockifyFunctions)
  [ -x "$1/ClockifyFunctions" ] || program=(dotnet ClockifyFunctions.dll)
  # Not from the range that outgoing connections use: one that tries again and again would in the end connect to itself.
  for port in 27101 27102 27103 27104 27105; do
    started=$(date +%s%N)
    (cd "$1" && FUNCTIONS_CUSTOMHANDLER_PORT=$port ServiceBusConnection='Endpoint=sb://127.0.0.1;UseDevelopmentEmulator=true' StorageConnection=UseDevelopmentStorage=true exec "${program[@]}") >/dev/null 2>&1 &
    pid=$!
    answer=''
    while [ -z "$answer" ] && kill -0 $pid 2>/dev/null; do
      { printf 'GET / HTTP/1.0\r\n\r\n' >&3 && IFS= read -r answer <&3; } 3<>/dev/tcp/127.0.0.1/$port || true
    done 2>/dev/null
    took=$((($(date +%s%N) - started) / 1000000))
    { kill -9 $pid && wait $pid; } 2>/dev/null || true
    [ -n "$answer" ] || { echo "build.sh: the program in $1 ended before it answered" >&2; return 1; }
    [ -n "$best" ] && [ "$best" -le $took ] || best=$took
  done
  echo "$best"
}

# The build itself refuses what breaks a rule of style. This checks what it does not look at: white space and the order of imports.
check_format() {
  dotnet format whitespace . --folder --verify-no-changes --exclude '**/node_modules/**' '**/bin/**' '**/obj/**' out/
  dotnet format style --diagnostics IMPORTS --severity error --verify-no-changes --no-restore
}

# Builds, and checks the format meanwhile.
build_and_check() {
  local log status=0
  log=$(mktemp)
  dotnet restore --verbosity quiet
  check_format >"$log" 2>&1 &
  local checking=$!
  if command -v shellcheck >/dev/null; then shellcheck build.sh infra/deploy.sh; fi
  build
  wait $checking || status=$?
  cat "$log"
  rm -f "$log"
  return $status
}

# Runs the tests that the arguments choose, and ends with the line "N passed, N failed, N skipped".
run_tests() {
  local log status=0
  log=$(mktemp)
  # Most tests that start processes wait for them, so more of them than processors run at a time.
  "$tests" -noColor -maxThreads 4 "$@" | tee "$log" || status=$?
  sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1 | {
    read -r total errors failed skipped left || { echo "build.sh: the test run printed no summary" >&2; exit 1; }
    echo "$((total - errors - failed - skipped - left)) passed, $((errors + failed)) failed, $skipped skipped"
  }
  rm -f "$log"
  return $status
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  demo|start)
    case " $* " in *' --only-'*|*' --storage '*) ;; *) azurite ;; esac
    case " $* " in *' --aot '*) publish ;; esac
    build
    exec "$localhost" "$command" "$@"
    ;;
  test)
    options=() fast=
    while [ $# -gt 0 ]; do
      case $1 in
        --fast) fast=yes options+=(-trait- Category=process) ;;
        --filter)
          [ $# -gt 1 ] || { echo "build.sh: --filter needs a category, for example security" >&2; exit 2; }
          options+=(-trait "Category=$2")
          # Benchmarks run only when they are asked for.
          [ "$2" != bench ] || options+=(-explicit on)
          shift
          ;;
        *) options+=("$1") ;;
      esac
      shift
    done
    [ -n "$fast" ] || { azurite && browser; }
    build_and_check
    [ -n "$fast" ] || { publish && publish --portable; }
    run_tests "${options[@]}"
    ;;
  bench)
    azurite
    # For processes whose clocks differ; without it that row is left out, and says so.
    optional faketime faketime 'one measurement runs two processes with different clocks.'
    case ${1:-} in coldstart|all) publish --portable ;; esac
    build
    publish
    exec ClockifyFunctions.Benchmarks/bin/$configuration/net10.0/ClockifyFunctions.Benchmarks "$@"
    ;;
  publish) publish "$@" ;;
  build) build ;;
  sbom) sbom "${1:?build.sh: sbom needs a folder}" ;;
  locks) need dotnet 'install the .NET SDK 10.' && dotnet restore --force-evaluate ;;
  format) dotnet format ;;
  *)
    usage
    [ -z "$command" ] || { echo "build.sh: unknown command '$command'" >&2; exit 2; }
    ;;
esac
